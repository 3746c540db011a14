/** Which labels of a batch a net believes, to teach another one. */

export interface SmallLossOptions {
  /** Share of the labels given 0 that are dropped, in [0, 1]. */
  dropAbsent: number;
  /** Share of the labels given 1 that are dropped, in [0, 1]. */
  dropPresent: number;
}

/**
 * Keeps the labels with the smallest losses: of n labels given 0, the ⌈(1 − dropAbsent) · n⌉ with the smallest, and
 * likewise of those given 1. The selection of Han et al., "Co-teaching: Robust Training of Deep Neural Networks with
 * Extremely Noisy Labels" (NeurIPS 2018), arXiv:1804.06872, algorithm 1, label by label instead of clip by clip; present
 * and absent labels are kept apart, since where tags are rare every present one has a large loss.
 *
 * @param labels 0 or 1, as given
 * @param losses of each label
 * @returns 1 where a label is kept, 0 where it is dropped; of equal losses the first is kept
 * @throws RangeError if the lengths differ or a share lies outside [0, 1].
 * @example keepSmallLosses([0, 0, 1], [0.1, 2, 3], { dropAbsent: 0.5, dropPresent: 0 }) // [1, 0, 1]
 */
export function keepSmallLosses(
  labels: ArrayLike<number>,
  losses: ArrayLike<number>,
  { dropAbsent, dropPresent }: SmallLossOptions,
): Float32Array {
  if (labels.length !== losses.length) {
    throw new RangeError(
      `keepSmallLosses: needs a loss a label; got ${losses.length} and ${labels.length} labels.`,
    );
  }
  const kept = new Float32Array(labels.length);
  for (const [label, drop] of [
    [0, dropAbsent],
    [1, dropPresent],
  ]) {
    if (!(drop >= 0 && drop <= 1)) {
      throw new RangeError(`keepSmallLosses: a share to drop must lie in [0, 1]; got ${drop}.`);
    }
    const own = Array.from({ length: labels.length }, (_, at) => at).filter((at) => labels[at] === label);
    const count = Math.ceil((1 - drop) * own.length - 1e-9); // 0.9 · 10 is 9, whatever its last bit
    for (const at of own.sort((a, b) => losses[a] - losses[b]).slice(0, count)) kept[at] = 1;
  }
  return kept;
}
