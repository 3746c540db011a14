/**
 * Periodic sounds: one period summed from harmonics that fit below Nyquist, then read with vibrato and an
 * envelope.
 */

import { frequencyOf, HIGHEST_PARTIAL } from './instrument.ts';

/** Samples in one period of a table. A power of two, so that positions wrap by a mask. */
const TABLE_LENGTH = 1024;
const MASK = TABLE_LENGTH - 1;

/** Samples over which gain and pitch run in a straight line. */
const BLOCK = 16;

const sine = Float64Array.from({ length: TABLE_LENGTH }, (_, n) =>
  Math.sin((2 * Math.PI * n) / TABLE_LENGTH),
);

/**
 * One period of the harmonics of `fundamental` (Hz) that lie below 0.45 of the sampling rate.
 *
 * @param amplitude Amplitude of the k-th harmonic, k from 1.
 * @param highest Number of the last harmonic wanted.
 */
export function harmonicTable(
  amplitude: (k: number) => number,
  { fundamental, sampleRate, highest = 40 }: { fundamental: number; sampleRate: number; highest?: number },
): Float32Array {
  const table = new Float32Array(TABLE_LENGTH + 1); // the last repeats the first, for interpolation
  const last = Math.min(highest, Math.floor((HIGHEST_PARTIAL * sampleRate) / fundamental));
  for (let k = 1; k <= last; k++) {
    const a = amplitude(k);
    if (a === 0) continue;
    for (let n = 0; n <= TABLE_LENGTH; n++) table[n] += a * sine[(k * n) & MASK];
  }
  return table;
}

/**
 * Makes tables once per semitone, since a part plays few different pitches many times: pass it the pitch of each
 * note.
 */
export function perSemitone<T>(make: (fundamental: number) => T): (pitch: number) => T {
  const made = new Map<number, T>();
  return (pitch) => {
    const semitone = Math.round(pitch);
    const found = made.get(semitone) ?? make(frequencyOf(semitone));
    made.set(semitone, found);
    return found;
  };
}

export interface TableSound {
  /** One period: of `harmonicTable`. */
  table: Float32Array;
  /** A second one to fade into, such as that of a louder tone. Default `table`. */
  bright?: Float32Array;
  /** Share of `bright`, 0 … 1, at a time in seconds from the start of the note. */
  brightness?: (seconds: number) => number;
  /** Hz. */
  frequency: number;
  /** Deviation of the pitch in cents at a time in seconds from the start of the note. */
  cents?: (seconds: number) => number;
  gain: (seconds: number) => number;
  /** Seconds; where the note starts in the samples, and how long it sounds with its release. */
  start: number;
  length: number;
  /** Position in the period to start from, 0 … 1. */
  phase: number;
}

/** Adds a table sound to the samples. */
export function playTable(sound: TableSound, out: Float32Array, sampleRate: number): void {
  const { table, bright = table, brightness = () => 0, cents = () => 0, gain } = sound;
  const first = Math.round(sound.start * sampleRate);
  const last = Math.min(out.length, first + Math.round(sound.length * sampleRate));
  const step = (sound.frequency / sampleRate) * TABLE_LENGTH;
  let position = sound.phase * TABLE_LENGTH;
  let g = gain(0);
  let b = brightness(0);
  for (let block = first; block < last; block += BLOCK) {
    const end = Math.min(last, block + BLOCK);
    const seconds = (block + BLOCK - first) / sampleRate;
    const gStep = (gain(seconds) - g) / BLOCK;
    const bStep = (brightness(seconds) - b) / BLOCK;
    const increment = step * 2 ** (cents(seconds) / 1200);
    for (let n = block; n < end; n++) {
      const i = position & MASK;
      const fraction = position - Math.floor(position);
      const soft = table[i] + fraction * (table[i + 1] - table[i]);
      const hard = bright[i] + fraction * (bright[i + 1] - bright[i]);
      out[n] += g * (soft + b * (hard - soft));
      position += increment;
      g += gStep;
      b += bStep;
    }
    position %= TABLE_LENGTH;
  }
}
