/** Mel scales and the mel filterbank matrix. */
import { requireInteger, requireOneOf, requirePositive } from './checks.ts';

export const melScales = ['slaney', 'htk'] as const;
export type MelScale = (typeof melScales)[number];

export const melNorms = ['slaney', null] as const;
export type MelNorm = (typeof melNorms)[number];

// Slaney 1998, "Auditory Toolbox" version 2: linear below 1 kHz, 27 logarithmic steps per factor of 6.4 above.
const hzPerLinearMel = 200 / 3;
const breakHz = 1000;
const breakMel = breakHz / hzPerLinearMel;
const logStep = Math.log(6.4) / 27;

/** Frequency in Hz to mel. `htk`: 2595·log10(1 + f/700) (O'Shaughnessy 1987). */
export function hzToMel(hz: number, scale: MelScale = 'slaney'): number {
  if (scale === 'htk') return 2595 * Math.log10(1 + hz / 700);
  return hz < breakHz ? hz / hzPerLinearMel : breakMel + Math.log(hz / breakHz) / logStep;
}

/** Mel to frequency in Hz, the inverse of {@link hzToMel}. */
export function melToHz(mel: number, scale: MelScale = 'slaney'): number {
  if (scale === 'htk') return 700 * (10 ** (mel / 2595) - 1);
  return mel < breakMel ? mel * hzPerLinearMel : breakHz * Math.exp(logStep * (mel - breakMel));
}

/** `n` frequencies in Hz, equally spaced in mel from `fMin` to `fMax` inclusive (librosa's `mel_frequencies`). */
export function melFrequencies(
  n: number,
  fMin: number,
  fMax: number,
  scale: MelScale = 'slaney',
): Float64Array {
  const low = hzToMel(fMin, scale);
  const high = hzToMel(fMax, scale);
  return Float64Array.from({ length: n }, (_, i) =>
    melToHz(low + ((high - low) * i) / Math.max(1, n - 1), scale),
  );
}

export interface MelFilterbankOptions {
  /** Hz. */
  sampleRate: number;
  /** DFT length in samples; the matrix has `1 + floor(nFft / 2)` rows. */
  nFft: number;
  /** Number of bands. Default 128. */
  nMels?: number;
  /** Lowest edge, Hz. Default 0. */
  fMin?: number;
  /** Highest edge, Hz. Default `sampleRate / 2`. */
  fMax?: number;
  /** Default `'slaney'`. */
  melScale?: MelScale;
  /** `'slaney'` gives every triangle unit area in Hz; null leaves its peak at 1. Default `'slaney'`. */
  norm?: MelNorm;
}

/**
 * Triangular mel filters as a row-major matrix `[bins, mels]`, to be multiplied from the right of `[frames, bins]`.
 *
 * Same numbers as librosa 0.11 `filters.mel`, transposed.
 *
 * @throws RangeError if a count or frequency is out of range.
 * @example melFilterbank({ sampleRate: 16000, nFft: 512, nMels: 64 }) // Float32Array of 257 × 64
 */
export function melFilterbank(options: MelFilterbankOptions): Float32Array {
  const { sampleRate, nFft, nMels = 128, fMin = 0, melScale = 'slaney', norm = 'slaney' } = options;
  const fMax = options.fMax ?? sampleRate / 2;
  requirePositive('melFilterbank: sampleRate', sampleRate);
  requireInteger('melFilterbank: nFft', nFft, 2, 'samples');
  requireInteger('melFilterbank: nMels', nMels, 1, 'band');
  requireOneOf('melFilterbank: melScale', melScale, melScales);
  requireOneOf('melFilterbank: norm', norm, melNorms);
  // no audio band ends below 100 Hz; 8 for 8000 Hz is the usual slip
  const slip = fMax < 100 && sampleRate >= 1000 ? ' Was the frequency given in kHz?' : '';
  if (slip || !(fMin >= 0 && fMin < fMax && fMax <= sampleRate / 2)) {
    throw new RangeError(
      `melFilterbank: needs 0 <= fMin < fMax <= ${sampleRate / 2} Hz (half of sampleRate); ` +
        `got fMin=${fMin} Hz, fMax=${fMax} Hz.${slip}`,
    );
  }
  return triangularFilters(melFrequencies(nMels + 2, fMin, fMax, melScale), { sampleRate, nFft, norm });
}

/**
 * Triangles from each edge over the next to the one after, as a row-major matrix `[bins, edges.length - 2]`.
 *
 * @param edges Hz, rising.
 */
export function triangularFilters(
  edges: Float64Array,
  { sampleRate, nFft, norm }: { sampleRate: number; nFft: number; norm: MelNorm },
): Float32Array {
  const nBins = 1 + Math.floor(nFft / 2);
  const nBands = edges.length - 2;
  const matrix = new Float32Array(nBins * nBands);
  for (let band = 0; band < nBands; band++) {
    const [left, centre, right] = [edges[band], edges[band + 1], edges[band + 2]];
    const gain = norm === 'slaney' ? 2 / (right - left) : 1;
    for (let bin = 0; bin < nBins; bin++) {
      const hz = (bin * sampleRate) / nFft;
      const rising = (hz - left) / (centre - left);
      const falling = (right - hz) / (right - centre);
      matrix[bin * nBands + band] = gain * Math.max(0, Math.min(rising, falling));
    }
  }
  return matrix;
}

/**
 * Where the columns of a row-major matrix `[bins, bands]` are not zero: `[first, end)` in bins for each band, one pair
 * behind the other; `[0, 0)` for a band of zeros.
 *
 * @example nonZeroSpans(Float32Array.of(0, 1,  2, 0,  3, 0), 2) // [1, 3,  0, 1]
 */
export function nonZeroSpans(matrix: Float32Array, nBands: number): Int32Array {
  const spans = new Int32Array(2 * nBands);
  for (let i = 0; i < matrix.length; i++) {
    if (matrix[i] === 0) continue;
    const bin = Math.floor(i / nBands);
    const at = 2 * (i % nBands);
    if (spans[at + 1] === 0) spans[at] = bin;
    spans[at + 1] = bin + 1;
  }
  return spans;
}
