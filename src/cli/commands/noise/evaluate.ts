/** `sonotag noise evaluate`: what an evaluation by noisy labels is worth. */
import { basename } from 'node:path';
import { Command, Option } from 'commander';
import { InputError } from '../../../errors.ts';
import { writeWhole } from '../../../files/writeWhole.ts';
import type { NamedScores, SystemStudy } from '../../../noise/systemStudy.ts';
import { jsonOption, seedOption, wholeNumber } from '../../options.ts';

interface EvaluateOptions {
  scores: string[];
  given?: string;
  reannotated: string;
  tags?: string;
  draws: number;
  out: string;
  seed: number;
  json?: true;
}

export function evaluateCommand(): Command {
  return new Command('evaluate')
    .description(
      'systems under given and re-annotated labels: do both rank them alike, and what difference can be trusted',
    )
    .requiredOption(
      '--scores <files...>',
      'predictions of each system, CSV (path, a column a tag), or NAME=FILE; two at least, of the same clips',
    )
    .requiredOption('--reannotated <file>', 'audited labels of some clips and tags, as CSV')
    .option(
      '--given <file>',
      "given labels, better of the whole data set, as CSV (default: the first file's column tags)",
    )
    .option('--tags <a;b>', 'audited tags to take (default: all that the audit has)')
    .addOption(new Option('--draws <n>', 'draws of labels and clips').argParser(wholeNumber(1)).default(1000))
    .option('--out <file>', 'the report', 'evaluate.html')
    .addOption(seedOption())
    .addOption(jsonOption())
    .action(async (options: EvaluateOptions) => {
      const [{ readLabels, readScores, selectTags }, { studySystems }, { renderSystemStudy }] =
        await Promise.all([
          import('../../../noise/labelTable.ts'),
          import('../../../noise/systemStudy.ts'),
          import('../../../noise/renderSystemStudy.ts'),
        ]);
      const { scores: named, seed, draws, out } = options;
      const files = nameFiles(named);
      const tables = await Promise.all(files.map(({ path }) => readScores(path)));
      const systems = tables.map((table, i): NamedScores => ({ name: files[i].name, ...table }));
      const [{ ids, tags, labels }] = tables;
      if (options.given === undefined && labels === null) {
        throw new InputError(
          `${files[0].path}: no column "tags" with the given labels. Name a file of them with --given.`,
        );
      }
      const given =
        options.given === undefined ? { ids, tags, labels: labels! } : await readLabels(options.given);
      const only = options.tags?.split(';').map((tag) => tag.trim());
      const audit = await readLabels(options.reannotated);
      const reannotated = only === undefined ? audit : selectTags(audit, only, options.reannotated);
      const study = studySystems({ systems, given, reannotated, seed, draws });
      await writeWhole(out, renderSystemStudy(study, basename(options.reannotated)));
      process.stdout.write(
        options.json ? `${JSON.stringify({ report: out, ...study }, null, 2)}\n` : describe(study, out),
      );
    });
}

/** `NAME=FILE`, or a file under its own path. */
function nameFiles(texts: string[]): { name: string; path: string }[] {
  const files = texts.map((text) => {
    const [, name, path] = /^([^=/\\]+)=(.+)$/.exec(text) ?? [null, text, text];
    return { name: name!, path: path! };
  });
  const twice = files.find(({ name }, i) => files.findIndex((other) => other.name === name) !== i);
  if (twice !== undefined)
    throw new InputError(`--scores: "${twice.name}" stands twice. Name each system once.`);
  return files;
}

function describe(study: SystemStudy, out: string): string {
  const figure = (value: number | null) => value?.toFixed(3) ?? '–';
  const { byLabels, byLabelsAndClips, attenuation, pairs } = study.trusted.rocAuc;
  const beyond = pairs.filter(({ given }) => Math.abs(given) > byLabelsAndClips).length;
  const lines = [
    `${study.systems.length} systems on ${study.auditedClips} audited clips, ${study.auditedTags.length} audited tags. Mean ROC-AUC by given and by audited labels:`,
    ...study.systems.map(
      ({ name, rocAuc }) => `  ${figure(rocAuc.given)}  ${figure(rocAuc.audited)}  ${name}`,
    ),
    ...(['pearson', 'spearman', 'kendall'] as const).flatMap((kind) => {
      const found = study.givenAgainstAudited?.rocAuc[kind];
      return found
        ? [`${kind} over systems: ${figure(found.value)} [${(found.interval ?? []).map(figure).join(', ')}]`]
        : [];
    }),
    `A difference of ROC-AUC below ${figure(byLabelsAndClips)} is not to be trusted (${figure(byLabels)} by the labels alone); ${beyond} of ${pairs.length} pairs differ by more.`,
    `The noise leaves ${attenuation === null ? '–' : `${Math.round(100 * attenuation)} %`} of a true difference.`,
    `Open ${out} in a browser.`,
  ];
  return `${lines.join('\n')}\n`;
}
