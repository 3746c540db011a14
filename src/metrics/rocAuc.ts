import { measureRanking, rankByScore } from './ranking.ts';

/**
 * Area under the ROC curve of one tag: the chance that a clip with the tag scores higher than one without, ties
 * counting one half. Same number as scikit-learn 1.9 `roc_auc_score`; NaN where one class is absent.
 *
 * @param labels 0 or 1, `[clips]`; NaN where it is unknown, and the clip is left out.
 * @param scores Finite, higher means more likely, `[clips]`.
 * @throws RangeError if the lengths differ, a label is neither 0, 1 nor NaN, or a score is not finite.
 * @example rocAuc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]) // 0.75
 */
export function rocAuc(labels: ArrayLike<number>, scores: ArrayLike<number>): number {
  return measureRanking(rankByScore(labels, scores)).rocAuc;
}
