/** Keys and chord progressions in which every chord tells major from minor. */

import type { Random } from '../random.ts';

export type Mode = 'major' | 'minor';

export interface Key {
  mode: Mode;
  /** Semitones above C. */
  tonic: number;
}

export interface Chord {
  /** Seconds. */
  start: number;
  end: number;
  /** Semitones above C of root, third and fifth. */
  root: number;
  third: number;
  fifth: number;
}

/** How time is laid out: seconds per beat, seconds before the first beat, seconds of the clip. */
export interface Beats {
  length: number;
  offset: number;
  seconds: number;
}

const BEATS_PER_CHORD = 2;

/**
 * Roots in semitones above the tonic; I, IV and V of a major key are major, i, iv and v of natural minor are
 * minor.
 */
const progressions = [
  [0, 5, 7, 0],
  [0, 7, 5, 0],
  [0, 5, 0, 7],
  [0, 0, 5, 7],
  [0, 5, 5, 0],
];

/** Semitones of the scale above the tonic. */
export const scales: Record<Mode, readonly number[]> = {
  major: [0, 2, 4, 5, 7, 9, 11],
  minor: [0, 2, 3, 5, 7, 8, 10],
};

export function drawKey(random: Random): Key {
  return { mode: random.chance(0.55) ? 'major' : 'minor', tonic: random.integer(0, 11) };
}

/** Chords of two beats each from the first beat to the end of the clip: held ones alone tell the tempo. */
export function drawChords(
  random: Random,
  { mode, tonic }: Key,
  { length, offset, seconds }: Beats,
): Chord[] {
  const roots = random.pick(progressions);
  const chords: Chord[] = [];
  for (let i = 0; offset + i * BEATS_PER_CHORD * length < seconds; i++) {
    const start = offset + i * BEATS_PER_CHORD * length;
    const root = tonic + roots[i % roots.length];
    const third = root + (mode === 'major' ? 4 : 3);
    chords.push({ start, end: start + BEATS_PER_CHORD * length, root, third, fifth: root + 7 });
  }
  return chords;
}
