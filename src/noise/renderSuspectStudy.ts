/** The report of `sonotag noise suspects`. */
import { formatFigure, formatInterval } from '../report/formatFigure.ts';
import { figureTable, htmlPage } from '../report/htmlPage.ts';
import { lineChart } from '../report/lineChart.ts';
import { markup, type Markup } from '../report/markup.ts';
import type { SuspectJudgement, SuspectStudy } from './suspectStudy.ts';

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
    body: [
      markup`<p>${method.join(' ')}</p>`,
      study.judgement && judgement('Against known errors', study.judgement),
      twins(study),
      study.judgementWithoutTwins &&
        judgement('Against the known errors that no twin explains', study.judgementWithoutTwins),
      list(study, top),
      perTag(study),
    ],
  });
}

function judgement(title: string, judged: SuspectJudgement): Markup {
  const { of, items, errors, chance, precisionAt } = judged;
  return markup`<section><h2>${title}</h2>
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

function twins({ twins: pairs }: SuspectStudy): Markup | undefined {
  if (pairs === undefined) return undefined;
  const faulty = pairs.filter(({ knownError }) => knownError).length;
  const known = pairs.some(({ knownError }) => knownError !== undefined);
  return markup`<section><h2>Recordings that stand twice</h2>
<p>Pairs of clips with all but the same features: repetitions. Their labels may be right, so no list of suspect labels finds them; they leak from training into test. ${
    known && `Of ${pairs.length} pairs, ${faulty} hold a known error.`
  }</p>
${
  pairs.length > 0 &&
  figureTable(
    'Distance 0 is the same, 1 as far as a clip is from its nearest usually.',
    ['clip', 'and', 'distance', 'same labels', known && 'known error'].filter((head) => head !== false),
    pairs.map(({ first, second, distance, sameLabels, knownError }) =>
      [
        first,
        second,
        formatFigure(distance),
        sameLabels ? 'yes' : 'no',
        known && (knownError ? 'yes' : 'no'),
      ].filter((content) => content !== false),
    ),
  )
}</section>`;
}

/** What the figures mean, by whether chance lies within the interval, and how far the expectation is off. */
function verdict({ precisionAt, chance }: SuspectJudgement): string {
  const better = precisionAt.filter(({ interval }) => interval[0] > chance);
  const tooSure = precisionAt.filter(({ interval, expected }) => expected !== null && expected > interval[1]);
  return [
    better.length > 0
      ? `The ranking is better than chance at k = ${better.map(({ k }) => k).join(', ')} (95 % for each k, not for all together).`
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
  ['clip', known && 'known error', 'tag', 'given', suggested && 'rather', 'score', 'probably wrong', 'expected precision'].filter(Boolean), // prettier-ignore
  shown.map((suspect) =>
    [
      suspect.path,
      known && (suspect.knownError ? 'yes' : 'no'),
      suspect.tag,
      suspect.given === 1 ? 'yes' : 'no',
      suggested && (suspect.suggested ?? ''),
      formatFigure(suspect.score),
      formatFigure(suspect.errorProbability),
      formatFigure(suspect.expectedPrecision),
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
