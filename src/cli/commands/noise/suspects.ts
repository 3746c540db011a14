/** `sonotag noise suspects`: which labels to look at again. */
import { basename } from 'node:path';
import { Command, Option } from 'commander';
import { InputError } from '../../../errors.ts';
import { writeWhole } from '../../../files/writeWhole.ts';
import type { KnownErrors } from '../../../noise/knownErrors.ts';
import type { Twins } from '../../../noise/findTwins.ts';
import type { SuspectStudy } from '../../../noise/suspectStudy.ts';
import { jsonOption, positiveNumber, seedOption, wholeNumber } from '../../options.ts';
import { terminalReporter } from '../../terminalReporter.ts';

interface SuspectsOptions {
  predictions?: string;
  features?: string[];
  labels?: string;
  pathColumn: string;
  tagColumn: string;
  folds: number;
  l2: number;
  relate?: true;
  known?: string;
  kept?: string[];
  out: string;
  list?: string;
  top: number;
  seed: number;
  json?: true;
}

export function suspectsCommand(): Command {
  return new Command('suspects')
    .description(
      'which labels are likely wrong, by models that were not trained on the clip: a list to look at again',
    )
    .addOption(
      new Option('--predictions <file>', 'predictions.csv of "sonotag train --folds"').conflicts('features'),
    )
    .option('--features <files...>', '.npy of a row a clip, side by side; scored by cross-validation here')
    .option('--labels <file>', 'CSV of the labels, a row for each row of the features')
    .option('--path-column <name>', 'column that names the clip', 'path')
    .option('--tag-column <name>', 'column that lists the tags', 'tags')
    .addOption(
      new Option('--folds <n>', 'parts of the cross-validation').argParser(wholeNumber(2)).default(5),
    )
    .addOption(
      new Option('--l2 <n>', 'penalty on squared weights of the classifiers')
        .argParser(positiveNumber)
        .default(1),
    )
    .option(
      '--relate',
      'score anew with the labels given for all other tags: takes correlated tags into account',
    )
    .addOption(
      new Option('--known <file>', 'known errors, CSV "path" or "path,tag": judges the list').conflicts(
        'kept',
      ),
    )
    .option('--kept <files...>', 'lists of sound clips, one a line: all others are known errors')
    .option('--out <file>', 'the report', 'suspects.html')
    .option('--list <file>', 'the whole list as CSV')
    .addOption(new Option('--top <n>', 'suspects in the report').argParser(wholeNumber(1)).default(100))
    .addOption(seedOption())
    .addOption(jsonOption())
    .action(async (options: SuspectsOptions) => {
      const [{ studySuspects, suspectsToCsv }, { renderSuspectStudy }] = await Promise.all([
        import('../../../noise/suspectStudy.ts'),
        import('../../../noise/renderSuspectStudy.ts'),
      ]);
      const { ids, tags, given, scores, exclusive, twins, method, source } = await scoreClips(options);
      const known = await readKnown(options, ids, tags);
      const study = studySuspects({ ids, tags, given, scores, exclusive, known, twins });
      const { out, list, top } = options;
      await writeWhole(out, renderSuspectStudy(study, { title: basename(source), method, top }));
      if (list !== undefined) await writeWhole(list, suspectsToCsv(study.suspects));
      process.stdout.write(
        options.json
          ? `${JSON.stringify({ report: out, list, source, method, ...study }, null, 2)}\n`
          : describe(study, out),
      );
    });
}

interface ScoredClips {
  ids: string[];
  tags: string[];
  given: Float64Array;
  scores: Float64Array;
  exclusive: boolean;
  /** Of features alone. */
  twins?: Twins[];
  method: string[];
  source: string;
}

async function scoreClips(options: SuspectsOptions): Promise<ScoredClips> {
  const { relateTags } = await import('../../../noise/outOfFold.ts');
  const { folds, l2, seed } = options;
  const scored =
    options.predictions === undefined ? await scoreFeatures(options) : await scoredBefore(options);
  if (!options.relate) return scored;
  const { tags, given, exclusive } = scored;
  const bar = terminalReporter().bar('related tags', tags.length * folds);
  const scores = relateTags(scored.scores, { tags, given, exclusive, folds, l2, seed, bar });
  bar.done();
  const method = [
    ...scored.method,
    `Each tag was then scored anew from that score and the labels given for all other tags, ${folds}-fold cross-validated.`,
  ];
  return { ...scored, scores, method };
}

async function scoredBefore({ predictions, pathColumn, tagColumn }: SuspectsOptions): Promise<ScoredClips> {
  const { readScores } = await import('../../../noise/labelTable.ts');
  const { ids, tags, scores, labels } = await readScores(predictions!, { pathColumn, tagColumn });
  if (labels === null) {
    throw new InputError(
      `${predictions}: no column "${tagColumn}" with the given labels. Name it with --tag-column.`,
    );
  }
  const outside = scores.findIndex((score) => score < 0 || score > 1);
  if (outside !== -1) {
    throw new InputError(
      `${predictions}: the score ${scores[outside]} of "${ids[Math.floor(outside / tags.length)]}" lies outside [0, 1]; probabilities are needed.`,
    );
  }
  return {
    ...{ ids, tags, scores, given: labels, exclusive: isExclusive(labels, tags.length) },
    method: [
      `Scores are those of ${basename(predictions!)}; they must be of models that had not seen the clip.`,
    ],
    source: predictions!,
  };
}

async function scoreFeatures(options: SuspectsOptions): Promise<ScoredClips> {
  const { features: paths, labels: labelPath, pathColumn, tagColumn, folds, l2, seed } = options;
  if (paths === undefined || labelPath === undefined) {
    throw new InputError(
      'suspects: scores of what? Give --predictions FILE, or --features FILE… with --labels FILE.',
    );
  }
  const [{ readLabels }, { readFeatureMatrix }, { scoreOutOfFold }, { findTwins }] = await Promise.all([
    import('../../../noise/labelTable.ts'),
    import('../../../noise/featureMatrix.ts'),
    import('../../../noise/outOfFold.ts'),
    import('../../../noise/findTwins.ts'),
  ]);
  const { ids, tags, labels: given } = await readLabels(labelPath, { pathColumn, tagColumn });
  const unknown = given.findIndex(Number.isNaN);
  if (unknown !== -1) {
    throw new InputError(
      `${labelPath}: "${ids[Math.floor(unknown / tags.length)]}" lacks labels. Fill them in.`,
    );
  }
  const { features, nFeatures } = await readFeatureMatrix(paths, ids.length);
  const exclusive = isExclusive(given, tags.length);
  const bar = terminalReporter().bar('classifiers', tags.length * folds);
  const scores = scoreOutOfFold(features, { tags, given, exclusive, folds, l2, seed, bar });
  bar.done();
  return {
    ...{ ids, tags, given, scores, exclusive, twins: findTwins(features, nFeatures) },
    method: [
      `Scores are of one logistic regression a tag on ${nFeatures} standardised features, ${folds}-fold cross-validated (l2 ${l2}, seed ${seed}): no model had seen the clip that it scores.`,
    ],
    source: labelPath,
  };
}

async function readKnown(
  { known, kept }: SuspectsOptions,
  ids: string[],
  tags: string[],
): Promise<KnownErrors | undefined> {
  const { readKeptClips, readKnownErrors } = await import('../../../noise/knownErrors.ts');
  if (known !== undefined) return readKnownErrors(known, ids, tags);
  return kept === undefined ? undefined : readKeptClips(kept, ids);
}

function isExclusive(labels: ArrayLike<number>, nTags: number): boolean {
  return Array.from({ length: labels.length / nTags }, (_, clip) => clip).every((clip) => {
    let carried = 0;
    for (let tag = 0; tag < nTags; tag++) carried += labels[clip * nTags + tag];
    return carried === 1;
  });
}

function describe({ clips, labelsJudged, suspects, judgement, twins }: SuspectStudy, out: string): string {
  const figure = (value: number | null) => value?.toFixed(3) ?? '–';
  const lines = [
    `${clips} clips, ${labelsJudged} labels judged: ${suspects.length} are likely wrong. Probability, clip, label:`,
    ...suspects
      .slice(0, 10)
      .map(
        ({ path, tag, given, errorProbability, suggested }) =>
          `  ${figure(errorProbability)}  ${path}  ${given === 1 ? '' : 'not '}${tag}${suggested ? `, rather ${suggested}` : ''}`,
      ),
    ...(judgement === undefined
      ? []
      : [
          `Against ${judgement.errors} known errors of ${judgement.items} ${judgement.of}: average precision ${figure(judgement.averagePrecision)} (chance ${figure(judgement.chance)}), ROC-AUC ${figure(judgement.rocAuc)}`,
          ...judgement.precisionAt.map(
            ({ k, precision, interval, lift, expected }) =>
              `  precision@${k} ${figure(precision)} [${interval.map(figure).join(', ')}], ${lift.toFixed(1)} times chance; expected ${figure(expected)}`,
          ),
        ]),
    ...(twins === undefined
      ? []
      : [
          `${twins.length} pairs of clips have all but the same features: repetitions${judgement ? `, ${twins.filter(({ knownError }) => knownError).length} of them with a known error` : ''}.`,
        ]),
    `Open ${out} in a browser.`,
  ];
  return `${lines.join('\n')}\n`;
}
