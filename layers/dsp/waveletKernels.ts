/** Windowed sines of given lengths as kernels for a matrix product, at the rate of the signal they meet. */
import FFT from 'fft.js';
import { normOf, type Norm } from './norms.ts';
import { getWindow, type WindowName } from './windows.ts';

export const waveletForms = ['librosa', 'direct'] as const;
export type WaveletForm = (typeof waveletForms)[number];

export interface Wavelet {
  /** Phase advance per sample at the full rate, radians. */
  radians: number;
  /** Samples at the full rate, not rounded. */
  length: number;
}

export interface WaveletKernels {
  nBins: number;
  /** A frame is `2 * half` samples; its centre is sample `half`. */
  half: number;
  /** `[2 * half, 2 * nBins]`, row-major: the kernels of the real parts, then those of the imaginary parts. */
  kernels: Float32Array;
}

/**
 * Kernels for a signal whose rate has been halved `decimations` times, so that the product with a frame is the
 * correlation `gain · Σ window[n]·x[n]·exp(−i·radians·n)` at the full rate.
 *
 * The options are those of `ConstantQOptions`.
 */
export function waveletKernels(
  wavelets: Wavelet[],
  decimations: number,
  { norm = 1, scale = true, window = 'hann', wavelets: form = 'librosa' }: { norm?: Norm; scale?: boolean; window?: WindowName; wavelets?: WaveletForm }, // prettier-ignore
): WaveletKernels {
  const factor = 2 ** decimations;
  // at which rate a wavelet is sampled, and which of its samples meet the signal
  const [ratio, stride] = form === 'librosa' ? [factor, 1] : [1, factor];
  const longest = Math.max(...wavelets.map(({ length }) => length)) / factor;
  const half = form === 'librosa' ? frameOf(longest) / 2 : 1 + Math.ceil(longest / 2);
  const nBins = wavelets.length;
  const kernels = new Float32Array(2 * half * 2 * nBins);
  wavelets.forEach(({ radians, length }, bin) => {
    const { first, values } = taper(length / ratio, window);
    // a sum over samples at a rate lower by `factor` stands for one of `factor` as many terms
    const gain = (factor * (scale ? Math.sqrt(length) : length)) / fullRateNorm(values, ratio, norm);
    const conjugate = new Float64Array(4 * half); // real and imaginary parts interleaved
    values.forEach((value, i) => {
      const n = first + i;
      if (n % stride !== 0) return;
      const row = (n / stride + half) % (2 * half);
      conjugate[2 * row] = gain * value * Math.cos(radians * ratio * n);
      conjugate[2 * row + 1] = gain * value * Math.sin(radians * ratio * n);
    });
    const kept = form === 'librosa' ? positiveFrequencies(conjugate) : conjugate;
    for (let row = 0; row < 2 * half; row++) {
      kernels[row * 2 * nBins + bin] = kept[2 * row];
      kernels[row * 2 * nBins + nBins + bin] = -kept[2 * row + 1] + 0;
    }
  });
  return { nBins, half, kernels };
}

/** The power of two that holds a wavelet, as librosa pads it. */
function frameOf(length: number): number {
  return Math.max(2, 2 ** Math.ceil(Math.log2(length)));
}

/**
 * A wavelet's window over samples `first`, `first + 1` … around its centre 0. Of length l it has
 * `floor(l / 2) + ceil(l / 2)` samples, runs backwards and ends at `ceil(l / 2)`, where librosa's ends, whose product of
 * spectra is a convolution.
 */
function taper(length: number, window: WindowName): { first: number; values: Float64Array } {
  const size = Math.floor(length / 2) + Math.ceil(length / 2);
  return { first: 1 - Math.floor(length / 2), values: getWindow(window, size).reverse() };
}

/** Norm at the full rate of a window sampled at a rate lower by `ratio`: as if each sample stood for `ratio` of them. */
function fullRateNorm(values: Float64Array, ratio: number, norm: Norm): number {
  return normOf(values, norm) * (norm === 1 || norm === 2 ? ratio ** (1 / norm) : 1);
}

/** The part of a complex signal, interleaved, whose frequencies are 0 to half the rate, both included. */
function positiveFrequencies(signal: Float64Array): number[] {
  const size = signal.length / 2;
  const fft = new FFT(size);
  const spectrum = fft.createComplexArray();
  fft.transform(spectrum, signal);
  spectrum.fill(0, 2 * (size / 2 + 1));
  const kept = fft.createComplexArray();
  fft.inverseTransform(kept, spectrum);
  return kept;
}
