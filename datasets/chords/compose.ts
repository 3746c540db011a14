/** The score of a clip of chords, drawn from its seed: who plays, in which voicing, out of tune by how much, in which room. */
import { tempoRanges, type Part, type Score } from '../generated/composition.ts';
import { drawKey } from '../generated/harmony.ts';
import type { InstrumentName } from '../generated/instruments/index.ts';
import type { Note } from '../generated/instruments/instrument.ts';
import { nearest, noteAt, writeBass, writeDrum, writeMelody, type Hand, type MelodicInstrument } from '../generated/parts.ts'; // prettier-ignore
import type { Random } from '../random.ts';
import type { ChordSegment } from './labFile.ts';
import { drawProgression, segmentsOf, type PlayedChord } from './progression.ts';

export interface ChordCharacter {
  /** Seconds of a clip. */
  seconds: number;
  /** What plays chords and melodies. */
  timbres: readonly MelodicInstrument[];
  /** Probability of a seventh, of a bass that has the third or fifth, of a bass, of a melody, and of each drum. */
  sevenths: number;
  inversions: number;
  bass: number;
  melody: number;
  drums: number;
  /** Largest deviation of a clip from A4 = 440 Hz, semitones. */
  detuneSemitones: number;
}

export interface ChordScore {
  score: Score;
  segments: ChordSegment[];
}

/** Draws a score and what its chords are. */
export function composeChords(random: Random, character: ChordCharacter): ChordScore {
  const { seconds, timbres, detuneSemitones } = character;
  const beatsPerMinute = random.uniform(70, 150);
  const beats = { length: 60 / beatsPerMinute, offset: random.uniform(0.1, 1.5), seconds };
  const key = drawKey(random);
  const chords = drawProgression(random, key, beats, character);
  const hand: Hand = { random, beats, detuneSemitones: random.uniform(-detuneSemitones, detuneSemitones) };
  const hasBass = random.chance(character.bass);

  const parts: Part[] = [];
  const add = (instrument: InstrumentName, range: readonly [number, number], notes: Note[]): void => {
    const heard = notes.filter((note) => note.start < seconds);
    if (heard.length === 0) return;
    parts.push({ instrument, levelDb: random.uniform(...range), seed: random.seed(), notes: heard });
  };
  const players = random.shuffle([...timbres]).slice(0, random.chance(0.35) ? 2 : 1);
  for (const player of players) add(player, [-4, 0], writeVoicings(player, chords, hand));
  if (hasBass) {
    const bassTones = chords.map((chord) => ({ ...chord, root: bassOf(chord) }));
    add('bass', [-8, 0], writeBass(bassTones, hand));
  }
  if (random.chance(character.melody)) {
    const singer = random.pick(timbres);
    add(singer, [-9, -2], writeMelody(singer, chords, key, hand));
  }
  for (const drum of ['kick', 'snare', 'hi-hat'] as const)
    if (random.chance(character.drums)) add(drum, [-14, -5], writeDrum(drum, hand));
  return {
    segments: segmentsOf(chords, { seconds, hasBass }),
    score: {
      seconds,
      tempo: beatsPerMinute <= tempoRanges.slow[1] ? 'slow' : beatsPerMinute >= tempoRanges.fast[0] ? 'fast' : 'moderate', // prettier-ignore
      beatsPerMinute,
      mode: key.mode,
      chords,
      parts,
      room: {
        levelDb: random.chance(0.3) ? -Infinity : random.uniform(-24, -8),
        decay: random.uniform(0.2, 1.2),
        size: random.uniform(0.5, 1.3),
      },
      noiseDb: random.uniform(-50, -30),
      noiseCutOff: 10 ** random.uniform(2, 4),
      noiseSeed: random.seed(),
      tiltDb: random.uniform(-4, 4),
      peakDb: random.uniform(-12, -1),
    },
  };
}

function bassOf({ root, third, fifth, inversion }: PlayedChord): number {
  return [root, third, fifth][inversion];
}

/**
 * Chords held, struck on every beat or broken into eighth notes; each chord in a position, spread and doubling of its
 * own.
 */
function writeVoicings(instrument: MelodicInstrument, chords: readonly PlayedChord[], hand: Hand): Note[] {
  const { random, beats } = hand;
  const decays = instrument === 'piano' || instrument === 'plucked string';
  const manner = random.pick(decays ? ['struck', 'broken', 'struck'] : ['held', 'held', 'struck', 'broken']);
  const centre = random.integer(52, 64) + (instrument === 'flute' ? 12 : 0);
  const notes: Note[] = [];
  for (const chord of chords) {
    const pitches = drawVoicing(random, chord, centre);
    const step = manner === 'held' ? chord.end - chord.start : beats.length / (manner === 'broken' ? 2 : 1);
    for (let i = 0; chord.start + (i + 0.5) * step < chord.end; i++) {
      const start = chord.start + i * step;
      const struck = manner === 'broken' ? [pitches[i % pitches.length]] : pitches;
      // what rings on ends with its chord
      const duration = Math.min((manner === 'broken' ? 2 : 0.95) * step, chord.end - start - 0.02);
      struck.forEach((pitch, j) =>
        notes.push(noteAt(hand, start + 0.006 * j, duration, pitch, i % 2 === 0 ? 0.8 : 0.6)),
      );
    }
  }
  return notes;
}

/** Pitches from low to high, MIDI: every tone of the chord, perhaps one raised by an octave, some doubled. */
function drawVoicing(random: Random, { root, third, fifth, seventh }: PlayedChord, centre: number): number[] {
  const tones = [root, third, fifth, ...(seventh === null ? [] : [seventh])];
  const pitches = tones.map((tone) => nearest(tone, centre + random.integer(-2, 6)));
  if (random.chance(0.3)) pitches[random.integer(0, 2)] += 12;
  if (random.chance(0.4)) pitches.push(pitches[random.pick([0, 0, 2])] + 12);
  if (random.chance(0.25)) pitches.push(pitches[0] - 12);
  return [...new Set(pitches)].sort((a, b) => a - b);
}
