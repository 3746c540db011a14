/** A filterbank as the kernels take it. */
import type { ArenaScope } from '../../simd/threads/arena.ts';

/**
 * @param filterbank `[bins, bands]`, row-major.
 * @param spans Where its columns are not zero, as in `MelShape`; without, all of it is taken.
 * @returns Pointers; that to the spans is 0 without them.
 */
export function storeFilterbank(
  scope: ArenaScope,
  filterbank: Float32Array,
  nBands: number,
  spans: Int32Array | undefined,
): { spans: number; weights: number } {
  if (spans === undefined) return { spans: 0, weights: scope.store(dense(filterbank, nBands)) };
  const weights: number[] = [];
  for (let band = 0; band < nBands; band++) {
    for (let bin = spans[2 * band]; bin < spans[2 * band + 1]; bin++) {
      weights.push(filterbank[bin * nBands + band]);
    }
  }
  return { spans: scope.storeWords(spans), weights: scope.store(weights) };
}

/** `[bands / 4, rounded up][bins][4]`. */
function dense(filterbank: Float32Array, nBands: number): Float32Array {
  const nBins = filterbank.length / nBands;
  const packed = new Float32Array(Math.ceil(nBands / 4) * nBins * 4);
  for (let bin = 0; bin < nBins; bin++) {
    for (let band = 0; band < nBands; band++) {
      packed[((band >> 2) * nBins + bin) * 4 + (band & 3)] = filterbank[bin * nBands + band];
    }
  }
  return packed;
}
