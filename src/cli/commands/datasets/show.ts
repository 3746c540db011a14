/** `sonotag datasets [NAME]`: all published data sets that are known, or the facts of one. */
import { Command } from 'commander';
import type { KnownDataset } from '../../../../datasets/index.ts';
import type { FoundCopy } from '../../describeDatasets.ts';
import { jsonOption } from '../../options.ts';

export function showCommand(): Command {
  return new Command('show')
    .description('list all data sets, or the facts of one; what "datasets" does by itself')
    .argument('[name]', 'a data set, such as gtzan-genre')
    .option('--root <folder>', 'where copies are looked for, each in a folder of its name', 'data')
    .addOption(jsonOption())
    .action(run);
}

async function run(name: string | undefined, { root, json }: { root: string; json?: true }): Promise<void> {
  const [{ findKnownDataset, knownDatasets }, { describeDatasets, describeFacts }] = await Promise.all([
    import('../../../../datasets/index.ts'),
    import('../../describeDatasets.ts'),
  ]);
  const shown = name === undefined ? knownDatasets : [findKnownDataset(name)];
  const rows: { facts: KnownDataset['facts']; found: FoundCopy }[] = [];
  for (const dataset of shown) {
    rows.push({ facts: dataset.facts, found: await findCopy(dataset, `${root}/${dataset.facts.name}`) });
  }
  if (json) {
    const results = rows.map(({ facts, found }) => ({ ...facts, found }));
    process.stdout.write(`${JSON.stringify(name === undefined ? results : results[0], null, 2)}\n`);
  } else {
    const [{ facts, found }] = rows;
    process.stdout.write(name === undefined ? describeDatasets(rows) : describeFacts(facts, found));
  }
}

async function findCopy(dataset: KnownDataset, folder: string): Promise<FoundCopy> {
  const [{ stat }, { DatasetError }] = await Promise.all([
    import('node:fs/promises'),
    import('../../../../datasets/index.ts'),
  ]);
  const isThere = (await stat(folder).catch(() => undefined))?.isDirectory() ?? false;
  if (!isThere) return { folder, clips: null, missing: 0 };
  try {
    const { clips, skipped } = await dataset.list(folder);
    return { folder, clips: clips.length, missing: skipped.length };
  } catch (error) {
    if (error instanceof DatasetError) return { folder, clips: 0, missing: 0, fault: error.message };
    throw error;
  }
}
