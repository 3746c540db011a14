/** The smallest difference between two systems that noisy labels can tell. */
import { createRandom } from '../../datasets/random.ts';
import { drawResamples, percentileInterval } from '../metrics/bootstrapInterval.ts';
import { measureRanking, type Ranking } from '../metrics/ranking.ts';
import {
  auditedTags,
  averageOverTags,
  meanScores,
  measures,
  type GroundTruths,
  type Measure,
  type System,
} from './evaluateSystems.ts';

/** How a tag's labels come about from the truth. */
export interface TagNoiseModel {
  /** P(given | applies). */
  tagability: number;
  /** P(not given | does not apply). */
  specificity: number;
}

export interface PairDifference {
  first: string;
  second: string;
  /** Mean over tags of the first system less that of the second, by the audited and by the given labels. */
  audited: number;
  given: number;
  /** Share of draws of the labels that put the two in the order of the audited labels. */
  orderKept: number;
  /** 95 % of draws of clips and labels lie this close to their mean. */
  error: number;
}

export interface TrustedDifference {
  /**
   * Differences beyond this are not made by the labels: 95 % of the differences under redrawn labels lie within it
   * of their mean, over all pairs. The clips are the audited ones.
   */
  byLabels: number;
  /** The same with the clips redrawn too: for what is said of music at large. */
  byLabelsAndClips: number;
  /** What the noise leaves of a true difference, on average: 1 is all. Null where no two systems differ. */
  attenuation: number | null;
  pairs: PairDifference[];
}

export interface TrustedDifferenceOptions {
  /** By tag; each audited tag needs one. */
  noise: ReadonlyMap<string, TagNoiseModel>;
  seed: number;
  /** Draws of labels, >= 1. Default 1000. */
  draws?: number;
}

/**
 * Draws given labels anew from the audited ones, by each tag's noise rates and independently of all else, measures every
 * system by them, and looks how far the differences between systems scatter. That is the number which Choi et al. 2018
 * (arXiv:1706.02361) stop short of. The scatter of a difference does not hang on how large it is, so a measured
 * difference beyond it has, with 95 % confidence, the sign of the difference that endless labels of this noise would show.
 * For ROC-AUC that is the sign of the true one: noise that depends on the true label alone shrinks AUC - 1/2 by one
 * factor for all systems (Menon et al., "Learning from Corrupted Binary Labels via Class-Probability Estimation", ICML
 * 2015, corollary 3), which `attenuation` tells. For PR-AUC there is no such law.
 *
 * It takes the rates as known, and the noise of a label as independent of the clip beyond its truth, of other tags, and
 * of the systems. Where annotators err on the clips on which a system errs too, it is too small.
 *
 * @throws RangeError if an audited tag has no noise model, or sizes do not agree.
 * @example trustedDifference(systems, truths, { noise: new Map([['guitar', { tagability: 0.4, specificity: 0.99 }]]), seed: 1 })
 */
export function trustedDifference(
  systems: readonly System[],
  truths: GroundTruths,
  { noise, seed, draws = 1000 }: TrustedDifferenceOptions,
): Record<Measure, TrustedDifference> {
  const audited = auditedTags(systems, truths);
  const models = audited.map(({ tag }) => {
    const model = noise.get(tag);
    if (model === undefined) throw new RangeError(`trustedDifference: the tag "${tag}" needs noise rates.`);
    return model;
  });
  const random = createRandom(seed, 2);
  const split = audited.map((tag) => tag.rankings.map(splitRanking));
  /** Scores under labels drawn anew for every copy of every clip. */
  const drawScores = (multiplicity: Int32Array) =>
    averageOverTags(audited, ({ rows, trueLabels }, index) => {
      const { tagability, specificity } = models[index];
      const counts = new Int32Array(2 * rows.length);
      rows.forEach((row, clip) => {
        const share = trueLabels[clip] === 1 ? tagability : 1 - specificity;
        for (let copy = 0; copy < multiplicity[row]; copy++)
          counts[2 * clip + Number(random.chance(share))]++;
      });
      return split[index].map((ranking) => {
        const { rocAuc, averagePrecision } = measureRanking(ranking, counts);
        return { rocAuc, prAuc: averagePrecision };
      });
    });
  const nClips = truths.given.length / truths.tags.length;
  const fixed: Record<Measure, Float64Array>[] = [];
  const redrawn: Record<Measure, Float64Array>[] = [];
  const once = new Int32Array(nClips).fill(1);
  const multiplicity = new Int32Array(nClips);
  for (const rows of drawResamples(nClips, { seed, resamples: draws })) {
    fixed.push(drawScores(once));
    multiplicity.fill(0);
    for (const row of rows) multiplicity[row]++;
    redrawn.push(drawScores(multiplicity));
  }
  const byTruth = meanScores(audited, (tag) => tag.trueLabels);
  const byGiven = meanScores(audited, (tag) => tag.given);

  const summarise = (key: Measure): TrustedDifference => {
    const pairs = systems
      .flatMap((_, a) => systems.map((__, b) => [a, b] as const))
      .filter(([a, b]) => a < b);
    const difference = (scores: Record<Measure, Float64Array>, [a, b]: readonly [number, number]) =>
      scores[key][a] - scores[key][b];
    const details = pairs.map((pair) => {
      const byLabels = fixed.map((scores) => difference(scores, pair)).filter(Number.isFinite);
      const byBoth = redrawn.map((scores) => difference(scores, pair)).filter(Number.isFinite);
      const truth = difference(byTruth, pair);
      return { pair, truth, mean: mean(byLabels), byLabels: deviations(byLabels), byBoth: deviations(byBoth), kept: mean(byLabels.map((drawn) => Number(Math.sign(drawn) === Math.sign(truth)))) }; // prettier-ignore
    });
    const squares = details.reduce((sum, { truth }) => sum + truth ** 2, 0);
    return {
      byLabels: within95(details.flatMap(({ byLabels }) => byLabels)),
      byLabelsAndClips: within95(details.flatMap(({ byBoth }) => byBoth)),
      attenuation: squares > 0 ? details.reduce((sum, own) => sum + own.mean * own.truth, 0) / squares : null,
      pairs: details.map(({ pair, truth, kept, byBoth }) => ({
        first: systems[pair[0]].name,
        second: systems[pair[1]].name,
        audited: truth,
        given: difference(byGiven, pair),
        orderKept: kept,
        error: within95(byBoth),
      })),
    };
  };
  const [rocAuc, prAuc] = measures.map(summarise);
  return { rocAuc, prAuc };
}

/** The ranking with each clip twice, as a negative (2 · clip) and as a positive (2 · clip + 1), to be counted apart. */
function splitRanking({ clip, endsTie }: Ranking): Ranking {
  return {
    clip: Int32Array.from({ length: 2 * clip.length }, (_, at) => 2 * clip[at >> 1] + (at & 1)),
    positive: Uint8Array.from({ length: 2 * clip.length }, (_, at) => at & 1),
    endsTie: Uint8Array.from({ length: 2 * clip.length }, (_, at) => (at & 1 ? endsTie[at >> 1] : 0)),
  };
}

function deviations(values: number[]): number[] {
  const centre = mean(values);
  return values.map((value) => Math.abs(value - centre));
}

/** The bound below which 95 % of the values lie. */
function within95(values: number[]): number {
  return percentileInterval(Float64Array.from(values), 0.9).interval?.[1] ?? NaN;
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
