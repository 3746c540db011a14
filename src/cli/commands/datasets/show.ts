/** `sonotag datasets [show] [NAME]`: all known data sets in a table, or the facts of one. */
import { Command } from 'commander';
import { jsonOption } from '../../options.ts';

export function showCommand(): Command {
  return new Command('show')
    .description('list all data sets, or the facts of one (the default)')
    .argument('[name]', 'a data set, such as gtzan-genre')
    .option('--root <folder>', 'where copies lie, each in a folder of its name', 'data')
    .addOption(jsonOption())
    .action(async (name: string | undefined, { json }: { root: string; json?: true }) => {
      const { findKnownDataset, knownDatasets } = await import('../../../../datasets/index.ts');
      const shown = name === undefined ? knownDatasets : [findKnownDataset(name)];
      const facts = shown.map((dataset) => dataset.facts);
      process.stdout.write(
        json
          ? `${JSON.stringify(facts, null, 2)}\n`
          : facts.map((fact) => `${fact.name}  ${fact.title}\n`).join(''),
      );
    });
}
