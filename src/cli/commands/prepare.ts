/** `sonotag prepare`: recordings decoded, mixed and resampled once, into a store that the other commands read. */
import { setFlagsFromString } from 'node:v8';
import { Command, Option } from 'commander';
import type { PreparedStore } from '../../store/prepareStore.ts';
import { describeSkipped } from '../describe.ts';
import { dataOption, jsonOption, seedOption, wholeNumber } from '../options.ts';
import { terminalReporter } from '../terminalReporter.ts';

interface PrepareOptions {
  data: string;
  sampleRate: number;
  out: string;
  format: 'int16' | 'float32';
  shardClips: number;
  threads?: number;
  seed: number;
  json?: true;
}

export function prepareCommand(): Command {
  return new Command('prepare')
    .description('decode, mix down and resample recordings once, into a store: HDF5 files to read at once')
    .addOption(dataOption())
    .addOption(
      new Option('--sample-rate <hz>', 'of the samples: that of the models they are for')
        .argParser(wholeNumber(1000))
        .makeOptionMandatory(),
    )
    .requiredOption('--out <folder>', 'the store; one that was broken off is gone on with')
    .addOption(
      new Option('--format <what>', 'int16: half the room; float32: every bit, as from the files')
        .choices(['int16', 'float32'])
        .default('int16'),
    )
    .addOption(
      new Option('--shard-clips <n>', 'clips in a file; so many are lost at most when broken off')
        .argParser(wholeNumber(1))
        .default(512),
    )
    .addOption(
      new Option('--threads <n>', 'decoding threads; no effect on the result (default: all)').argParser(
        wholeNumber(1),
      ),
    )
    .addOption(seedOption())
    .addOption(jsonOption())
    .action(async ({ data, sampleRate, out, format, shardClips, threads, seed, json }: PrepareOptions) => {
      const [{ prepareStore }, { listDataset }] = await Promise.all([
        import('../../store/prepareStore.ts'),
        import('../../../datasets/index.ts'),
      ]);
      // V8 would let what each clip leaves behind grow to three times the listing: 560 MB for 100,000 clips, with this 380
      setFlagsFromString('--heap-growing-percent=20');
      const reporter = terminalReporter();
      const dataset = await listDataset(data, { seed, unlabelled: true });
      const start = performance.now();
      const options = { sampleRate, encoding: format, shardClips, threads, reporter };
      const prepared = await prepareStore(dataset, out, options);
      const took = Number(((performance.now() - start) / 1000).toFixed(3));
      process.stderr.write(describeSkipped(prepared.skipped));
      process.stdout.write(
        json ? `${JSON.stringify({ data, took, ...prepared }, null, 2)}\n` : describeStore(prepared, took),
      );
      process.exitCode = prepared.skipped.length > 0 ? 1 : 0;
    });
}

function describeStore(
  { path, clips, seconds, bytes, clipped, resumed }: PreparedStore,
  took: number,
): string {
  const lines = [
    `${path}: ${clips} clips, ${(seconds / 60).toFixed(1)} min, ${(bytes / 1e6).toFixed(1)} MB in ${took.toFixed(1)} s`,
  ];
  if (resumed > 0) lines.push(`${resumed} clips were there already`);
  if (clipped > 0) {
    lines.push(
      `${clipped} samples passed full scale and were set to it; --format float32 keeps them as they are`,
    );
  }
  return `${lines.join('\n')}\n`;
}
