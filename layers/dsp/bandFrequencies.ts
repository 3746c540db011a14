/** The frequencies that stand on the frequency axis of a map. */
import { requireInteger, requireOneOf, requirePositive } from './checks.ts';
import { melFrequencies, type MelScale } from './mel.ts';

/** How the bands of a map lie in frequency; a list gives them one by one, in Hz. */
export type BandScale =
  | {
      /** Bins of a DFT of even length: 0 … `sampleRate / 2`. */
      scale: 'linear';
      /** Hz. */
      sampleRate: number;
    }
  | {
      /** Centres of the bands of `melFilterbank`. */
      scale: 'mel';
      /** Hz. */
      sampleRate: number;
      /** Lowest edge, Hz. Default 0. */
      fMin?: number;
      /** Highest edge, Hz. Default `sampleRate / 2`. */
      fMax?: number;
      /** Default `'slaney'`. */
      melScale?: MelScale;
    }
  | {
      /** Equal steps in pitch, as a constant-Q transform has them. */
      scale: 'log';
      /** The first band, Hz. Default 32.703, which is C1. */
      fMin?: number;
      /** Default 12. */
      binsPerOctave?: number;
    }
  | readonly number[];

/**
 * The centre of each of `nBands` bands, Hz.
 *
 * @throws RangeError if an option is out of range, or a list holds another number of bands.
 * @example bandFrequencies({ scale: 'linear', sampleRate: 8000 }, 5) // [0, 1000, 2000, 3000, 4000]
 */
export function bandFrequencies(bands: BandScale, nBands: number): Float64Array {
  if ('length' in bands) return listedFrequencies(bands, nBands);
  requireOneOf('bands: scale', bands.scale, ['linear', 'mel', 'log']);
  if (bands.scale === 'log') {
    const { fMin = 32.70319566257483, binsPerOctave = 12 } = bands;
    requirePositive('bands: fMin', fMin);
    requireInteger('bands: binsPerOctave', binsPerOctave, 1);
    return Float64Array.from({ length: nBands }, (_, k) => fMin * 2 ** (k / binsPerOctave));
  }
  const { sampleRate } = bands;
  requirePositive('bands: sampleRate', sampleRate);
  if (bands.scale === 'linear') {
    return Float64Array.from({ length: nBands }, (_, k) => (k * sampleRate) / 2 / Math.max(1, nBands - 1));
  }
  const { fMin = 0, fMax = sampleRate / 2, melScale } = bands;
  if (!(fMin >= 0 && fMin < fMax && fMax <= sampleRate / 2)) {
    throw new RangeError(
      `bands: needs 0 <= fMin < fMax <= ${sampleRate / 2} Hz (half of sampleRate); ` +
        `got fMin=${fMin} Hz, fMax=${fMax} Hz.`,
    );
  }
  return melFrequencies(nBands + 2, fMin, fMax, melScale).slice(1, -1);
}

function listedFrequencies(list: readonly number[], nBands: number): Float64Array {
  if (list.length !== nBands) {
    throw new RangeError(`bands: ${list.length} frequencies are listed for a map of ${nBands} bands.`);
  }
  const wrong = list.findIndex((hz) => !(hz >= 0 && Number.isFinite(hz)));
  if (wrong >= 0) {
    throw new RangeError(`bands: frequencies must be >= 0 Hz; number ${wrong} is ${list[wrong]}.`);
  }
  return Float64Array.from(list);
}
