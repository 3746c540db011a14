/** From frequency bins to pitch classes: the matrices behind chroma. */
import { requireInteger, requireOneOf, requirePositive } from './checks.ts';
import { c1Hz } from './constantQ.ts';
import { normOf, norms, type Norm } from './norms.ts';

export interface ChromaFilterbankOptions {
  /** Hz. */
  sampleRate: number;
  /** DFT length in samples; the matrix has `1 + floor(nFft / 2)` rows. */
  nFft: number;
  /** Pitch classes in an octave. Default 12. */
  nChroma?: number;
  /** Deviation of the recording from A4 = 440 Hz, in parts of a pitch class. Default 0. */
  tuning?: number;
  /** Middle of the octaves that count, in octaves above 27.5 Hz. Default 5. */
  ctroct?: number;
  /** How many octaves count, as the width of a Gaussian; null weighs all alike. Default 2. */
  octwidth?: number | null;
  /** Norm of every bin's weights before octaves are weighed. Default 2. */
  norm?: Norm;
  /** Start at C; false starts at A. Default true. */
  baseC?: boolean;
}

/**
 * Weights from the bins of a spectrum to pitch classes, row-major `[bins, nChroma]`: a Gaussian around each pitch class
 * in every octave, with less weight to octaves far from `ctroct`.
 *
 * Same numbers as librosa 0.11 `filters.chroma`, transposed; after Ellis 2007, "Chroma feature analysis and synthesis".
 *
 * @throws RangeError if an option is out of range.
 * @example chromaFilterbank({ sampleRate: 22050, nFft: 2048 }) // Float32Array of 1025 × 12
 */
export function chromaFilterbank(options: ChromaFilterbankOptions): Float32Array {
  requireChromaFilterbank('chromaFilterbank', options);
  const { sampleRate, nFft, nChroma = 12, tuning = 0, ctroct = 5, octwidth = 2, norm = 2, baseC = true } = options; // prettier-ignore
  const a0 = 27.5 * 2 ** (tuning / nChroma);
  // in pitch classes above A0; bin 0, which has none, is put 1.5 octaves below bin 1
  const pitches = Float64Array.from(
    { length: nFft },
    (_, k) => nChroma * Math.log2((k * sampleRate) / nFft / a0),
  );
  pitches[0] = pitches[1] - 1.5 * nChroma;
  const half = roundHalfEven(nChroma / 2);
  const first = baseC ? 3 * Math.floor(nChroma / 12) : 0; // C is three semitones above A
  const nBins = 1 + Math.floor(nFft / 2);
  const matrix = new Float32Array(nBins * nChroma);
  for (let bin = 0; bin < nBins; bin++) {
    const width = bin + 1 < nFft ? Math.max(1, pitches[bin + 1] - pitches[bin]) : 1;
    const bumps = Float64Array.from({ length: nChroma }, (_, chroma) => {
      const away = modulo(pitches[bin] - modulo(chroma + first, nChroma) + half, nChroma) - half;
      return Math.exp(-0.5 * ((2 * away) / width) ** 2);
    });
    const octave =
      octwidth === null ? 1 : Math.exp(-0.5 * ((pitches[bin] / nChroma - ctroct) / octwidth) ** 2);
    const gain = octave / normOf(bumps, norm);
    matrix.set(bumps.map((bump) => bump * gain), bin * nChroma); // prettier-ignore
  }
  return matrix;
}

/** @throws RangeError if an option is out of range. */
export function requireChromaFilterbank(what: string, options: ChromaFilterbankOptions): void {
  const { sampleRate, nFft, nChroma = 12, tuning = 0, ctroct = 5, octwidth = 2, norm = 2 } = options;
  requirePositive(`${what}: sampleRate`, sampleRate);
  requireInteger(`${what}: nFft`, nFft, 2, 'samples');
  requireInteger(`${what}: nChroma`, nChroma, 1);
  requireOneOf(`${what}: norm`, norm, norms);
  if (octwidth !== null) requirePositive(`${what}: octwidth, unless null,`, octwidth);
  for (const [name, value] of Object.entries({ tuning, ctroct })) {
    if (!Number.isFinite(value))
      throw new RangeError(`${what}: ${name} must be a finite number; got ${value}.`);
  }
}

export interface OctaveFoldingOptions {
  /** Bins of the constant-Q transform. */
  nBins: number;
  /** Default 12. */
  binsPerOctave?: number;
  /** Pitch classes in an octave; divides `binsPerOctave`. Default 12. */
  nChroma?: number;
  /** Centre of bin 0, Hz. Default C1, 32.703 Hz. */
  fMin?: number;
  /** Start at C; false starts at A. Default true. */
  baseC?: boolean;
}

/**
 * Octave equivalence as a matrix of zeros and ones, row-major `[nBins, nChroma]`: every bin counts for the pitch class
 * that it is nearest to, in all octaves alike.
 *
 * Same numbers as librosa 0.11 `filters.cq_to_chroma`, transposed.
 *
 * @throws RangeError if an option is out of range.
 * @example octaveFolding({ nBins: 252, binsPerOctave: 36 }) // Float32Array of 252 × 12
 */
export function octaveFolding(options: OctaveFoldingOptions): Float32Array {
  requireOctaveFolding('octaveFolding', options);
  const { nBins, binsPerOctave = 12, nChroma = 12, fMin = c1Hz, baseC = true } = options;
  const merged = binsPerOctave / nChroma;
  const semitonesAboveC = modulo(12 * Math.log2(fMin / c1Hz), 12);
  const first = roundHalfEven(((semitonesAboveC - (baseC ? 0 : 9)) * nChroma) / 12);
  const matrix = new Float32Array(nBins * nChroma);
  for (let bin = 0; bin < nBins; bin++) {
    const steps = Math.floor((bin + Math.floor(merged / 2)) / merged);
    matrix[bin * nChroma + modulo(steps + first, nChroma)] = 1;
  }
  return matrix;
}

/** @throws RangeError if an option is out of range. */
export function requireOctaveFolding(what: string, options: OctaveFoldingOptions): void {
  const { nBins, binsPerOctave = 12, nChroma = 12, fMin = c1Hz } = options;
  requireInteger(`${what}: nBins`, nBins, 1, 'bin');
  requireInteger(`${what}: binsPerOctave`, binsPerOctave, 1, 'bin');
  requireInteger(`${what}: nChroma`, nChroma, 1);
  requirePositive(`${what}: fMin`, fMin);
  if (binsPerOctave % nChroma !== 0) {
    throw new RangeError(
      `${what}: binsPerOctave must be a multiple of nChroma, ${nChroma}; got ${binsPerOctave}.`,
    );
  }
}

/** In [0, m), of negative numbers too. */
function modulo(value: number, m: number): number {
  return ((value % m) + m) % m;
}

/** NumPy's rounding: a half goes to the even neighbour. */
function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
