/**
 * Label smoothing of tags: t · (1 − ε) + ε / 2, which moves 0 and 1 by ε / 2 towards the toss of a coin. Szegedy et al.,
 * "Rethinking the Inception Architecture" (CVPR 2016), arXiv:1512.00567, section 7, with two classes a tag; against noise:
 * Lukasik et al., "Does label smoothing mitigate label noise?" (ICML 2020), arXiv:2003.02819.
 *
 * @param smoothing ε, in [0, 1]
 * @throws RangeError if it lies elsewhere.
 * @example smoothLabels([0, 1], 0.2) // [0.1, 0.9]
 */
export function smoothLabels(labels: ArrayLike<number>, smoothing: number): Float32Array {
  if (!(smoothing >= 0 && smoothing <= 1)) {
    throw new RangeError(
      `smoothLabels: smoothing must lie in [0, 1]; got ${smoothing}. Pass 0.1 for the usual one.`,
    );
  }
  return Float32Array.from(labels, (label) => label * (1 - smoothing) + smoothing / 2);
}
