/** The study's answers in plain sentences, made from its figures and their intervals. */
import type { MeanInterval } from '../../src/metrics/studentInterval.ts';
import type { NoiseKind } from '../../src/noise/injectNoise.ts';
import { describeDifference } from '../shared/describeDifference.ts';
import type { RemedySetting, TaskAnalysis } from './analysis.ts';
import { tolerances, type Noise } from './design.ts';

export const kindWords: Record<NoiseKind, string> = {
  symmetric: 'labels replaced by a coin toss',
  missing: 'missing positives',
  tagDependent: 'positives missing more in some tags than in others',
  coOccurrence: 'positives given to a tag that often goes with them',
};

/** By where the interval lies: inside what is tolerated, beyond it, or on both sides of its end. */
export type Judgement = 'alright' | 'open' | 'not alright';

/** Of a change for the worse, which is negative; one for the better is alright. */
export function judgeFall({ interval }: MeanInterval, tolerance: number): Judgement {
  if (interval === null) return 'open';
  if (interval[0] > -tolerance) return 'alright';
  return interval[1] < -tolerance ? 'not alright' : 'open';
}

/** Of a change that is bad either way. */
export function judgeShift({ interval }: MeanInterval, tolerance: number): Judgement {
  if (interval === null) return 'open';
  if (interval[0] > -tolerance && interval[1] < tolerance) return 'alright';
  return interval[1] < -tolerance || interval[0] > tolerance ? 'not alright' : 'open';
}

export interface Answer {
  question: string;
  /** For all kinds of noise together. */
  verdict: string;
  /** A sentence each. */
  details: string[];
}

/** One question asked of every kind of noise at every rate. */
interface Series {
  kind: NoiseKind;
  points: { rate: number; judgement: Judgement; difference: MeanInterval }[];
}

/** @param seeds of the study, which the sentences name */
export function answersOf(analysis: TaskAnalysis, seeds: number): Answer[] {
  const noisy = analysis.effects.map(({ kind, points }) => ({ kind, points: points.slice(1) }));
  const training = noisy.map(({ kind, points }): Series => {
    const judged = points.map(({ rate, change }) => ({
      ...{ rate, difference: change, judgement: judgeFall(change, tolerances.rocAuc) },
    }));
    return { kind, points: judged };
  });
  const figures = noisy.map(({ kind, points }): Series => {
    const judged = points.map(({ rate, misjudged }) => ({
      ...{ rate, difference: misjudged, judgement: judgeShift(misjudged, tolerances.rocAuc) },
    }));
    return { kind, points: judged };
  });
  const ranking = analysis.rankings.map(({ kind, points }): Series => {
    const judged = points.map(({ rate, change }) => ({
      ...{ rate, difference: change, judgement: judgeFall(change, tolerances.tau) },
    }));
    return { kind, points: judged };
  });
  const detail = (series: Series[]) => series.map((own) => describeSeries(own, seeds));
  return [
    {
      question: `Is the training alright? Does the mean ROC-AUC on true labels fall by less than ${tolerances.rocAuc}?`,
      verdict: verdictOf(training),
      details: detail(training),
    },
    {
      question: `Are the figures of the evaluation alright? Do test labels as noisy show the ROC-AUC that true ones do, to within ${tolerances.rocAuc}?`,
      verdict: verdictOf(figures),
      details: detail(figures),
    },
    {
      question: `Is the ranking of systems alright? Does Kendall’s τ to the true ranking fall by less than ${tolerances.tau} below what true labels give on test clips drawn anew, ${analysis.redrawn.tau.mean.toFixed(2)}?`,
      verdict: verdictOf(ranking),
      details: detail(ranking),
    },
    {
      question: 'When training is not alright, what helps?',
      verdict: remedyVerdict(analysis.remedies),
      details: analysis.remedies.map((setting) => describeRemedies(setting)),
    },
  ];
}

function verdictOf(series: Series[]): string {
  const rates = series[0].points.map(({ rate }) => rate);
  const isSafe = (rate: number) =>
    series.every(({ points }) => points.every((point) => point.rate > rate || point.judgement === 'alright'));
  const safe = rates.filter(isSafe).at(-1);
  const broken = series.flatMap(({ kind, points }) => {
    const first = points.find(({ judgement }) => judgement === 'not alright');
    return first ? [`${kindWords[kind]} (first at ${percent(first.rate)})`] : [];
  });
  if (safe === rates.at(-1)) return `Yes, at all rates up to ${percent(safe)}.`;
  const brokenAtOnce = series.some(({ points }) => points[0].judgement === 'not alright');
  const yes =
    safe === undefined
      ? `${brokenAtOnce ? 'No' : 'Not for certain'}, not with every kind of noise even at ${percent(rates[0])}.`
      : `Yes up to ${percent(safe)}, whatever the kind of noise.`;
  const no =
    broken.length === 0
      ? 'Nowhere that was tried is it certainly not.'
      : `Certainly not with ${listOf(broken)}.`;
  return `${yes} ${no}`;
}

/** `Missing positives: alright at 20 % (−0.004 [−0.010, +0.002]); not alright at 60 % (…).` */
function describeSeries({ kind, points }: Series, seeds: number): string {
  const words: Record<Judgement, string> = {
    alright: 'alright',
    open: `not to be told with ${seeds} ${seeds === 1 ? 'seed' : 'seeds'}`,
    'not alright': 'not alright',
  };
  const parts = (['alright', 'open', 'not alright'] as const).flatMap((judgement) => {
    const own = points.filter((point) => point.judgement === judgement);
    if (own.length === 0) return [];
    const each = own.map(({ rate, difference }) => `${percent(rate)} (${describeDifference(difference)})`);
    return [`${words[judgement]} at ${listOf(each)}`];
  });
  return `${capitalized(kindWords[kind])}: ${parts.join('; ')}.`;
}

function remedyVerdict(settings: RemedySetting[]): string {
  const [first, ...others] = settings.map(({ rows }) =>
    rows.filter(({ gain }) => gain.interval !== null && gain.interval[0] > 0).map(({ remedy }) => remedy),
  );
  const everywhere = (first ?? []).filter((remedy) => others.every((own) => own.includes(remedy)));
  const where = settings.length === 1 ? 'with the noise tried' : 'with each of the noises tried';
  return everywhere.length === 0
    ? `No remedy is certainly better than none ${where}.`
    : `Certainly better than no remedy ${where}: ${listOf(everywhere)}.`;
}

function describeRemedies({ noise, clean, rows, tau }: RemedySetting): string {
  const none = rows[0].onTrue.mean;
  const best = rows.reduce((most, row) => (row.onTrue.mean > most.onTrue.mean ? row : most));
  const lost = clean.mean - none;
  const gained = (best.onTrue.mean - none) / lost;
  const groups = [
    { title: 'better than none', of: ([low]: [number, number]) => low > 0 },
    { title: 'not to be told from none', of: ([low, high]: [number, number]) => low <= 0 && high >= 0 },
    { title: 'worse than none', of: ([, high]: [number, number]) => high < 0 },
  ].flatMap(({ title, of }) => {
    const own = rows.slice(1).filter(({ gain }) => of(gain.interval ?? [-Infinity, Infinity]));
    if (own.length === 0) return [];
    return [`${title}: ${own.map(({ remedy, gain }) => `${remedy} ${describeDifference(gain)}`).join(', ')}`];
  });
  const recovered =
    lost > 0 && best.remedy !== 'none'
      ? ` The best of them by its mean, ${best.remedy}, brings back ${Math.round(100 * gained)} % of what the noise took.`
      : '';
  return (
    `${capitalized(describeNoise(noise))}: ROC-AUC ${none.toFixed(3)} without a remedy, ${clean.mean.toFixed(3)} with true labels. ` +
    `${capitalized(groups.join('; '))}.${recovered} Test labels as noisy rank the remedies with τ ${tau.mean.toFixed(2)} to the truth.`
  );
}

/** `missing positives at 60 %`. */
export function describeNoise({ kind, rate }: Noise): string {
  return `${kindWords[kind]} at ${percent(rate)}`;
}

export function percent(rate: number): string {
  return `${Math.round(100 * rate)} %`;
}

/** `a`, `a and b`, `a, b and c`. */
function listOf(items: readonly string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

function capitalized(text: string): string {
  return text[0].toUpperCase() + text.slice(1);
}
