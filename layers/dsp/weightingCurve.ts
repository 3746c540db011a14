/** Frequency weightings of sound level meters. */
import { requireOneOf } from './checks.ts';

export const weightingCurves = ['A', 'B', 'C', 'D', 'Z'] as const;
export type WeightingCurve = (typeof weightingCurves)[number];

/** Poles in Hz and the gain in dB that brings 1 kHz to 0 dB: IEC 61672-1:2013, annex E; B after ANSI S1.4-1983. */
const poleCurves = {
  A: { zeros: 2, gain: 2, poles: [12194.217, 12194.217, 20.598997, 20.598997, 107.65265, 737.86223] },
  B: { zeros: 1.5, gain: 0.17, poles: [12194.217, 12194.217, 20.598997, 20.598997, 158.48932] },
  C: { zeros: 1, gain: 0.062, poles: [12194.217, 12194.217, 20.598997, 20.598997] },
} as const;

/**
 * Gain of a weighting curve at a frequency, dB, at least `minDb`. `Z` is flat.
 *
 * Same numbers as librosa 0.11 `A_weighting` … `D_weighting`, `Z_weighting`.
 *
 * @throws RangeError if the curve is unknown.
 * @example weightingDecibel(1000, 'A') // 0, nearly
 */
export function weightingDecibel(hz: number, curve: WeightingCurve, minDb = -80): number {
  requireOneOf('weighting curve', curve, weightingCurves);
  if (curve === 'Z') return 0;
  return Math.max(minDb, curve === 'D' ? dCurve(hz) : poleCurve(hz, poleCurves[curve]));
}

function poleCurve(hz: number, { zeros, gain, poles }: (typeof poleCurves)['A' | 'B' | 'C']): number {
  // zeros at 0 Hz, of the order of half the poles but for the two at the top, whose own frequency is the gain there
  let decibel = gain + 20 * (Math.log10(poles[0] ** 2) + zeros * Math.log10(hz ** 2));
  for (const pole of poles) decibel -= 10 * Math.log10(hz ** 2 + pole ** 2);
  return decibel;
}

/** IEC 537 (1976, withdrawn). */
function dCurve(hz: number): number {
  const squared = hz ** 2;
  const hump = (1018.7 ** 2 - squared) ** 2 + 1039.6 ** 2 * squared;
  const dip = (3136.5 ** 2 - squared) ** 2 + 3424 ** 2 * squared;
  const poles = (282.7 ** 2 + squared) * (1160 ** 2 + squared);
  return 10 * Math.log10((squared / 8.3046305e-3 ** 4) * (hump / dip / poles));
}
