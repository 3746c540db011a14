/**
 * Reverberation: four combs in parallel, then two all-passes (Schroeder, "Natural Sounding Artificial
 * Reverberation", JAES 10(3), 1962).
 */

import type { RoomCharacter } from './composition.ts';

/** Delays in seconds and all-pass gain as Schroeder gives them. */
const combSeconds = [0.0297, 0.0371, 0.0411, 0.0437];
const allPassSeconds = [0.005, 0.0017];
const ALL_PASS_GAIN = 0.7;

/** The samples with the sound of the room added; without a room, a copy. */
export function addRoom(
  samples: Float32Array,
  { levelDb, decay, size }: RoomCharacter,
  sampleRate: number,
): Float32Array {
  if (levelDb === -Infinity) return samples.slice();
  const wet = new Float32Array(samples.length);
  for (const seconds of combSeconds)
    addComb(samples, wet, Math.round(size * seconds * sampleRate), decay, sampleRate);
  for (const seconds of allPassSeconds) allPass(wet, Math.max(1, Math.round(seconds * sampleRate)));
  const ratio = levelOf(samples) / levelOf(wet);
  const gain = Number.isFinite(ratio) ? 10 ** (levelDb / 20) * ratio : 0;
  return wet.map((value, n) => samples[n] + gain * value);
}

/** Root mean square. */
export function levelOf(samples: Float32Array): number {
  let power = 0;
  for (const value of samples) power += value * value;
  return Math.sqrt(power / samples.length);
}

/** Feedback comb whose echoes fall by 60 dB in `decay` seconds. */
function addComb(
  samples: Float32Array,
  wet: Float32Array,
  delay: number,
  decay: number,
  sampleRate: number,
): void {
  const gain = 10 ** ((-3 * delay) / (decay * sampleRate));
  const line = new Float32Array(delay);
  let position = 0;
  for (let n = 0; n < samples.length; n++) {
    const echo = line[position];
    wet[n] += echo;
    line[position] = samples[n] + gain * echo;
    position = position + 1 === delay ? 0 : position + 1;
  }
}

function allPass(samples: Float32Array, delay: number): void {
  const line = new Float32Array(delay);
  let position = 0;
  for (let n = 0; n < samples.length; n++) {
    const delayed = line[position];
    const fed = samples[n] + ALL_PASS_GAIN * delayed;
    samples[n] = delayed - ALL_PASS_GAIN * fed;
    line[position] = fed;
    position = position + 1 === delay ? 0 : position + 1;
  }
}
