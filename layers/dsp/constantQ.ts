/** Constant-Q and variable-Q kernels: a bank of wavelets, octave by octave, each at the lowest rate that holds it. */
import { requireInteger, requireOneOf, requirePositive } from './checks.ts';
import { norms, type Norm } from './norms.ts';
import {
  waveletForms,
  waveletKernels,
  type Wavelet,
  type WaveletForm,
  type WaveletKernels,
} from './waveletKernels.ts';
import { getWindow, type WindowName } from './windows.ts';

/** C1, by MIDI note 24 of a scale with A4 = 440 Hz: librosa's lowest note. */
export const c1Hz = 440 * 2 ** ((24 - 69) / 12);

export interface ConstantQOptions {
  /** Hz. */
  sampleRate: number;
  /** Distance of frames, samples. Default 512. The more often 2 divides it, the more octaves run at a lower rate. */
  hopLength?: number;
  /** Centre of the lowest bin, Hz. Default C1, 32.703 Hz. */
  fMin?: number;
  /** Default 84: seven octaves of twelve. */
  nBins?: number;
  /** Default 12. */
  binsPerOctave?: number;
  /** Shifts every centre by this many bins. Default 0. */
  tuning?: number;
  /** Scales the length of every wavelet: below 1 sharper in time, above 1 in frequency. Default 1. */
  filterScale?: number;
  /** Widens every band by as many Hz (VQT); `'erb'` takes the ear's bandwidths; 0 is constant Q. Default 0. */
  gamma?: number | 'erb';
  /**
   * Each wavelet is divided by this norm of its samples at `sampleRate`: 1 the sum of magnitudes, 2 the root of the sum
   * of squares, `'inf'` the largest, null not at all; then multiplied by its length. Default 1: a sine of amplitude A
   * at a bin's centre reads `A / 2 · length`, with `scale` `A / 2 · √length`.
   */
  norm?: Norm;
  /** Divide every bin by the square root of its wavelet's length in samples at `sampleRate`. Default true. */
  scale?: boolean;
  /** `'hann'`, `'hamming'`, `'blackman'` or `'boxcar'`. Default `'hann'`. */
  window?: WindowName;
  /**
   * `'librosa'` samples each octave's wavelets at that octave's own rate, which rounds their lengths to whole samples
   * there, and keeps the positive half of their spectrum: a few percent of the peak away from a correlation.
   * `'direct'` gives the numbers of a direct correlation with wavelets at `sampleRate`. Default `'librosa'`.
   */
  wavelets?: WaveletForm;
}

/** One octave's wavelets, at the rate `sampleRate / 2 ** decimations`. */
export interface ConstantQOctave extends WaveletKernels {
  /** How often the signal is halved before. */
  decimations: number;
  /** Index of the octave's lowest bin. */
  firstBin: number;
}

/** Centres of the bins, Hz (librosa's `cqt_frequencies`). */
export function constantQFrequencies(
  options: Pick<ConstantQOptions, 'fMin' | 'nBins' | 'binsPerOctave' | 'tuning'> = {},
): Float64Array {
  const { fMin = c1Hz, nBins = 84, binsPerOctave = 12, tuning = 0 } = options;
  return Float64Array.from({ length: nBins }, (_, bin) => fMin * 2 ** ((bin + tuning) / binsPerOctave));
}

/**
 * Lengths of the wavelets in samples at `sampleRate`, not rounded: `Q · sampleRate / (f + gamma / alpha)` with
 * `Q = filterScale / alpha` and alpha the relative distance of bins (librosa 0.11 `wavelet_lengths`).
 */
export function constantQLengths(options: ConstantQOptions): Float64Array {
  const { sampleRate, filterScale = 1 } = options;
  const alpha = relativeBandwidth(options);
  const gamma = gammaHz(options);
  return constantQFrequencies(options).map(
    (hz) => ((filterScale / alpha) * sampleRate) / (hz + gamma / alpha),
  );
}

/**
 * The kernels of a constant-Q transform, highest octave first.
 *
 * The bins are split into octaves from the top, and an octave whose band allows it is computed on a signal halved in
 * rate as often as `hopLength` can be halved (Schörkhuber & Klapuri 2010, "Constant-Q transform toolbox for music
 * processing"). Same wavelets, rates and scale as librosa 0.11 `vqt` with `sparsity=0`, but for norms other than 1:
 * librosa takes those at each octave's own rate, so that its level jumps between octaves.
 *
 * @throws RangeError if an option is out of range, or the highest bin reaches beyond half of `sampleRate`.
 * @example constantQOctaves({ sampleRate: 22050 })[6].decimations // 6: C1 to B1 at 344.5 Hz
 */
export function constantQOctaves(options: ConstantQOptions): ConstantQOctave[] {
  requireConstantQ('constantQOctaves', options);
  const { nBins = 84, binsPerOctave = 12 } = options;
  const wavelets = waveletsOf(options);
  return countDecimations(options).map((decimations, octave) => {
    const end = nBins - octave * binsPerOctave;
    const firstBin = Math.max(0, end - binsPerOctave);
    return { decimations, firstBin, ...waveletKernels(wavelets.slice(firstBin, end), decimations, options) };
  });
}

/** Centre and length of every bin's wavelet. */
function waveletsOf(options: ConstantQOptions): Wavelet[] {
  const { sampleRate } = options;
  const lengths = constantQLengths(options);
  return Array.from(constantQFrequencies(options), (hz, bin) => ({
    radians: (2 * Math.PI * hz) / sampleRate,
    length: lengths[bin],
  }));
}

/** @throws RangeError if an option is out of range, or the highest bin reaches beyond half of `sampleRate`. */
export function requireConstantQ(what: string, options: ConstantQOptions): void {
  const { sampleRate, hopLength = 512, fMin = c1Hz, nBins = 84, binsPerOctave = 12, tuning = 0 } = options;
  const { filterScale = 1, gamma = 0, norm = 1, window = 'hann', wavelets = 'librosa' } = options;
  requirePositive(`${what}: sampleRate`, sampleRate);
  requireInteger(`${what}: hopLength`, hopLength, 1, 'sample');
  requirePositive(`${what}: fMin`, fMin);
  requireInteger(`${what}: nBins`, nBins, 1, 'bin');
  requireInteger(`${what}: binsPerOctave`, binsPerOctave, 1, 'bin');
  if (!Number.isFinite(tuning)) {
    throw new RangeError(`${what}: tuning must be a finite number of bins; got ${tuning}.`);
  }
  requirePositive(`${what}: filterScale`, filterScale);
  if (gamma !== 'erb' && !(gamma >= 0 && Number.isFinite(gamma))) {
    throw new RangeError(`${what}: gamma must be a number >= 0 Hz, or 'erb'; got ${gamma}.`);
  }
  requireOneOf(`${what}: norm`, norm, norms);
  requireOneOf(`${what}: wavelets`, wavelets, waveletForms);
  getWindow(window, 1); // refuses a window that is none
  const reach = bandEdges(options);
  const fits = reach.findIndex((hz) => hz > sampleRate / 2);
  if (fits !== -1) {
    throw new RangeError(
      `${what}: nBins=${nBins} from fMin=${round(fMin)} Hz reaches ${round(reach[nBins - 1])} Hz, beyond half of ` +
        `sampleRate (${sampleRate / 2} Hz). ` +
        (fits === 0 ? 'Lower fMin or raise sampleRate.' : `At most ${fits} bins fit: lower nBins or fMin.`),
    );
  }
}

/** Equivalent noise bandwidths in bins, as librosa 0.11's table WINDOW_BANDWIDTHS has them. */
const noiseBandwidths: Record<WindowName, number> = {
  hann: 1.50018310546875,
  hamming: 1.3629455320350348,
  blackman: 1.7269681554262326,
  boxcar: 1,
};

/** Part of the band that the halving of the rate leaves as it is; the low-pass of `halfRate.ts` is made for it. */
const passedBand = 0.9;

/** Highest part of a halved band that wavelets sampled at the full rate may fill: their sidelobes fall beyond. */
const filledBand = 0.45;

/** How often each octave's signal is halved, highest octave first. */
function countDecimations(options: ConstantQOptions): number[] {
  const { sampleRate, hopLength = 512, nBins = 84, binsPerOctave = 12, wavelets = 'librosa' } = options;
  const nOctaves = Math.ceil(nBins / binsPerOctave);
  const reach = bandEdges(options);
  const twos = countTwos(hopLength);
  // librosa's early downsampling: the highest octave ends between a quarter and half of the band
  const spare = Math.ceil(Math.log2(sampleRate / 2 / Math.max(...reach))) - 2;
  const early = Math.max(0, Math.min(spare, twos - nOctaves + 1));
  return Array.from({ length: nOctaves }, (_, octave) => {
    const edge = reach[nBins - 1 - octave * binsPerOctave];
    const wanted = wavelets === 'librosa' ? early + octave : twos;
    const filled = wavelets === 'librosa' ? passedBand : filledBand;
    const held = Math.floor(Math.log2((filled * sampleRate) / 2 / edge));
    return Math.max(0, Math.min(wanted, twos, held));
  });
}

/** How far each bin's band reaches, Hz (librosa 0.11 `wavelet_lengths`, its cutoff). */
function bandEdges(options: ConstantQOptions): Float64Array {
  const { filterScale = 1, window = 'hann' } = options;
  const relative = (0.5 * noiseBandwidths[window] * relativeBandwidth(options)) / filterScale;
  return constantQFrequencies(options).map((hz) => hz * (1 + relative) + 0.5 * gammaHz(options));
}

/** Distance of neighbouring bins relative to their frequency: `(r² − 1) / (r² + 1)`, r the ratio of neighbours. */
function relativeBandwidth({ binsPerOctave = 12 }: ConstantQOptions): number {
  const squared = 2 ** (2 / binsPerOctave);
  return (squared - 1) / (squared + 1);
}

/** The ear's bandwidth is `24.7 + 0.108 f` Hz (Glasberg & Moore 1990), so that gamma is `alpha · 24.7 / 0.108`. */
function gammaHz(options: ConstantQOptions): number {
  const { gamma = 0 } = options;
  return gamma === 'erb' ? (relativeBandwidth(options) * 24.7) / 0.108 : gamma;
}

/** How often 2 divides `n`. */
function countTwos(n: number): number {
  return n % 2 === 0 ? 1 + countTwos(n / 2) : 0;
}

function round(hz: number): number {
  return Number(hz.toPrecision(6));
}
