/** `sonotag datasets check`: what is wrong with a copy of a data set. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { jsonOption, positiveNumber, splitOption, threadsOption } from '../../options.ts';

interface CheckCommandOptions {
  split?: string;
  shortest: number;
  threads?: number;
  out: string;
  json?: true;
}

export function checkCommand(): Command {
  return new Command('check')
    .description(
      'find what is missing, extra, damaged, silent, short, twice there or in two parts of the split',
    )
    .argument('<data>', 'a published data set by name, a folder of class folders, or a manifest')
    .argument('[folder]', 'where the copy of a published data set is')
    .addOption(splitOption())
    .option('--shortest <seconds>', 'a shorter clip is reported', positiveNumber, 0.5)
    .addOption(threadsOption())
    .option('--out <folder>', 'where check.json and report.html go', 'runs/check')
    .addOption(jsonOption())
    .action(run);
}

async function run(
  data: string,
  folder: string | undefined,
  { split, shortest, threads, out, json }: CheckCommandOptions,
): Promise<void> {
  const [
    { knownDatasets, listDataset },
    { checkDataset, errorKinds },
    report,
    { writeWhole },
    { terminalReporter },
  ] = await Promise.all([
    import('../../../../datasets/index.ts'),
    import('../../../datasetCopies/checkDataset.ts'),
    import('../../../datasetCopies/checkReport.ts'),
    import('../../../files/writeWhole.ts'),
    import('../../terminalReporter.ts'),
  ]);
  const whole = folder === undefined ? data : `${data}:${folder}`;
  const dataset = await listDataset(whole, { split, unlabelled: true });
  const facts = knownDatasets.find((known) => whole.startsWith(`${known.facts.name}:`))?.facts;
  const root = facts ? whole.slice(facts.name.length + 1) : data;
  const isFolder = await stat(root).then(
    (status) => status.isDirectory(),
    () => false,
  );
  const check = await checkDataset(dataset, {
    ...(isFolder && { root }),
    ...{ facts, shortestSeconds: shortest, threads, reporter: terminalReporter() },
  });
  const text = `${JSON.stringify({ created: new Date().toISOString(), data: whole, ...check }, null, 2)}\n`;
  await writeWhole(join(out, 'check.json'), text);
  await writeWhole(join(out, 'report.html'), report.renderCheckReport(check));
  process.stdout.write(json ? text : report.describeCheck(check, join(out, 'report.html')));
  process.exitCode = check.findings.some(({ kind }) => errorKinds.includes(kind)) ? 1 : 0;
}
