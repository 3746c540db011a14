/** `sonotag tag`: what a trained tagger hears in audio files. */
import { Command, Option } from 'commander';
import type { SkippedClip } from '../../../datasets/index.ts';
import { InputError } from '../../errors.ts';
import type { TagProbability } from '../../models/tagWaveform.ts';
import { describeEngine, describeSkipped } from '../describe.ts';
import {
  engineOption,
  expectedRateOption,
  jsonOption,
  modelOption,
  seedOption,
  threadsOption,
  wholeNumber,
} from '../options.ts';
import { printable } from '../printable.ts';
import { terminalReporter } from '../terminalReporter.ts';
import { terminalWidth, wrapText } from '../wrapText.ts';

interface TagOptions {
  model: string;
  engine: 'auto' | 'tensorflow' | 'webgpu' | 'wasm' | 'cpu';
  threads?: number;
  top: number;
  windows: 'first' | 'all';
  overTime?: true;
  json?: true;
  sampleRate?: number;
}

/** A file's tags; with `--over-time` also window by window. */
interface TaggedFile {
  path: string;
  tags: TagProbability[];
  overTime?: { seconds: number; tags: TagProbability[] }[];
}

export function tagCommand(): Command {
  return new Command('tag')
    .description('tag audio files with a trained model')
    .argument('<file...>', 'WAV, AU, MP3, FLAC, Ogg Vorbis, Opus; others where ffmpeg is installed')
    .addOption(modelOption())
    .addOption(new Option('--top <n>', 'tags to print').argParser(wholeNumber(1)).default(5))
    .addOption(
      new Option('--windows <which>', "the model's input length from the start, or the mean over the file")
        .choices(['first', 'all'])
        .default('all'),
    )
    .option('--over-time', 'also print the tags window by window (a taggram)')
    .addOption(engineOption())
    .addOption(threadsOption())
    .addOption(seedOption())
    .addOption(expectedRateOption())
    .addOption(jsonOption())
    .action(async (files: string[], options: TagOptions) => {
      // loaded here, so that --help need not wait for TensorFlow.js
      const [{ useEngine }, { loadModel }, { tagFiles }] = await Promise.all([
        import('../../engine/engine.ts'),
        import('../loadModel.ts'),
        import('../tagFiles.ts'),
      ]);
      const reporter = terminalReporter();
      const engine = await useEngine(options.engine, { threads: options.threads });
      reporter.line(describeEngine(engine));
      const tagger = await loadModel(options.model, options.sampleRate);
      const { top, windows, overTime = false } = options;
      const { tagged, skipped } = await tagFiles(tagger, files, { top, windows, overTime }, reporter);
      if (tagged.length === 0 && skipped.length === 1) throw new InputError(skipped[0].reason);
      process.stderr.write(describeSkipped(skipped));
      if (tagged.length === 0) {
        throw new InputError(
          `none of the ${files.length} files can be tagged; the reasons are listed above.`,
        );
      }
      process.stdout.write(
        options.json ? `${JSON.stringify(tagged, null, 2)}\n` : tagged.map(describeFile).join('\n'),
      );
      process.exitCode = skipped.length > 0 ? 1 : 0;
    });
}

export type TagFilesResult = { tagged: TaggedFile[]; skipped: SkippedClip[] };

const barWidth = 20;
const overTimeIndent = ' '.repeat(14);

function describeFile({ path, tags, overTime }: TaggedFile): string {
  const width = Math.max(...tags.map(({ tag }) => tag.length));
  const lines = tags.map(({ tag, probability }) => {
    const bar = '█'.repeat(Math.round(probability * barWidth)).padEnd(barWidth, '░');
    return `  ${tag.padEnd(width)}  ${bar}  ${probability.toFixed(3)}`;
  });
  const windows = (overTime ?? []).map(({ seconds, tags: heard }) => {
    const list = heard.map(({ tag, probability }) => `${tag} ${probability.toFixed(2)}`).join(', ');
    const [first, ...rest] = wrapText(list, terminalWidth - overTimeIndent.length);
    return [
      `  ${seconds.toFixed(2).padStart(8)} s  ${first}`,
      ...rest.map((line) => overTimeIndent + line),
    ].join('\n');
  });
  return `${[printable(path), ...lines, ...windows].join('\n')}\n`;
}
