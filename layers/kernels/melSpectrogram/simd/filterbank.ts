/** A filterbank as the kernels take it. */
import type { ArenaScope } from '../../simd/threads/arena.ts';

/**
 * @param filterbank `[bins, bands]`, row-major.
 * @param spans Where its columns are not zero, as in `MelShape`; without, all of it is taken.
 * @returns Pointers; that to the spans is 0 where all of it is taken.
 */
export function storeFilterbank(
  scope: ArenaScope,
  filterbank: Float32Array,
  nBands: number,
  spans: Int32Array | undefined,
): { spans: number; weights: number } {
  const nBins = filterbank.length / nBands;
  const whole = spans && wholeFours(spans, nBins);
  if (whole === undefined) return { spans: 0, weights: scope.store(dense(filterbank, nBands)) };
  const weights: number[] = [];
  for (let band = 0; band < nBands; band++) {
    for (let bin = whole[2 * band]; bin < whole[2 * band + 1]; bin++) {
      weights.push(filterbank[bin * nBands + band]);
    }
  }
  return { spans: scope.storeWords(whole), weights: scope.store(weights) };
}

/**
 * Each `[first, end)` widened to a multiple of four bins, those that come in having weight 0; undefined where one does not
 * fit into `nBins`.
 */
function wholeFours(spans: Int32Array, nBins: number): Int32Array | undefined {
  const whole = new Int32Array(spans.length);
  for (let at = 0; at < spans.length; at += 2) {
    const length = Math.ceil((spans[at + 1] - spans[at]) / 4) * 4;
    if (length > nBins) return undefined;
    whole[at] = Math.min(spans[at], nBins - length);
    whole[at + 1] = whole[at] + length;
  }
  return whole;
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
