/** Where the weights of learned chroma start. */
import { requireOneOf } from './dsp/checks.ts';
import {
  chromaFilterbank,
  octaveFolding,
  requireChromaFilterbank,
  requireOctaveFolding,
  type ChromaFilterbankOptions,
  type OctaveFoldingOptions,
} from './dsp/chroma.ts';

/** Octave equivalence on bins of a scale, or numbers that know nothing of music. */
export type LearnedChromaStart =
  /** `octaveFolding`, as `ChromaCQT` folds the bins of a constant-Q transform or another of equal steps in pitch. */
  | ({ scale: 'log'; binsPerOctave: number } & Pick<OctaveFoldingOptions, 'fMin' | 'baseC'>)
  /** `chromaFilterbank`, as `ChromaSTFT` folds the bins of a DFT of even length. */
  | ({ scale: 'linear' } & Omit<ChromaFilterbankOptions, 'nFft' | 'nChroma' | 'norm'>)
  /** Normal numbers around 0. */
  | 'normal';

/** Octave equivalence `[bins, nChroma]`, row-major. */
export function octaveWeights(
  start: Exclude<LearnedChromaStart, 'normal'>,
  nBins: number,
  nChroma: number,
): Float32Array {
  if (start.scale === 'log') return octaveFolding({ ...start, nBins, nChroma });
  return chromaFilterbank({ ...start, nFft: 2 * (nBins - 1), nChroma });
}

/** @throws RangeError if the start is out of range, or octaves are asked for in front of hidden layers. */
export function requireStart(
  start: LearnedChromaStart,
  nChroma: number,
  hiddenUnits: readonly number[],
): void {
  if (start === 'normal') return;
  requireOneOf("LearnedChroma: start, unless 'normal', has a scale, which", start?.scale, ['log', 'linear']);
  if (start.scale === 'log') {
    requireOctaveFolding('LearnedChroma: start', { ...start, nBins: 1, nChroma });
  } else {
    requireChromaFilterbank('LearnedChroma: start', { ...start, nFft: 2, nChroma });
  }
  if (hiddenUnits.length > 0) {
    throw new RangeError(
      'LearnedChroma: octave equivalence is one map from bins to pitch classes; with hiddenUnits ' +
        `[${hiddenUnits.join(', ')}] there is none. Use start: 'normal', or no hiddenUnits.`,
    );
  }
}
