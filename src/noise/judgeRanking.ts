/** How well a ranking of suspects finds errors that are known. */
import { averagePrecision } from '../metrics/averagePrecision.ts';
import { rocAuc } from '../metrics/rocAuc.ts';
import { wilsonInterval } from '../metrics/wilsonInterval.ts';

export interface PrecisionAt {
  k: number;
  /** Known errors among the first k. */
  found: number;
  precision: number;
  /** Wilson's, 95 %. */
  interval: [number, number];
  /** Precision over the share of errors among all: 1 is chance. */
  lift: number;
  /** Mean of the error probabilities of the first k; null where some cannot be told. */
  expected: number | null;
}

export interface RankingJudgement {
  /** What was ranked, and how many of them are known errors. */
  items: number;
  errors: number;
  /** Precision that chance gives: errors / items. */
  chance: number;
  averagePrecision: number;
  rocAuc: number;
  precisionAt: PrecisionAt[];
}

/**
 * Precision of the first k for each k, and average precision of the whole ranking.
 *
 * @param wrong 1 for a known error, in the order of the ranking.
 * @param errorProbability As the ranking expects it, in its order.
 * @param ks Each >= 1; those beyond the ranking's end are left out, as is one that stands twice.
 * @throws RangeError if nothing or everything is an error, or a k is not a whole number >= 1.
 * @example judgeRanking([1, 0, 0, 0], [0.9, 0.5, 0.1, 0], [1]).precisionAt[0].lift // 4
 */
export function judgeRanking(
  wrong: ArrayLike<number>,
  errorProbability: ArrayLike<number | null>,
  ks: readonly number[],
): RankingJudgement {
  const items = wrong.length;
  const errors = Array.from(wrong).reduce((sum, value) => sum + value, 0);
  if (!(errors > 0 && errors < items)) {
    throw new RangeError(`judgeRanking: needs known errors and others; got ${errors} errors of ${items}.`);
  }
  const chance = errors / items;
  const descending = Array.from({ length: items }, (_, rank) => -rank);
  const precisionAt = [...new Set(ks)]
    .filter((k) => k <= items)
    .sort((a, b) => a - b)
    .map((k): PrecisionAt => {
      if (!(Number.isInteger(k) && k >= 1)) throw new RangeError(`judgeRanking: k must be >= 1; got ${k}.`);
      const found = Array.from({ length: k }, (_, rank) => wrong[rank]).reduce(
        (sum, value) => sum + value,
        0,
      );
      return {
        k,
        found,
        precision: found / k,
        interval: wilsonInterval(found, k),
        lift: found / k / chance,
        expected: expectedPrecision(errorProbability, k),
      };
    });
  return {
    items,
    errors,
    chance,
    averagePrecision: averagePrecision(wrong, descending),
    rocAuc: rocAuc(wrong, descending),
    precisionAt,
  };
}

/** Mean error probability of the first k of a ranking; null where some cannot be told. */
export function expectedPrecision(errorProbability: ArrayLike<number | null>, k: number): number | null {
  let sum = 0;
  for (let rank = 0; rank < k; rank++) {
    const probability = errorProbability[rank];
    if (probability === null) return null;
    sum += probability;
  }
  return sum / k;
}
