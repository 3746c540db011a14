/** `sonotag merge`: the feature files of a data set's shards as one. */
import { Command } from 'commander';
import { jsonOption } from '../options.ts';

export function mergeCommand(): Command {
  return new Command('merge')
    .description('put the feature files of all shards of a data set together')
    .argument('<files...>', 'one for each shard, as "features --shard i/N" wrote them')
    .requiredOption('--out <file>', 'HDF5 file; what is there is replaced')
    .addOption(jsonOption())
    .action(async (files: string[], { out, json }: { out: string; json?: true }) => {
      const { mergeFeatures } = await import('../../features/mergeFeatures.ts');
      const clips = await mergeFeatures(files, out);
      process.stdout.write(
        json
          ? `${JSON.stringify({ path: out, clips, files }, null, 2)}\n`
          : `${out}: ${clips} clips of ${files.length} files\n`,
      );
    });
}
