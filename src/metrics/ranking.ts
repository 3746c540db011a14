/** Clips sorted by score once, and the two ranking measures read off that order for any weighting of the clips. */

/** Known clips of one tag in the order of falling score; every array has one entry a known clip. */
export interface Ranking {
  /** Clip index at each rank. */
  clip: Int32Array;
  /** 1 where the clip at this rank carries the tag. */
  positive: Uint8Array;
  /** 1 at the last rank of a run of equal scores: no threshold falls inside such a run. */
  endsTie: Uint8Array;
}

export interface RankingMeasures {
  /** NaN where one class is absent. */
  rocAuc: number;
  /** NaN where no clip is positive. */
  averagePrecision: number;
}

/**
 * Sorts the clips whose label is known by falling score.
 *
 * @param labels 0 or 1, NaN where it is unknown, `[clips]`.
 * @param scores Finite, higher means more likely positive, `[clips]`.
 * @throws RangeError if the lengths differ, a label is neither 0, 1 nor NaN, or a score is not finite.
 */
export function rankByScore(labels: ArrayLike<number>, scores: ArrayLike<number>): Ranking {
  const clips = labels.length;
  if (scores.length !== clips) {
    throw new RangeError(
      `rankByScore: needs one score a label; got ${scores.length} scores, ${clips} labels.`,
    );
  }
  for (let i = 0; i < clips; i++) {
    if (labels[i] !== 0 && labels[i] !== 1 && !Number.isNaN(labels[i])) {
      throw new RangeError(
        `rankByScore: labels must be 0 or 1, or NaN where unknown; got ${labels[i]} at clip ${i}.`,
      );
    }
    if (!Number.isFinite(scores[i])) {
      throw new RangeError(
        `rankByScore: scores must be finite; got ${scores[i]} at clip ${i}. A model whose training diverged gives such scores.`,
      );
    }
  }

  const known = Int32Array.from({ length: clips }, (_, i) => i).filter((i) => !Number.isNaN(labels[i]));
  const clip = known.sort((a, b) => scores[b] - scores[a]);
  return {
    clip,
    positive: Uint8Array.from(clip, (index) => labels[index]),
    endsTie: Uint8Array.from(clip, (index, rank) => Number(scores[index] !== scores[clip[rank + 1]])),
  };
}

/**
 * ROC-AUC and average precision of a ranking in one pass.
 *
 * ROC-AUC is the Mann-Whitney statistic: the share of (positive, negative) pairs in which the positive scores higher,
 * a tie counting one half. Average precision is the sum over thresholds of (recall gained) × precision, without
 * interpolation, equal scores being one threshold: scikit-learn's `average_precision_score`.
 *
 * @param multiplicity How often each clip counts, `[clips]`, by clip index (a bootstrap resample); default once each.
 */
export function measureRanking(ranking: Ranking, multiplicity?: Int32Array): RankingMeasures {
  const { clip, positive, endsTie } = ranking;
  let [positives, negatives] = [0, 0]; // with a score above the current run of ties
  let [tiedPositives, tiedNegatives] = [0, 0];
  let pairsWon = 0;
  let precisionSum = 0; // precision at each positive's threshold

  for (let rank = 0; rank < clip.length; rank++) {
    const count = multiplicity === undefined ? 1 : multiplicity[clip[rank]];
    if (positive[rank] === 1) tiedPositives += count;
    else tiedNegatives += count;

    if (endsTie[rank] === 0) continue;
    pairsWon += tiedNegatives * (positives + tiedPositives / 2);
    positives += tiedPositives;
    negatives += tiedNegatives;
    if (tiedPositives > 0) precisionSum += (tiedPositives * positives) / (positives + negatives);
    tiedPositives = tiedNegatives = 0;
  }
  return { rocAuc: pairsWon / (positives * negatives), averagePrecision: precisionSum / positives };
}
