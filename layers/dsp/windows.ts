/** Window functions, by SciPy's names. */
import { requireInteger, requireOneOf } from './checks.ts';

export const windowNames = ['hann', 'hamming', 'blackman', 'boxcar'] as const;
export type WindowName = (typeof windowNames)[number];

/** Coefficients a₀, a₁, a₂ … of the cosine sum Σ (−1)ᵏ aₖ cos(2πkn/N) (Harris 1978, "On the use of windows"). */
const cosineSums: Record<WindowName, number[]> = {
  hann: [0.5, 0.5],
  hamming: [0.54, 0.46],
  blackman: [0.42, 0.5, 0.08],
  boxcar: [1],
};

/**
 * A window of `length` samples, peak at most 1.
 *
 * Periodic (`fftbins` in SciPy) by default: one period of a window of `length + 1` samples, which is what spectral
 * analysis wants; `periodic: false` gives the symmetric one for filter design.
 * Same numbers as SciPy 1.16 `signal.get_window`.
 *
 * @throws RangeError if the name is unknown or `length` is not an integer >= 1.
 * @example getWindow('hann', 4) // [0, 0.5, 1, 0.5]
 */
export function getWindow(name: WindowName, length: number, { periodic = true } = {}): Float64Array {
  requireOneOf('window', name, windowNames);
  requireInteger('window length', length, 1, 'sample');
  const period = periodic ? length : length - 1;
  if (length === 1) return Float64Array.of(1);
  return Float64Array.from({ length }, (_, n) =>
    cosineSums[name].reduce(
      (sum, a, k) => sum + (k % 2 === 0 ? a : -a) * Math.cos((2 * Math.PI * k * n) / period),
      0,
    ),
  );
}

/** The window of `winLength` samples in the middle of `nFft`, zeros around it, as librosa's `pad_center` puts it. */
export function centeredWindow(name: WindowName, winLength: number, nFft: number): Float64Array {
  if (winLength > nFft) {
    throw new RangeError(`winLength must be at most nFft = ${nFft} samples; got ${winLength}. Raise nFft.`);
  }
  const padded = new Float64Array(nFft);
  padded.set(getWindow(name, winLength), Math.floor((nFft - winLength) / 2));
  return padded;
}
