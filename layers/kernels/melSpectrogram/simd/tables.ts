/** Constants of the transform, computed in float64: what the kernels' `tables` points to. */

/**
 * Half of the window, the factors that split the transform of real frames, the twiddle factors of each radix-4 pass:
 * see assembly/spectrogram.as and assembly/fourier.as.
 *
 * @param window A power of two of at least 4 samples.
 */
export function transformTables(window: Float32Array): Float32Array {
  const factors = cachedFactors(window.length);
  const tables = new Float32Array(window.length + factors.length);
  tables.set(window.map((value) => value / 2)); // exact
  tables.set(factors, window.length);
  return tables;
}

// Few lengths are used in a process, and each is small.
const cache = new Map<number, Float32Array>();

function cachedFactors(nFft: number): Float32Array {
  const factors = cache.get(nFft) ?? computeFactors(nFft);
  cache.set(nFft, factors);
  return factors;
}

function computeFactors(nFft: number): Float32Array {
  const factors: number[] = [];
  /** exp(-2 pi i k / n) */
  const push = (k: number, n: number) =>
    factors.push(Math.cos((2 * Math.PI * k) / n), -Math.sin((2 * Math.PI * k) / n));
  for (let k = 0; k <= nFft / 4; k++) push(k, nFft);
  for (let points = nFft / 2; points >= 4; points /= 4) {
    for (let group = 1; group < points / 4; group++) {
      for (const times of [1, 2, 3]) push(times * group, points);
    }
  }
  return Float32Array.from(factors);
}
