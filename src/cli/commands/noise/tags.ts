/** `sonotag noise tags`: how tags are given together, how surely, and what a net makes of them. */
import { basename } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { strongestPairs } from '../../../noise/coOccurrence.ts';
import type { LabelTable } from '../../../noise/labelTable.ts';
import type { TagGroup } from '../../../noise/noiseRates.ts';
import type { TagStudy } from '../../../noise/tagStudy.ts';
import { InputError } from '../../../errors.ts';
import { writeWhole } from '../../../files/writeWhole.ts';
import { jsonOption, seedOption } from '../../options.ts';

interface TagsOptions {
  labels: string[];
  tagNames?: string;
  reannotated?: string;
  group: TagGroup[];
  model?: string;
  out: string;
  seed: number;
  json?: true;
}

export function tagsCommand(): Command {
  return new Command('tags')
    .description('how tags are given together, how surely they are given, and what a net makes of them')
    .requiredOption(
      '--labels <files...>',
      'CSV (path,tags or path and a 0/1 column a tag) or .npy [clips, tags]; several are put together',
    )
    .option('--tag-names <file>', 'names of the columns: JSON list, {"tags": […]}, or text, one a line')
    .option('--reannotated <file>', 'audited labels of some of the clips, as CSV: tells tagability')
    .addOption(
      new Option('--group <name=tag;tag>', 'tags to compare as a group by tagability; may be repeated')
        .argParser(tagGroup)
        .default([], 'none'),
    )
    .option('--model <path>', 'tagger over the same tags, whose output layer is compared')
    .option('--out <file>', 'the report', 'tags.html')
    .addOption(seedOption())
    .addOption(jsonOption())
    .action(async (options: TagsOptions) => {
      const [{ studyTags }, { renderTagStudy }, { readLabels }] = await Promise.all([
        import('../../../noise/tagStudy.ts'),
        import('../../../noise/renderTagStudy.ts'),
        import('../../../noise/labelTable.ts'),
      ]);
      const { labels: paths, group: groups, seed, out } = options;
      const given = await readGiven(options);
      const reannotated =
        options.reannotated === undefined ? undefined : await readLabels(options.reannotated);
      const output = options.model === undefined ? undefined : await readOutput(options.model);
      const study = studyTags({ given, reannotated, groups, output, seed });
      await writeWhole(out, renderTagStudy(study, paths.map((path) => basename(path)).join(', ')));
      process.stdout.write(
        options.json
          ? `${JSON.stringify({ report: out, labels: paths, ...study }, null, 2)}\n`
          : describe(study, out),
      );
    });
}

/** The rows of all files, one after the other. */
async function readGiven({ labels: paths, tagNames }: TagsOptions): Promise<LabelTable> {
  const { readLabels, readTagNames } = await import('../../../noise/labelTable.ts');
  const names = tagNames === undefined ? undefined : await readTagNames(tagNames);
  const first = await readLabels(paths[0], { tags: names });
  const rest = await Promise.all(paths.slice(1).map((path) => readLabels(path, { tags: first.tags })));
  const tables = [first, ...rest];
  return {
    ids: tables.flatMap(({ ids }, i) =>
      paths[i].endsWith('.npy') ? ids.map((id) => `${paths[i]}:${id}`) : ids,
    ),
    tags: first.tags,
    labels: Float64Array.from(tables.flatMap(({ labels }) => Array.from(labels))),
  };
}

async function readOutput(path: string) {
  const [{ loadModel }, { outputKernel }, { useEngine }] = await Promise.all([
    import('../../loadModel.ts'),
    import('../../../noise/outputKernel.ts'),
    import('../../../engine/engine.ts'),
  ]);
  await useEngine('cpu'); // a few weights are read, nothing is computed
  const tagger = await loadModel(path);
  const { tags } = tagger.info;
  try {
    return { ...outputKernel(tagger), tags };
  } catch (error) {
    throw error instanceof InputError ? new InputError(`${path}: ${error.message}`) : error;
  } finally {
    tagger.model.dispose();
  }
}

function describe({ clips, tags, coOccurrence, tagability, groups, output }: TagStudy, out: string): string {
  const { conditional } = coOccurrence;
  const pair = (first: string, second: string) => `${first} / ${second}`;
  const figure = (value: number | null) => value?.toFixed(3) ?? '–';
  const lines = [
    `${clips} clips, ${tags.length} tags. Given together most (share of the first tag's clips):`,
    ...strongestPairs(coOccurrence)
      .slice(0, 10)
      .map(({ tag, other }) => `  ${figure(conditional[tag][other])}  ${tags[tag]} → ${tags[other]}`),
    ...(tagability ?? []).map(
      ({ tag, rates }) =>
        `tagability of ${tag}: ${figure(rates.tagability)} ${rates.tagabilityInterval ? `[${rates.tagabilityInterval.map(figure).join(', ')}]` : ''}`,
    ),
    ...(groups ?? []).map(
      ({ name, tagability: share }) => `tagability of the group ${name}: ${figure(share)}`,
    ),
    ...(output === undefined
      ? []
      : [
          `Label vectors of "${output.layer}" against co-occurrence: Spearman ${figure(output.comparison.spearman)}. Alike to the net, seldom given together:`,
          ...output.comparison.pairs
            .slice(0, 10)
            .map(
              ({ first, second, similarity, coOccurrence: both }) =>
                `  ${figure(similarity)} against ${figure(both)}  ${pair(first, second)}`,
            ),
        ]),
    `Open ${out} in a browser.`,
  ];
  return `${lines.join('\n')}\n`;
}

/** `eras=60s;70s` as a group, after those before it. */
function tagGroup(text: string, before: TagGroup[]): TagGroup[] {
  const at = text.indexOf('=');
  const tags = text.slice(at + 1).split(';').map((tag) => tag.trim()).filter(Boolean); // prettier-ignore
  if (at < 1 || tags.length === 0)
    throw new InvalidArgumentError('Expected a name and tags, such as "60s-80s=60s;70s;80s".');
  return [...before, { name: text.slice(0, at), tags }];
}
