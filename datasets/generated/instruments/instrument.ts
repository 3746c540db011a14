/** What the composition asks of an instrument, and what an instrument gives. */

import type { Random } from '../../random.ts';

/** One note of a score. Nothing in it depends on the sampling rate. */
export interface Note {
  /** Seconds from the start of the clip. */
  start: number;
  /** Seconds until the key is let go; the sound may ring on. */
  duration: number;
  /** MIDI note number, fractional by the detuning; 69 is 440 Hz. Without meaning for drums. */
  pitch: number;
  /** Loudness of the stroke, in (0, 1]; louder notes are also brighter. */
  velocity: number;
  /** Names the note's own randomness. */
  seed: number;
}

/** Adds one note to the samples. */
export type PlayNote = (note: Note, out: Float32Array) => void;

/** One instrument as it sounds in one clip. */
export interface Player {
  play: PlayNote;
  /** What the body does to the sum of the notes, in place. */
  resonate?: (samples: Float32Array) => void;
}

/** An instrument: draws the character that it has in one clip, then plays notes at one sampling rate in Hz. */
export type Instrument = (random: Random, sampleRate: number) => Player;

/**
 * Highest frequency that is synthesised, as a part of the sampling rate: leaves room for vibrato below Nyquist.
 */
export const HIGHEST_PARTIAL = 0.45;

/** Hz of a MIDI note number, equal temperament, A4 = 440 Hz. */
export function frequencyOf(pitch: number): number {
  return 440 * 2 ** ((pitch - 69) / 12);
}
