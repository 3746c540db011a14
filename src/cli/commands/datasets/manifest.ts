/** `sonotag datasets manifest`: the clips of a data set as a CSV, to look at, to edit, or to give to `transfer`. */
import { dirname, relative, sep } from 'node:path';
import { Command } from 'commander';
import type { Clip, Dataset } from '../../../../datasets/index.ts';
import { InputError } from '../../../errors.ts';
import { quoteCsv } from '../../../files/quoteCsv.ts';
import { jsonOption, splitOption } from '../../options.ts';

interface ManifestCommandOptions {
  split?: string;
  out: string;
  json?: true;
}

export function manifestCommand(): Command {
  return new Command('manifest')
    .description('write the clips of a data set as a manifest CSV')
    .argument('<data>', 'NAME:DIR, a folder of class folders, or a manifest')
    .addOption(splitOption())
    .requiredOption('--out <csv>', 'the manifest; what is there is replaced')
    .addOption(jsonOption())
    .action(run);
}

async function run(data: string, { split, out, json }: ManifestCommandOptions): Promise<void> {
  const [{ listDataset }, { writeWhole }] = await Promise.all([
    import('../../../../datasets/index.ts'),
    import('../../../files/writeWhole.ts'),
  ]);
  const dataset = await listDataset(data, { split, unlabelled: true });
  await writeWhole(out, manifestToCsv(dataset, dirname(out)));
  const result = { path: out, clips: dataset.clips.length, tags: dataset.tags.length };
  process.stdout.write(
    json
      ? `${JSON.stringify({ ...result, skipped: dataset.skipped }, null, 2)}\n`
      : `${out}: ${result.clips} clips, ${result.tags} tags; ${dataset.skipped.length} listed clips are not there\n`,
  );
  process.exitCode = dataset.skipped.length > 0 ? 1 : 0;
}

/**
 * CSV with the columns `path` (relative to `folder`), `tags` (`?tag` for unknown), and those of `split`, `fold`, `id`,
 * `artist`, `album`, `licence` and the values that a clip has.
 *
 * @throws InputError if a clip is no whole file, which a manifest cannot say.
 */
export function manifestToCsv({ name, clips }: Dataset, folder: string): string {
  const values = [...new Set(clips.flatMap((clip) => Object.keys(clip.values ?? {})))];
  const all: [string, (clip: Clip) => string][] = [
    ['path', (clip) => pathOf(name, clip, folder)],
    ['tags', ({ labels, unknown = [] }) => [...labels, ...unknown.map((tag) => `?${tag}`)].join(';')],
    ['split', ({ split }) => split ?? ''],
    ['fold', ({ fold }) => (fold === undefined ? '' : String(fold))],
    ['id', ({ id }) => id],
    ['artist', ({ artist }) => artist ?? ''],
    ['album', ({ album }) => album ?? ''],
    ['licence', ({ licence }) => licence ?? ''],
    ...values.map((key): [string, (clip: Clip) => string] => [
      key,
      (clip) => String(clip.values?.[key] ?? ''),
    ]),
  ];
  const columns = all.filter(
    ([title, cell], i) => i < 2 || title === 'id' || clips.some((clip) => cell(clip)),
  );
  const lines = clips.map((clip) => columns.map(([, cell]) => quoteCsv(cell(clip))).join(','));
  return `${[columns.map(([title]) => quoteCsv(title)).join(','), ...lines].join('\n')}\n`;
}

function pathOf(name: string, { id, source, segment }: Clip, folder: string): string {
  if (typeof source === 'string' && !segment) return relative(folder, source).split(sep).join('/');
  const what = segment ? 'a part of a recording' : 'rendered by code';
  throw new InputError(
    `${name}: the clip ${id} is ${what}, and a manifest lists whole recordings. Use --data.`,
  );
}
