/**
 * What each player of the band plays over the chords: strummed or held chords, melodies, bass lines, drum
 * patterns.
 */

import type { Random } from '../random.ts';
import { scales } from './harmony.ts';
import type { Beats, Chord, Key } from './harmony.ts';
import type { InstrumentName } from './instruments/index.ts';
import type { Note } from './instruments/instrument.ts';

/** What every part is written with. */
export interface Hand {
  random: Random;
  beats: Beats;
  /** Semitones by which the whole clip is out of tune. */
  detuneSemitones: number;
}

type DrumName = 'kick' | 'snare' | 'hi-hat';

/** What plays chords and melodies. */
export type MelodicInstrument = Exclude<InstrumentName, 'bass' | DrumName>;

/** Lowest and highest centre of a melody, MIDI. They overlap, so that pitch alone tells no instrument. */
const registers: Record<MelodicInstrument, readonly [number, number]> = {
  'plucked string': [58, 70],
  'bowed string': [60, 76],
  brass: [57, 72],
  flute: [70, 82],
  organ: [60, 75],
  piano: [60, 77],
  voice: [58, 74],
};

/**
 * The roots of chords lie in the octave around this MIDI note: high enough for a spectrogram to part the third from
 * its neighbours, and the same for all, so that a few hundred clips are enough to learn the mode from.
 */
const CHORD_CENTRE = 66;

/** Onsets within a beat that a melody or accompaniment may have; the next onset ends a note. */
const rhythms = [[0], [0], [0, 0.5], [0, 0.5], [0, 0.75]];

/** Triads in root position: held, struck on every beat, or broken into eighth notes. */
export function writeChords(instrument: MelodicInstrument, chords: readonly Chord[], hand: Hand): Note[] {
  const { random, beats } = hand;
  const centre = CHORD_CENTRE + (instrument === 'flute' ? 12 : 0);
  const manner = random.pick(mannersOf(instrument));
  const notes: Note[] = [];
  for (const chord of chords) {
    const pitches = voicing(chord, centre);
    if (manner === 'held') {
      const duration = chord.end - chord.start - 0.03;
      for (const pitch of pitches) notes.push(noteAt(hand, chord.start, duration, pitch, 0.7));
      continue;
    }
    const step = beats.length / (manner === 'broken' ? 2 : 1);
    const order = [0, 1, 2, 1];
    for (let i = 0; chord.start + (i + 0.5) * step < chord.end; i++) {
      const start = chord.start + i * step;
      const struck = manner === 'broken' ? [pitches[order[i % 4]]] : pitches;
      const rings = manner === 'broken' && instrument !== 'flute';
      const duration = rings ? 2 * step : 0.9 * step;
      struck.forEach((pitch, j) =>
        notes.push(noteAt(hand, start + 0.008 * j, duration, pitch, i % 2 === 0 ? 0.8 : 0.6)),
      );
    }
  }
  return notes;
}

type Manner = 'held' | 'struck' | 'broken';

function mannersOf(instrument: MelodicInstrument): Manner[] {
  if (instrument === 'flute') return ['broken']; // one note at a time
  if (instrument === 'plucked string' || instrument === 'piano') return ['struck', 'broken', 'struck'];
  return ['held', 'held', 'struck'];
}

/** Root, third and fifth from low to high, the root in the octave nearest to the centre. */
function voicing({ root, third, fifth }: Chord, centre: number): number[] {
  const low = nearest(root, centre);
  return [low, low + third - root, low + fifth - root];
}

/** The note of the pitch class that lies nearest to a MIDI note. */
export function nearest(pitchClass: number, centre: number): number {
  return pitchClass + 12 * Math.round((centre - pitchClass) / 12);
}

/** One note at a time: chord tones on the beat, the third above all, steps of the scale between. */
export function writeMelody(
  instrument: MelodicInstrument,
  chords: readonly Chord[],
  key: Key,
  hand: Hand,
): Note[] {
  const { random, beats } = hand;
  const centre = random.integer(...registers[instrument]);
  const scale = scales[key.mode].map((degree) => degree + key.tonic);
  const notes: Note[] = [];
  for (const chord of chords) {
    for (let beat = chord.start; beat + 0.5 * beats.length < chord.end; beat += beats.length) {
      if (random.chance(0.12)) continue; // a breath
      const rhythm = random.pick(rhythms);
      rhythm.forEach((onset, i) => {
        const pitch =
          onset === 0
            ? nearest(
                random.pick([chord.third, chord.third, chord.root, chord.fifth]),
                centre + random.integer(-3, 3),
              )
            : nearest(random.pick(scale), notes.at(-1)!.pitch);
        const duration = ((rhythm[i + 1] ?? 1) - onset) * beats.length;
        notes.push(noteAt(hand, beat + onset * beats.length, 0.95 * duration, pitch, random.uniform(0.6, 1)));
      });
    }
  }
  return notes;
}

/** Roots, and fifths between them, in the octave above E1 or A1. */
export function writeBass(chords: readonly Chord[], hand: Hand): Note[] {
  const { random, beats } = hand;
  const lowest = random.pick([28, 28, 33]);
  const step = beats.length * random.pick([0.5, 1, 1, 2]);
  const notes: Note[] = [];
  for (const chord of chords) {
    for (let i = 0; chord.start + (i + 0.2) * step < chord.end; i++) {
      const tone = i % 2 === 1 && random.chance(0.4) ? chord.fifth : chord.root;
      const pitch = lowest + ((((tone - lowest) % 12) + 12) % 12);
      notes.push(
        noteAt(
          hand,
          chord.start + i * step,
          random.uniform(0.6, 0.95) * step,
          pitch,
          random.uniform(0.6, 0.9),
        ),
      );
    }
  }
  return notes;
}

/** Onsets in a bar of four beats. */
const drumPatterns: Record<DrumName, readonly (readonly number[])[]> = {
  kick: [
    [0, 1, 2, 3],
    [0, 2],
    [0, 2, 2.5],
    [0, 1.5, 2],
  ],
  snare: [[1, 3], [1, 3], [1, 2.5, 3], [2]],
  'hi-hat': [
    [0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5],
    [0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5],
    [0, 1, 2, 3],
    [0.5, 1.5, 2.5, 3.5],
  ],
};

/** A pattern of one bar, repeated, with the accents on the beat and a little unsteadiness. */
export function writeDrum(instrument: DrumName, hand: Hand): Note[] {
  const { random, beats } = hand;
  const pattern = random.pick(drumPatterns[instrument]);
  const notes: Note[] = [];
  for (let bar = beats.offset; bar < beats.seconds; bar += 4 * beats.length) {
    for (const onset of pattern) {
      const accent = Number.isInteger(onset) ? 1 : 0.7;
      notes.push(noteAt(hand, bar + onset * beats.length, 0.1, 60, accent * random.uniform(0.75, 1)));
    }
  }
  return notes;
}

/** A note as a person plays it: a few milliseconds and cents off. */
export function noteAt(hand: Hand, start: number, duration: number, pitch: number, velocity: number): Note {
  const { random, detuneSemitones } = hand;
  return {
    start: Math.max(0, start + random.uniform(-0.006, 0.006)),
    duration,
    pitch: pitch + detuneSemitones + random.uniform(-0.05, 0.05),
    velocity: Math.min(1, velocity * random.uniform(0.85, 1.1)),
    seed: random.seed(),
  };
}
