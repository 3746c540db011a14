/** Recordings that stand twice in a data set: their features all but coincide. */
import { fitStandardScaler } from '../transfer/standardScaler.ts';

export interface Twins {
  /** Rows of the two clips, the earlier one first. */
  first: number;
  second: number;
  /** Their distance over the median distance of a clip to its nearest: 0 is the same, 1 as far as usual. */
  distance: number;
}

/**
 * Finds pairs of clips that are each other's copy, or nearly: Euclidean distance of standardised features at most
 * `within` of the median distance of a clip to its nearest other. A repetition is a fault that no classifier hears, since
 * its label may be right; it also leaks from training into test. (On repetitions in GTZAN: Sturm 2013, arXiv:1306.1461.)
 * Each clip is paired with its nearest only. Time ∝ clips² · nFeatures.
 *
 * @param features Finite, row-major `[clips, nFeatures]`.
 * @param within In (0, 1). Default 0.1.
 * @returns nearest pairs first; none where most clips coincide with another
 * @throws RangeError if there are no two rows, or `within` is out of range.
 * @example findTwins(Float64Array.of(0, 1, 0, 7, 3), 1) // [{ first: 0, second: 2, distance: 0 }]
 */
export function findTwins(features: ArrayLike<number>, nFeatures: number, within = 0.1): Twins[] {
  const clips = features.length / nFeatures;
  if (!(within > 0 && within < 1))
    throw new RangeError(`findTwins: within must lie in (0, 1); got ${within}.`);
  if (!(Number.isInteger(clips) && clips >= 2)) {
    throw new RangeError(`findTwins: features must be [clips, ${nFeatures}] of two clips at least.`);
  }
  const scaled = fitStandardScaler(features, nFeatures).transform(features);
  const nearest = new Int32Array(clips).fill(-1);
  const distance = new Float64Array(clips).fill(Infinity);
  for (let a = 0; a < clips; a++) {
    for (let b = 0; b < a; b++) {
      const bound = Math.max(distance[a], distance[b]);
      let sum = 0;
      for (let i = 0; i < nFeatures && sum < bound; i++) {
        sum += (scaled[a * nFeatures + i] - scaled[b * nFeatures + i]) ** 2;
      }
      if (sum < distance[a]) [distance[a], nearest[a]] = [sum, b];
      if (sum < distance[b]) [distance[b], nearest[b]] = [sum, a];
    }
  }
  const median = Math.sqrt(distance.toSorted()[clips >> 1]);
  const pairs = new Map<string, Twins>();
  for (let clip = 0; clip < clips; clip++) {
    const [first, second] = [Math.min(clip, nearest[clip]), Math.max(clip, nearest[clip])];
    const share = Math.sqrt(distance[clip]) / median;
    if (share <= within) pairs.set(`${first}:${second}`, { first, second, distance: share });
  }
  return [...pairs.values()].sort((a, b) => a.distance - b.distance);
}
