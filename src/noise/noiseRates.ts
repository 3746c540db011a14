/** How likely a label is given when it applies, and when it does not, from an audit. */
import { createRandom, type Random } from '../../datasets/random.ts';
import { percentileInterval } from '../metrics/bootstrapInterval.ts';
import { drawBeta } from './variates.ts';

/** Audited clips of one tag, by the given and the true label. */
export interface AuditCounts {
  /** Given and true. */
  truePositives: number;
  /** Given, but not true. */
  falsePositives: number;
  /** Not given, but true. */
  falseNegatives: number;
  /** Neither. */
  trueNegatives: number;
}

export interface NoiseRates {
  /** P(given | applies), recall of the given labels: the tag's tagability. Null where it cannot be told. */
  tagability: number | null;
  tagabilityInterval: [number, number] | null;
  /** P(not given | does not apply). Null where it cannot be told. */
  specificity: number | null;
  specificityInterval: [number, number] | null;
  /** Share of the data set to which the tag applies. */
  prevalence: number | null;
}

export interface NoiseRatesOptions {
  /** Clips of the whole data set that carry the tag as given, and that do not. Default: the audited ones. */
  population?: { positives: number; negatives: number };
  seed: number;
  /** Draws for the intervals, >= 1. Default 2000. */
  draws?: number;
}

/**
 * Estimates a tag's noise from an audit that drew clips by their given label, or at random.
 *
 * The audit tells P(applies | given) = a and P(applies | not given) = b, whatever shares of the two were audited; the
 * data set tells the shares N₁ and N₀ (post-stratification: Cochran, "Sampling Techniques", 3rd ed. 1977, section
 * 5A.9). Tagability is a N₁ / (a N₁ + b N₀), specificity (1 − b) N₀ / ((1 − a) N₁ + (1 − b) N₀). "Tagability" is of
 * Choi et al. 2018, arXiv:1706.02361. Intervals (95 %) are percentiles over draws of a and b from their Jeffreys
 * posteriors, Beta(successes + ½, failures + ½) (Brown, Cai and DasGupta, "Interval Estimation for a Binomial
 * Proportion", Statistical Science 16, 2001). Null where a stratum that the data set has was not audited.
 *
 * @throws RangeError if a count is not a whole number >= 0.
 * @example estimateNoiseRates({ truePositives: 40, falsePositives: 10, falseNegatives: 5, trueNegatives: 45 },
 *   { population: { positives: 500, negatives: 9500 }, seed: 1 }).tagability // 0.296
 */
export function estimateNoiseRates(counts: AuditCounts, options: NoiseRatesOptions): NoiseRates {
  const estimate = shares(counts, options, null);
  if (estimate === null) return unknown;
  const { seed, draws = 2000 } = options;
  const random = createRandom(seed);
  const drawn = Array.from({ length: draws }, () => shares(counts, options, random)!);
  const interval = (values: number[]) => percentileInterval(Float64Array.from(values)).interval;
  return {
    tagability: orNull(estimate.tagability),
    tagabilityInterval: interval(drawn.map((draw) => draw.tagability)),
    specificity: orNull(estimate.specificity),
    specificityInterval: interval(drawn.map((draw) => draw.specificity)),
    prevalence: estimate.prevalence,
  };
}

const unknown: NoiseRates = {
  tagability: null,
  tagabilityInterval: null,
  specificity: null,
  specificityInterval: null,
  prevalence: null,
};

export interface TagGroup {
  name: string;
  /** Names of its tags. */
  tags: string[];
}

export interface GroupTagability {
  name: string;
  tags: string[];
  /** Of all applications of the group's tags in the data set, the share that is given. */
  tagability: number | null;
  interval: [number, number] | null;
}

/**
 * Tagability of groups of tags: Σ a N₁ / Σ (a N₁ + b N₀) over the group, drawn like that of one tag; tags are taken as
 * independent. Tags whose strata were not audited are left out.
 *
 * @param audited By tag.
 */
export function compareGroups(
  groups: readonly TagGroup[],
  audited: ReadonlyMap<string, { counts: AuditCounts; population?: NoiseRatesOptions['population'] }>,
  { seed, draws = 2000 }: { seed: number; draws?: number },
): GroupTagability[] {
  return groups.map(({ name, tags }) => {
    const known = tags.filter((tag) => {
      const audit = audited.get(tag);
      return audit !== undefined && shares(audit.counts, audit, null) !== null;
    });
    const random = createRandom(seed, 1);
    const pooled = (from: Random | null) => {
      const parts = known.map((tag) => shares(audited.get(tag)!.counts, audited.get(tag)!, from)!);
      const sum = (value: (part: (typeof parts)[number]) => number) =>
        parts.reduce((total, part) => total + value(part), 0);
      return sum((part) => part.given) / sum((part) => part.applies);
    };
    const drawn = Float64Array.from({ length: draws }, () => pooled(random));
    return {
      name,
      tags: known,
      tagability: known.length > 0 ? orNull(pooled(null)) : null,
      interval: known.length > 0 ? percentileInterval(drawn).interval : null,
    };
  });
}

/** The counts, or one draw from their posterior, as shares; null where a stratum that exists was not audited. */
function shares(
  counts: AuditCounts,
  { population }: Pick<NoiseRatesOptions, 'population'>,
  random: Random | null,
) {
  const { truePositives: tp, falsePositives: fp, falseNegatives: fn, trueNegatives: tn } = counts;
  for (const count of [tp, fp, fn, tn]) {
    if (Number.isInteger(count) && count >= 0) continue;
    throw new RangeError(`estimateNoiseRates: counts must be whole numbers >= 0; got ${count}.`);
  }
  const { positives, negatives } = population ?? { positives: tp + fp, negatives: fn + tn };
  if ((positives > 0 && tp + fp === 0) || (negatives > 0 && fn + tn === 0)) return null;
  const share = (yes: number, no: number) => {
    if (random !== null) return drawBeta(random, yes + 0.5, no + 0.5);
    return yes + no === 0 ? 0 : yes / (yes + no);
  };
  const [a, b] = [share(tp, fp), share(fn, tn)];
  const given = a * positives;
  const applies = given + b * negatives;
  const total = positives + negatives;
  return {
    given,
    applies,
    tagability: given / applies,
    specificity: ((1 - b) * negatives) / (total - applies),
    prevalence: applies / total,
  };
}

function orNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
