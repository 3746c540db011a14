/** `sonotag datasets get NAME`: fetches a data set from where it is published. */
import { Command } from 'commander';
import { InputError } from '../../../errors.ts';
import { jsonOption } from '../../options.ts';

interface GetCommandOptions {
  out?: string;
  yes?: true;
  keepArchives?: true;
  json?: true;
}

export function getCommand(): Command {
  return new Command('get')
    .description('fetch a data set from where it is published; asks first, goes on where it broke off')
    .argument('<name>', 'a data set, such as gtzan-genre')
    .option('--out <folder>', 'where the copy goes (default: data/NAME)')
    .option('--yes', 'fetch without asking')
    .option('--keep-archives', 'keep the archives beside what was unpacked from them')
    .addOption(jsonOption())
    .action(async (name: string, { out, yes, keepArchives, json }: GetCommandOptions) => {
      const [{ findKnownDataset }, { getDataset, planDownload }, { terminalReporter }, { formatBytes }] =
        await Promise.all([
          import('../../../../datasets/index.ts'),
          import('../../../datasetCopies/getDataset.ts'),
          import('../../terminalReporter.ts'),
          import('../../../report/formatBytes.ts'),
        ]);
      const { facts } = findKnownDataset(name);
      const folder = out ?? `data/${name}`;
      const plan = await planDownload(facts, folder);
      const wanted = plan.filter(({ done }) => !done);
      const rest = facts.files.filter(({ url }) => url === undefined).map(({ path }) => path);
      const sizes = wanted.map(({ size }) => size);
      const known = sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
      const size = `${formatBytes(known)}${sizes.includes(null) ? ' and files of unknown size' : ''}`;
      process.stderr.write(
        [
          `${facts.title}: ${wanted.length} of ${plan.length} files to fetch, ${size}, into ${folder}`,
          ...wanted.map((file) => `  ${file.url}${file.size === null ? '' : `  ${formatBytes(file.size)}`}`),
          `licence: ${facts.licence}`,
          '',
        ].join('\n'),
      );
      if (wanted.length > 0 && !yes) await ask(size);
      const result = await getDataset(plan, folder, { keepArchives, reporter: terminalReporter() });
      const more = rest.length > 0 ? `Not to be fetched: ${rest.join(', ')}. ${facts.howToGet}\n` : '';
      process.stdout.write(
        json
          ? `${JSON.stringify({ name, folder, ...result, notFetched: rest }, null, 2)}\n`
          : `${name} is in ${folder}: ${result.fetched} files fetched (${formatBytes(result.bytes)}), ` +
              `${result.unpacked} unpacked\n${more}`,
      );
    });
}

/** @throws InputError unless somebody says yes. */
async function ask(size: string): Promise<void> {
  if (!process.stdin.isTTY) {
    throw new InputError(
      `nobody to ask whether to fetch ${size}: the input is no terminal. Pass --yes to fetch it.`,
    );
  }
  const { createInterface } = await import('node:readline/promises');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`Fetch ${size}? [y/N] `).finally(() => terminal.close());
  if (!/^y(es)?$/i.test(answer.trim())) throw new InputError('Nothing was fetched.');
}
