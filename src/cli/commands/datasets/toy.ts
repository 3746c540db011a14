/** `sonotag datasets toy`: a small copy of a data set. */
import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Command } from 'commander';
import { jsonOption, seedOption, splitOption, wholeNumber } from '../../options.ts';
import { manifestToCsv } from './manifest.ts';

interface ToyCommandOptions {
  split?: string;
  out: string;
  clips: number;
  seed: number;
  json?: true;
}

export function toyCommand(): Command {
  return new Command('toy')
    .description('copy a small subset that keeps every tag and the shares of parts and tags')
    .argument('<data>', 'a published data set by name, a folder of class folders, or a manifest')
    .argument('[folder]', 'where the copy of a published data set is')
    .requiredOption('--out <folder>', 'where the toy goes; it must not be there yet')
    .option('--clips <n>', 'how many', wholeNumber(1), 100)
    .addOption(splitOption())
    .addOption(seedOption())
    .addOption(jsonOption())
    .action(run);
}

async function run(
  data: string,
  folder: string | undefined,
  { split, out, clips, seed, json }: ToyCommandOptions,
): Promise<void> {
  const [{ knownDatasets, listDataset }, { cutToy }, { formatBytes }, { writeWhole }] = await Promise.all([
    import('../../../../datasets/index.ts'),
    import('../../../datasetCopies/cutToy.ts'),
    import('../../../report/formatBytes.ts'),
    import('../../../files/writeWhole.ts'),
  ]);
  const whole = folder === undefined ? data : `${data}:${folder}`;
  const dataset = await listDataset(whole, { split });
  const name = knownDatasets.find(({ facts }) => whole.startsWith(`${facts.name}:`))?.facts.name;
  const source = name === undefined ? data : whole.slice(name.length + 1);
  const isFile = await stat(source).then(
    (status) => status.isFile(),
    () => false,
  );
  const toy = await cutToy(dataset, { root: isFile ? dirname(source) : source, out, clips, seed });
  // A manifest lists whole recordings; a data set of parts of recordings is listed by its own lists.
  const manifest = toy.dataset.clips.some(({ segment }) => segment) ? null : join(out, 'toy.csv');
  if (manifest !== null) await writeWhole(manifest, manifestToCsv(toy.dataset, out));
  const ways = [...(manifest === null ? [] : [manifest]), ...(name === undefined ? [] : [`${name}:${out}`])];
  const result = {
    out,
    clips: toy.dataset.clips.length,
    tags: dataset.tags.length,
    bytes: toy.bytes,
    data: ways,
  };
  process.stdout.write(
    json
      ? `${JSON.stringify(result, null, 2)}\n`
      : `${out}: ${result.clips} of ${dataset.clips.length} clips with ${result.tags} tags, ${formatBytes(toy.bytes)}\n` +
          `use it as  --data ${ways.join('  or  --data ')}\n`,
  );
}
