/** How well a tagger's scores order clips, tag by tag and on average, with confidence intervals. */

import { drawResamples, percentileInterval } from './bootstrapInterval.ts';
import { confusionMatrix } from './confusionMatrix.ts';
import type { Ranking } from './ranking.ts';
import { measureRanking, rankByScore } from './ranking.ts';
import { wilsonInterval } from './wilsonInterval.ts';

/** Lower and upper end at 95 % confidence. */
export type Interval = [number, number];

export interface EvaluateTagsOptions {
  /** 0 or 1, NaN where it is unknown whether the tag applies; row-major `[clips, tags]`. */
  labels: Float32Array | Uint8Array;
  /** The model's output, finite, row-major `[clips, tags]`. */
  scores: Float32Array;
  /** Names in the order of the columns. */
  tags: readonly string[];
  /** True where every clip carries exactly one tag: adds accuracy and the confusion matrix. */
  exclusive: boolean;
  /** Seed of the bootstrap, an integer. Default 0. */
  seed?: number;
  /** Bootstrap resamples of the clips; 0 leaves the bootstrap intervals null (quick, for every epoch). Default 1000. */
  resamples?: number;
}

/** One tag's figures; null stands for "not defined". */
export interface TagFigures {
  tag: string;
  /** Clips that carry the tag. */
  positives: number;
  /** Clips of which it is unknown whether the tag applies, left out of the tag's figures; where there are any. */
  unknown?: number;
  rocAuc: number | null;
  rocAucInterval: Interval | null;
  /** Average precision. */
  prAuc: number | null;
  prAucInterval: Interval | null;
  /** Resamples left out of this tag's intervals, since they held clips of one kind only. */
  ignoredResamples: number;
  /** Why the tag has no figures and is left out of the means. */
  undefinedReason?: string;
}

/** Survives JSON unchanged: null stands where a figure is not defined. */
export interface TagEvaluation {
  clips: number;
  /** Bootstrap resamples behind the intervals. */
  resamples: number;
  /** Means over the tags that are defined. */
  meanRocAuc: number | null;
  meanRocAucInterval: Interval | null;
  meanPrAuc: number | null;
  meanPrAucInterval: Interval | null;
  /** In the order of `tags`. */
  perTag: TagFigures[];
  /** Share of clips whose highest score is at their tag; where tags are exclusive. */
  accuracy?: number;
  /** Wilson score interval. */
  accuracyInterval?: Interval;
  /** Clips by true tag (rows) and highest-scored tag (columns); where tags are exclusive. */
  confusion?: number[][];
}

/**
 * Evaluates a tagger: ROC-AUC and average precision ("PR-AUC") per tag and their means over tags.
 *
 * A pair of clip and tag that is unknown takes no part in the tag's figures. A tag that all known clips carry, or
 * none, has no figures, is left out of the means, and says why. Intervals are 95 %
 * percentile bootstraps over clips; a resample's mean is taken over the tags defined in that resample. With exclusive
 * tags the accuracy of the highest score is added (the first of equal ones), with its Wilson interval.
 *
 * @throws RangeError if there are no clips, sizes do not agree, a label is neither 0, 1 nor NaN, a score is not finite, or
 * a clip of exclusive tags does not carry exactly one.
 * @example evaluateTags({ labels, scores, tags: ['flute', 'drum'], exclusive: false, seed: 1 }).meanRocAuc
 */
export function evaluateTags({
  labels,
  scores,
  tags,
  exclusive,
  seed = 0,
  resamples = 1000,
}: EvaluateTagsOptions): TagEvaluation {
  const clips = labels.length / tags.length;
  if (!(Number.isInteger(clips) && clips >= 1 && scores.length === labels.length)) {
    throw new RangeError(
      `evaluateTags: labels and scores must be [clips, tags] with at least one clip and ${tags.length} tags; ` +
        `got ${labels.length} labels and ${scores.length} scores.`,
    );
  }
  const rankings = tags.map((_, tag) =>
    rankByScore(column(labels, tag, tags.length), column(scores, tag, tags.length)),
  );
  const bootstrap = resamples === 0 ? null : bootstrapTags(rankings, clips, { seed, resamples });

  const perTag = tags.map((tag, index): TagFigures => {
    const positives = rankings[index].positive.reduce((sum, value) => sum + value, 0);
    const known = rankings[index].clip.length;
    const counts = { positives, ...(known < clips && { unknown: clips - known }) };
    const undefinedReason = whyUndefined(positives, known, clips);
    if (undefinedReason !== undefined) {
      const none = { rocAuc: null, rocAucInterval: null, prAuc: null, prAucInterval: null };
      return { tag, ...counts, ...none, ignoredResamples: resamples, undefinedReason };
    }
    const { rocAuc, averagePrecision } = measureRanking(rankings[index]);
    const rocAucBootstrap = bootstrap && percentileInterval(bootstrap.rocAuc[index]);
    return {
      tag,
      ...counts,
      rocAuc,
      rocAucInterval: rocAucBootstrap?.interval ?? null,
      prAuc: averagePrecision,
      prAucInterval: bootstrap && percentileInterval(bootstrap.prAuc[index]).interval,
      ignoredResamples: rocAucBootstrap?.ignored ?? 0,
    };
  });

  return {
    clips,
    resamples,
    meanRocAuc: jsonNumber(mean(perTag.map((figures) => figures.rocAuc ?? NaN))),
    meanRocAucInterval: bootstrap && percentileInterval(meanOfTags(bootstrap.rocAuc)).interval,
    meanPrAuc: jsonNumber(mean(perTag.map((figures) => figures.prAuc ?? NaN))),
    meanPrAucInterval: bootstrap && percentileInterval(meanOfTags(bootstrap.prAuc)).interval,
    perTag,
    ...(exclusive ? evaluateClasses(labels, scores, tags.length) : {}),
  };
}

function whyUndefined(positives: number, known: number, clips: number): string | undefined {
  const group = known === clips ? `${clips} clips` : `${known} clips of which it is known`;
  if (known === 0) return `of none of the ${clips} clips it is known whether it carries this tag`;
  if (positives === 0) return `none of the ${group} carries this tag`;
  return positives === known ? `all ${group} carry this tag` : undefined;
}

/** Both measures of every tag in every resample, `[tags][resamples]`; NaN where a resample lacks one class. */
function bootstrapTags(rankings: Ranking[], clips: number, options: { seed: number; resamples: number }) {
  const rocAuc = rankings.map(() => new Float64Array(options.resamples));
  const prAuc = rankings.map(() => new Float64Array(options.resamples));
  const multiplicity = new Int32Array(clips);
  let resample = 0;
  for (const indices of drawResamples(clips, options)) {
    multiplicity.fill(0);
    for (const index of indices) multiplicity[index]++;
    for (const [tag, ranking] of rankings.entries()) {
      const measures = measureRanking(ranking, multiplicity);
      rocAuc[tag][resample] = measures.rocAuc;
      // A resample of positives only has an average precision of 1, which says nothing: leave it out like ROC-AUC.
      prAuc[tag][resample] = Number.isNaN(measures.rocAuc) ? NaN : measures.averagePrecision;
    }
    resample++;
  }
  return { rocAuc, prAuc };
}

function evaluateClasses(labels: ArrayLike<number>, scores: ArrayLike<number>, nClasses: number) {
  const trueClasses: number[] = [];
  const predictedClasses: number[] = [];
  for (let start = 0; start < labels.length; start += nClasses) {
    let [carried, trueClass, predictedClass] = [0, 0, 0];
    for (let index = 0; index < nClasses; index++) {
      if (labels[start + index] === 1) {
        carried++;
        trueClass = index;
      }
      if (scores[start + index] > scores[start + predictedClass]) predictedClass = index;
    }
    if (carried !== 1) {
      throw new RangeError(
        `evaluateTags: with exclusive tags every clip carries exactly one; clip ${start / nClasses} carries ${carried}. ` +
          'Pass exclusive: false for multi-label tagging.',
      );
    }
    trueClasses.push(trueClass);
    predictedClasses.push(predictedClass);
  }
  const confusion = confusionMatrix(trueClasses, predictedClasses, nClasses);
  const hits = confusion.reduce((sum, row, index) => sum + row[index], 0);
  return {
    accuracy: hits / trueClasses.length,
    accuracyInterval: wilsonInterval(hits, trueClasses.length),
    confusion,
  };
}

/** Mean over tags of each resample, `[resamples]`. */
function meanOfTags(values: Float64Array[]): Float64Array {
  return Float64Array.from(values[0], (_, resample) => mean(values.map((ofTag) => ofTag[resample])));
}

/** Mean of the values that are numbers; NaN where none is. */
function mean(values: number[]): number {
  const defined = values.filter((value) => !Number.isNaN(value));
  return defined.reduce((sum, value) => sum + value, 0) / defined.length;
}

function column(matrix: ArrayLike<number>, index: number, columns: number): Float64Array {
  return Float64Array.from({ length: matrix.length / columns }, (_, row) => matrix[row * columns + index]);
}

function jsonNumber(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
