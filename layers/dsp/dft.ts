/** The discrete Fourier transform as a matrix, for products on the engine. */

/**
 * Windowed DFT kernels, row-major `[window.length, 2 * bins]`: columns 0 … bins−1 give the real part, the rest the
 * imaginary part of `Σ window[n]·x[n]·exp(−2πi·k·n/N)`, with `bins = 1 + floor(N / 2)`.
 *
 * @example dftKernels(Float64Array.of(1, 1)) // [1, 1, 0, 0,  1, -1, 0, 0]
 */
export function dftKernels(window: Float64Array): Float32Array {
  const nFft = window.length;
  const nBins = 1 + Math.floor(nFft / 2);
  const kernels = new Float32Array(nFft * 2 * nBins);
  for (let n = 0; n < nFft; n++) {
    for (let k = 0; k < nBins; k++) {
      // k·n is reduced modulo N before the cosine, so that large products lose no digits
      const angle = (2 * Math.PI * ((k * n) % nFft)) / nFft;
      kernels[n * 2 * nBins + k] = window[n] * Math.cos(angle);
      kernels[n * 2 * nBins + nBins + k] = -window[n] * Math.sin(angle) + 0;
    }
  }
  return kernels;
}
