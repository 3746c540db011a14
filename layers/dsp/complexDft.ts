/** The discrete Fourier transform and its inverse as matrices, real and imaginary parts side by side. */

/**
 * Windowed DFT, row-major `[window.length, 2 * bins]` with `bins = 1 + floor(nFft / 2)`: columns 2k and 2k + 1 give the
 * real and the imaginary part of `Σ window[n]·x[n]·exp(−2πi·k·n / nFft)`. A window shorter than `nFft` stands for one
 * with zeros behind.
 *
 * @example complexDftKernels(Float64Array.of(1, 1), 2) // [1, 0, 1, 0,  1, 0, -1, 0]
 */
export function complexDftKernels(window: Float64Array, nFft: number): Float32Array {
  const nBins = 1 + Math.floor(nFft / 2);
  const { cos, sin } = circle(nFft);
  const kernels = new Float32Array(window.length * 2 * nBins);
  for (let n = 0; n < window.length; n++) {
    for (let k = 0; k < nBins; k++) {
      const at = 2 * (n * nBins + k);
      kernels[at] = window[n] * cos[(k * n) % nFft];
      kernels[at + 1] = 0 - window[n] * sin[(k * n) % nFft];
    }
  }
  return kernels;
}

/**
 * Inverse of a DFT of real samples times a window, row-major `[2 * bins, window.length]`, for rows of real and
 * imaginary parts side by side. Where a real signal has no imaginary part, at 0 Hz and half the sampling rate, what
 * stands there is ignored, as NumPy's `irfft` does.
 *
 * @example inverseDftKernels(Float64Array.of(1, 1), 2) // [.5, .5,  0, 0,  .5, -.5,  0, 0]
 */
export function inverseDftKernels(window: Float64Array, nFft: number): Float32Array {
  const nBins = 1 + Math.floor(nFft / 2);
  const { cos, sin } = circle(nFft);
  const length = window.length;
  const kernels = new Float32Array(2 * nBins * length);
  for (let k = 0; k < nBins; k++) {
    const single = k === 0 || 2 * k === nFft; // all other bins stand for two, themselves and their mirror image
    const gain = (single ? 1 : 2) / nFft;
    for (let n = 0; n < length; n++) {
      kernels[2 * k * length + n] = gain * window[n] * cos[(k * n) % nFft];
      if (!single) kernels[(2 * k + 1) * length + n] = 0 - gain * window[n] * sin[(k * n) % nFft];
    }
  }
  return kernels;
}

/** Cosine and sine at `n` steps once round. */
function circle(n: number): { cos: Float64Array; sin: Float64Array } {
  const at = (f: (angle: number) => number) =>
    Float64Array.from({ length: n }, (_, i) => f((2 * Math.PI * i) / n));
  return { cos: at(Math.cos), sin: at(Math.sin) };
}
