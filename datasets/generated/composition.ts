/** The score of a clip, drawn from its seed: who plays what, how loud, in which key, tempo, room and noise. */

import type { Random } from '../random.ts';
import { drawChords, drawKey } from './harmony.ts';
import type { Chord, Key, Mode } from './harmony.ts';
import type { InstrumentName } from './instruments/index.ts';
import type { Note } from './instruments/instrument.ts';
import { writeBass, writeChords, writeDrum, writeMelody } from './parts.ts';
import type { Hand } from './parts.ts';

export interface Part {
  instrument: InstrumentName;
  /** Root mean square over the clip, relative to the other parts, in dB. */
  levelDb: number;
  /** Names the character of the instrument in this clip. */
  seed: number;
  notes: Note[];
}

export type Tempo = 'slow' | 'moderate' | 'fast';

export interface Score {
  seconds: number;
  tempo: Tempo;
  /** Quarter notes per minute. */
  beatsPerMinute: number;
  /** Undefined where no part plays chords or a melody. */
  mode: Mode | undefined;
  chords: Chord[];
  parts: Part[];
  room: RoomCharacter;
  /** Background noise below the music in dB, and the cut-off of its low-pass in Hz. */
  noiseDb: number;
  noiseCutOff: number;
  /** Names the randomness of the background noise. */
  noiseSeed: number;
  /** Treble against bass of the recording, in dB per side of 1 kHz. */
  tiltDb: number;
  /** Peak of the finished clip, dB relative to full scale. */
  peakDb: number;
}

export interface RoomCharacter {
  /** Level of the reverberation against the dry sound in dB; -Infinity for none. */
  levelDb: number;
  /** Seconds in which it falls by 60 dB. */
  decay: number;
  /** Length of the room against a small hall. */
  size: number;
}

/** Beats per minute; between the ranges nobody would say slow or fast with confidence, and neither tag applies. */
export const tempoRanges: Record<Tempo, readonly [number, number]> = {
  slow: [58, 78],
  moderate: [94, 120],
  fast: [144, 178],
};

/** Probability that an instrument takes part, before clips of too few or too many are drawn again. */
const presence: Record<InstrumentName, number> = {
  'plucked string': 0.3,
  'bowed string': 0.24,
  brass: 0.16,
  flute: 0.085,
  organ: 0.2,
  piano: 0.32,
  voice: 0.18,
  bass: 0.38,
  kick: 0.42,
  snare: 0.3,
  'hi-hat': 0.47,
};

const rhythmSection: readonly InstrumentName[] = ['bass', 'kick', 'snare', 'hi-hat'];

/** Ranges that `levelDb` is drawn from. A hi-hat is heard at less power than a held chord. */
const USUAL_LEVELS = [-8, 0] as const;
const HI_HAT_LEVELS = [-12, -4] as const;

/** No part lies further below the whole than this, in dB, so that what is tagged can be heard. */
const QUIETEST_DB = -18;

/** Draws a score of `seconds` of music. Its tags are `tagsOf(score)`. */
export function compose(random: Random, seconds: number): Score {
  const tempo = random.pick<Tempo>(['slow', 'moderate', 'fast']);
  const beatsPerMinute = random.uniform(...tempoRanges[tempo]);
  const beats = { length: 60 / beatsPerMinute, offset: random.uniform(0, 0.2), seconds };
  const band = drawBand(random);
  const melodic = random.shuffle(band.filter((name) => !rhythmSection.includes(name)));
  const key = drawKey(random);
  const chords = drawChords(random, key, beats);
  const hand = { random, beats, detuneSemitones: random.uniform(-0.3, 0.3) };
  const parts = band.map((instrument): Part => {
    // The first melodic instrument plays chords, which is what makes the mode audible.
    const isAccompaniment = instrument === melodic[0] || random.chance(0.4);
    const notes = writePart(instrument, isAccompaniment, chords, key, hand);
    const [lowest, highest] = instrument === 'hi-hat' ? HI_HAT_LEVELS : USUAL_LEVELS;
    return {
      instrument,
      levelDb: random.uniform(lowest, highest),
      seed: random.seed(),
      notes: notes.filter((note) => note.start < seconds),
    };
  });
  return {
    seconds,
    tempo,
    beatsPerMinute,
    mode: melodic.length > 0 ? key.mode : undefined,
    chords,
    // A very short clip may end before a part has begun; what is not heard is not tagged.
    parts: raiseQuietParts(parts.filter((part) => part.notes.length > 0)),
    room: drawRoom(random),
    noiseDb: random.uniform(-45, -20),
    noiseCutOff: 10 ** random.uniform(2, 4),
    noiseSeed: random.seed(),
    tiltDb: random.uniform(-4, 4),
    peakDb: random.uniform(-12, -1),
  };
}

/** The tags that apply to a score: its instruments, its tempo if slow or fast, its mode if it has one. */
export function tagsOf({ parts, tempo, mode }: Score): string[] {
  const tags: string[] = parts.map((part) => part.instrument);
  if (tempo !== 'moderate') tags.push(tempo);
  if (mode !== undefined) tags.push(mode);
  return tags;
}

function writePart(
  instrument: InstrumentName,
  isAccompaniment: boolean,
  chords: Chord[],
  key: Key,
  hand: Hand,
): Note[] {
  if (instrument === 'kick' || instrument === 'snare' || instrument === 'hi-hat') {
    return writeDrum(instrument, hand);
  }
  if (instrument === 'bass') return writeBass(chords, hand);
  if (isAccompaniment) return writeChords(instrument, chords, hand);
  return writeMelody(instrument, chords, key, hand);
}

/** Two to six instruments. */
function drawBand(random: Random): InstrumentName[] {
  const names = Object.keys(presence) as InstrumentName[];
  for (;;) {
    const band = names.filter((name) => random.chance(presence[name]));
    if (band.length >= 2 && band.length <= 6) return band;
  }
}

function raiseQuietParts(parts: Part[]): Part[] {
  const whole = 10 * Math.log10(parts.reduce((sum, { levelDb }) => sum + 10 ** (levelDb / 10), 0));
  return parts.map((part) => ({ ...part, levelDb: Math.max(part.levelDb, whole + QUIETEST_DB) }));
}

function drawRoom(random: Random): RoomCharacter {
  const decay = random.uniform(0.2, 1.2);
  const size = random.uniform(0.5, 1.3);
  return { levelDb: random.chance(0.3) ? -Infinity : random.uniform(-24, -8), decay, size };
}
