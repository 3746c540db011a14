/** The logarithmic filterbank matrix: bands at equal musical intervals. */
import { requireInteger, requirePositive } from './checks.ts';

export interface LogFilterbankOptions {
  /** Hz. */
  sampleRate: number;
  /** DFT length in samples; the matrix has `1 + floor(nFft / 2)` rows. */
  nFft: number;
  /** Number of bands. Default 84, seven octaves. */
  nBands?: number;
  /** Default 12. */
  binsPerOctave?: number;
  /** Centre of the lowest band, Hz. Default 32.70319566, the note C1. */
  fMin?: number;
  /** Deviation of each band, as a part of the distance between bands, > 0. Default 0.125. */
  spread?: number;
}

/**
 * Log-normal filters whose values sum to 1, as a row-major matrix `[bins, bands]`, to be multiplied from the right of
 * `[frames, bins]`. Band b is centred at `fMin · 2^(b / binsPerOctave)`.
 *
 * Same numbers as Kapre 0.4.1 `backend.filterbank_log`, which has them from librosa 0.4 `filters.logfrequency`.
 *
 * @throws RangeError if an option is out of range, or the last band ends above half the sampling rate.
 * @example logFilterbank({ sampleRate: 16000, nFft: 2048, nBands: 84 }) // Float32Array of 1025 × 84
 */
export function logFilterbank(options: LogFilterbankOptions): Float32Array {
  const { sampleRate, nFft, nBands = 84, binsPerOctave = 12, fMin = 32.70319566, spread = 0.125 } = options;
  requirePositive('logFilterbank: sampleRate', sampleRate);
  requireInteger('logFilterbank: nFft', nFft, 2, 'samples');
  requireInteger('logFilterbank: nBands', nBands, 1, 'band');
  requireInteger('logFilterbank: binsPerOctave', binsPerOctave, 1, 'band');
  requirePositive('logFilterbank: fMin', fMin);
  requirePositive('logFilterbank: spread', spread);
  const end = fMin * 2 ** (nBands / binsPerOctave);
  if (end > sampleRate / 2) {
    throw new RangeError(
      `logFilterbank: ${nBands} bands from ${fMin} Hz at ${binsPerOctave} an octave end at ${Math.round(end)} Hz, ` +
        `above half of sampleRate=${sampleRate} Hz. Lower nBands or fMin, or raise binsPerOctave.`,
    );
  }
  const nBins = 1 + Math.floor(nFft / 2);
  const sigma = spread / binsPerOctave;
  const matrix = new Float32Array(nBins * nBands);
  for (let band = 0; band < nBands; band++) {
    const centre = Math.log2(fMin) + band / binsPerOctave;
    const weights = new Float64Array(nBins); // 0 Hz has no logarithm and no weight
    for (let bin = 1; bin < nBins; bin++) {
      const octaves = Math.log2((bin * sampleRate) / nFft);
      weights[bin] = Math.exp(-0.5 * ((octaves - centre) / sigma) ** 2 - Math.log2(sigma) - octaves);
    }
    const sum = weights.reduce((total, weight) => total + weight, 0);
    if (sum < 2 ** -1022) continue; // librosa leaves what is below the smallest normal float64
    for (let bin = 0; bin < nBins; bin++) matrix[bin * nBands + band] = weights[bin] / sum;
  }
  return matrix;
}
