/**
 * Chord progressions with known labels: pieces for a few instruments, composed and rendered by code from a seed, with the
 * instruments, rooms and noises of the generated data set. Nothing is shipped or downloaded.
 */
import type { Split } from '../dataset.ts';
import { renderScore } from '../generated/render.ts';
import type { MelodicInstrument } from '../generated/parts.ts';
import { createRandom } from '../random.ts';
import type { ChordClip, ChordDataset } from './annotated.ts';
import { composeChords, type ChordCharacter, type ChordScore } from './compose.ts';

export interface ChordsOptions extends Partial<Omit<ChordCharacter, 'timbres'>> {
  /** 32-bit integer. Default 1. */
  seed?: number;
  /** Number of clips to train on, to validate on, to test on. Default 120, 40, 80. */
  train?: number;
  valid?: number;
  test?: number;
  /** What plays chords and melodies in training and validation clips. Default {@link trainTimbres}. */
  timbres?: readonly MelodicInstrument[];
  /** The same in test clips. Default {@link unseenTimbres}, none of which is among the others. */
  testTimbres?: readonly MelodicInstrument[];
}

/** Defaults: what training hears, and what it never does. */
export const trainTimbres: readonly MelodicInstrument[] = ['piano', 'organ', 'plucked string', 'flute'];
export const unseenTimbres: readonly MelodicInstrument[] = ['bowed string', 'brass', 'voice'];

const character: Omit<ChordCharacter, 'timbres'> = {
  seconds: 16,
  sevenths: 0.15,
  inversions: 0.3,
  bass: 0.6,
  melody: 0.6,
  drums: 0.4,
  detuneSemitones: 0.25,
};

/** Each part draws from rendering seeds of its own, this many; beside those of `listGenerated`. */
const SEEDS_PER_PART = 1_000_000;
const firstSeeds: Record<Split, number> = { train: 0, valid: SEEDS_PER_PART, test: 2 * SEEDS_PER_PART };
const STREAM = 7;

/** A rendered clip of chords. */
export interface RenderedChordClip extends ChordClip {
  source: (sampleRate: number) => Float32Array;
  split: Split;
}

export interface RenderedChordDataset extends ChordDataset {
  clips: RenderedChordClip[];
}

/**
 * Lists rendered chord progressions: diatonic major and minor triads with a few foreign ones, sevenths, inversions, octave
 * doublings, and pauses without a chord (`N`), under a bass, a melody and drums. A clip is the same whatever the counts.
 *
 * @throws RangeError if a count, the length, a probability or the seed is out of range, or there is no timbre.
 * @example const { clips } = listChords({ train: 10, valid: 0, test: 0 });
 * clips[0].segments // [{ start: 0, end: 0.41, label: 'N' }, { start: 0.41, end: 2.1, label: 'G:maj/3' }, …]
 * clips[0].source(11025) // samples
 */
export function listChords(options: ChordsOptions = {}): RenderedChordDataset {
  const { seed = 1, train = 120, valid = 40, test = 80, timbres = trainTimbres, testTimbres = unseenTimbres } = options; // prettier-ignore
  const own = { ...character };
  for (const name of Object.keys(character) as (keyof typeof character)[])
    own[name] = options[name] ?? own[name];
  requireCharacter(own);
  const clips = (
    [
      ['train', train],
      ['valid', valid],
      ['test', test],
    ] as [Split, number][]
  ).flatMap(([split, count]) => {
    requireCount(split, count);
    const played = split === 'test' ? testTimbres : timbres;
    if (played.length === 0)
      throw new RangeError(`listChords: no timbres for the ${split} clips. Name one or more.`);
    return Array.from({ length: count }, (_, i): RenderedChordClip => {
      // Composed anew where it is rendered, so that a long list of clips holds no notes.
      const compose = (): ChordScore =>
        composeChords(createRandom(seed, firstSeeds[split] + i, STREAM), { ...own, timbres: played });
      return {
        id: `chords/${split}/${String(i + 1).padStart(4, '0')}`,
        source: (sampleRate) => renderScore(compose().score, sampleRate),
        labels: [],
        segments: compose().segments,
        split,
      };
    });
  });
  return { name: 'chords', clips, skipped: [] };
}

function requireCount(name: string, count: number): void {
  if (Number.isInteger(count) && count >= 0 && count <= SEEDS_PER_PART) return;
  throw new RangeError(
    `listChords: ${name} must be a number of clips in 0 … ${SEEDS_PER_PART}; got ${count}. Leave it out for the default.`,
  );
}

function requireCharacter({ seconds, detuneSemitones, ...probabilities }: typeof character): void {
  if (!(seconds >= 4 && seconds <= 60))
    throw new RangeError(`listChords: seconds must lie in 4 … 60; got ${seconds}. Pass 16.`);
  if (!(detuneSemitones >= 0 && detuneSemitones <= 0.5))
    throw new RangeError(
      `listChords: detuneSemitones must lie in 0 … 0.5; got ${detuneSemitones}. Pass 0.25.`,
    );
  for (const [name, value] of Object.entries(probabilities)) {
    if (!(value >= 0 && value <= 1))
      throw new RangeError(`listChords: ${name} must be a probability in 0 … 1; got ${value}.`);
  }
}

export { listAnnotated, type ChordClip, type ChordDataset } from './annotated.ts';
export { chordQualities, parseHarte, type HarteChord, type ParseHarteOptions } from './harte.ts';
export { parseLab, readLab, type ChordSegment } from './labFile.ts';
