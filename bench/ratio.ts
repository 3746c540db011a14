/** The arithmetic of comparisons: medians over rounds, and ratios of neighbours with their spread. */

/** A figure over rounds. */
export interface Spread {
  median: number;
  low: number;
  high: number;
}

/** The middle value, or the mean of the two in the middle. @throws RangeError if there are none. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('median: there are no values.');
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** Median, smallest and largest value. */
export function spreadOf(values: readonly number[]): Spread {
  return { median: median(values), low: Math.min(...values), high: Math.max(...values) };
}

/**
 * `ours / theirs` round by round: what disturbs the machine for longer than a round disturbs both, and cancels.
 *
 * @throws RangeError unless both have as many rounds.
 */
export function ratioOf(ours: readonly number[], theirs: readonly number[]): Spread {
  if (ours.length !== theirs.length) {
    throw new RangeError(`ratioOf: ${ours.length} rounds against ${theirs.length}; run both in every round.`);
  }
  return spreadOf(ours.map((value, round) => value / theirs[round]));
}

/** Largest difference over the largest magnitude expected: 1e-4 says that four digits of the scale agree. */
export function relativeDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Infinity;
  let [difference, scale] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    const distance = Math.abs(actual[i] - expected[i]);
    if (!(distance <= difference)) difference = distance; // NaN too
    scale = Math.max(scale, Math.abs(expected[i]));
  }
  return difference === 0 ? 0 : difference / scale;
}
