import { measureRanking, rankByScore } from './ranking.ts';

/**
 * Area under the precision-recall curve of one tag ("PR-AUC"), step-wise, equal scores being one threshold.
 * A scorer that knows nothing gets about the share of positive clips. Same number as scikit-learn 1.9
 * `average_precision_score`, except that it is NaN, not 0, where no clip is positive.
 *
 * @param labels 0 or 1, `[clips]`; NaN where it is unknown, and the clip is left out.
 * @param scores Finite, higher means more likely, `[clips]`.
 * @throws RangeError if the lengths differ, a label is neither 0, 1 nor NaN, or a score is not finite.
 * @example averagePrecision([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]) // 0.8333
 */
export function averagePrecision(labels: ArrayLike<number>, scores: ArrayLike<number>): number {
  return measureRanking(rankByScore(labels, scores)).averagePrecision;
}
