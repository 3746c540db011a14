/** The report of `sonotag noise suspects`. */
import { formatFigure, formatInterval } from '../report/formatFigure.ts';
import { figureTable, htmlPage } from '../report/htmlPage.ts';
import { lineChart } from '../report/lineChart.ts';
import { markup, type Markup } from '../report/markup.ts';
import type { SuspectStudy } from './suspectStudy.ts';

export interface RenderSuspectStudyOptions {
  title: string;
  /** How the scores came about, a sentence each. */
  method: string[];
  /** Suspects to list. Default 100. */
  top?: number;
}

/**
 * One self-contained HTML page.
 *
 * @example await writeWhole('suspects.html', renderSuspectStudy(study, { title: 'GTZAN', method: ['…'] }))
 */
export function renderSuspectStudy(
  study: SuspectStudy,
  { title, method, top = 100 }: RenderSuspectStudyOptions,
): string {
  return htmlPage({
    title: `Suspect labels: ${title}`,
    note: `${study.clips.toLocaleString('en')} clips, ${study.labelsJudged.toLocaleString('en')} labels judged, ${study.suspects.length} found wrong`,
    body: [markup`<p>${method.join(' ')}</p>`, judgement(study), list(study, top), perTag(study)],
  });
}

function judgement({ judgement: judged }: SuspectStudy): Markup | undefined {
  if (judged === undefined) return undefined;
  const { of, items, errors, chance, precisionAt } = judged;
  return markup`<section><h2>Against known errors</h2>
<p>${errors} of ${items} ${of} are known errors: a list in random order has a precision of ${formatFigure(chance)}.
Average precision <b>${formatFigure(judged.averagePrecision)}</b> (${(judged.averagePrecision / chance).toFixed(1)} times chance), ROC-AUC <b>${formatFigure(judged.rocAuc)}</b>.
Of the ${judged.suspects} ${of} found wrong, ${judged.found} are known errors. ${verdict(judged)}</p>
${
  precisionAt.length > 1 &&
  lineChart({
    title: 'Precision of the first k',
    x: precisionAt.map(({ k }) => k),
    xLabel: 'k',
    series: [
      {
        name: 'known errors, with 95 % interval',
        style: 'first',
        values: precisionAt.map(({ precision }) => precision),
        intervals: precisionAt.map(({ interval }) => interval),
      },
      {
        name: 'expected by the noise model',
        style: 'second',
        values: precisionAt.map(({ expected }) => expected),
      },
      { name: 'chance', style: 'third', values: precisionAt.map(() => chance) },
    ],
    limits: [0, 1],
  })
}
${figureTable(
  'Precision of the first k of the ranking; lift is over chance.',
  ['k', 'known errors', 'precision', '95 % interval', 'lift', 'expected precision'],
  precisionAt.map(({ k, found, precision, interval, lift, expected }) => [
    k,
    found,
    formatFigure(precision),
    formatInterval(interval),
    lift.toFixed(1),
    formatFigure(expected),
  ]),
)}</section>`;
}

/** What the figures mean, by whether chance lies within the interval, and how far the expectation is off. */
function verdict({ precisionAt, chance }: NonNullable<SuspectStudy['judgement']>): string {
  const better = precisionAt.filter(({ interval }) => interval[0] > chance);
  const tooSure = precisionAt.filter(({ interval, expected }) => expected !== null && expected > interval[1]);
  return [
    better.length > 0
      ? `The ranking is better than chance at k = ${better.map(({ k }) => k).join(', ')}.`
      : 'At no k is the ranking better than chance beyond doubt.',
    tooSure.length > 0 &&
      `The expected precision is above the 95 % interval at k = ${tooSure.map(({ k }) => k).join(', ')}: the scores are too sure of themselves, or the known errors are not all of the errors, or not of the kind that a model can hear.`,
  ]
    .filter(Boolean)
    .join(' ');
}

function list({ suspects }: SuspectStudy, top: number): Markup {
  const shown = suspects.slice(0, top);
  const known = shown.some(({ knownError }) => knownError !== undefined);
  const suggested = shown.some((suspect) => suspect.suggested !== undefined);
  return markup`<section><h2>To listen to again</h2>
<p>The likeliest wrong labels first. The expected precision is the share of wrong labels to expect from the first to this one.</p>
${figureTable(
  suspects.length > top ? `The first ${top} of ${suspects.length}.` : `All ${suspects.length}.`,
  ['clip', 'rank', 'tag', 'given', 'score', 'probably wrong', 'expected precision', suggested && 'rather', known && 'known error'].filter(Boolean), // prettier-ignore
  shown.map((suspect) =>
    [
      suspect.path,
      suspect.rank,
      suspect.tag,
      suspect.given === 1 ? 'yes' : 'no',
      formatFigure(suspect.score),
      formatFigure(suspect.errorProbability),
      formatFigure(suspect.expectedPrecision),
      suggested && (suspect.suggested ?? ''),
      known && (suspect.knownError ? 'yes' : 'no'),
    ].filter((content) => content !== false),
  ),
)}</section>`;
}

function perTag({ perTag: tags }: SuspectStudy): Markup {
  return markup`<section><h2>Noise by tag</h2>
${figureTable(
  'The joint distribution of given and true label, as confident learning estimates it; shares of all clips. A dash for a tag that all or no clips carry.',
  ['tag', 'given', 'found wrongly given', 'found wrongly missing', 'given and true', 'given, not true', 'true, not given', 'neither'], // prettier-ignore
  tags.map(({ tag, positives, wrongPositives, wrongNegatives, joint }) => [
    tag,
    positives,
    wrongPositives,
    wrongNegatives,
    ...[joint?.[1][1], joint?.[1][0], joint?.[0][1], joint?.[0][0]].map(formatFigure),
  ]),
)}</section>`;
}
