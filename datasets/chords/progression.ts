/** Chord progressions of a key, with stretches without a chord, and the labels that say so. */
import type { Beats, Chord, Key, Mode } from '../generated/harmony.ts';
import type { Random } from '../random.ts';
import type { ChordSegment } from './labFile.ts';

/** A chord as it is played. */
export interface PlayedChord extends Chord {
  mode: Mode;
  /** Semitones above C of the seventh, where there is one. */
  seventh: number | null;
  /** Which of root, third and fifth the bass has: 0, 1, 2. */
  inversion: number;
}

export interface ProgressionOptions {
  /** Probability that a chord has a seventh. */
  sevenths: number;
  /** Probability that the bass has the third or the fifth. */
  inversions: number;
}

/** Triads of a key: semitones above the tonic, and the mode. */
const triads: Record<Mode, readonly (readonly [number, Mode])[]> = {
  major: [
    [0, 'major'],
    [2, 'minor'],
    [4, 'minor'],
    [5, 'major'],
    [7, 'major'],
    [9, 'minor'],
  ],
  minor: [
    [0, 'minor'],
    [3, 'major'],
    [5, 'minor'],
    [7, 'minor'],
    [7, 'major'],
    [8, 'major'],
    [10, 'major'],
  ],
};

/** Probability of a chord from outside the key, and of a silence of the harmony in the place of a chord. */
const FOREIGN = 0.1;
const PAUSE = 0.07;

/**
 * Chords from the first beat to the end of the clip, of two or of four beats each, no two neighbours the same. Before the
 * first beat and in pauses there is none.
 */
export function drawProgression(
  random: Random,
  { mode, tonic }: Key,
  { length, offset, seconds }: Beats,
  { sevenths, inversions }: ProgressionOptions,
): PlayedChord[] {
  const beatsPerChord = random.pick([2, 4]);
  const chords: PlayedChord[] = [];
  let last = '';
  for (let start = offset; start < seconds;) {
    const end = start + length * (beatsPerChord === 4 && random.chance(0.25) ? 2 : beatsPerChord);
    const [degree, chordMode] = random.chance(FOREIGN)
      ? ([random.integer(0, 11), random.pick<Mode>(['major', 'minor'])] as const)
      : random.pick(triads[mode]);
    const name = `${degree} ${chordMode}`;
    if (name === last) continue;
    last = random.chance(PAUSE) ? '' : name;
    if (last !== '') {
      const root = (tonic + degree) % 12;
      const third = root + (chordMode === 'major' ? 4 : 3);
      const seventh = random.chance(sevenths)
        ? root + random.pick(chordMode === 'major' ? [10, 11] : [10])
        : null;
      const inversion = random.chance(inversions) ? random.pick([1, 2]) : 0;
      chords.push({ start, end, root, third, fifth: root + 7, mode: chordMode, seventh, inversion });
    }
    start = end;
  }
  return chords;
}

const names = ['C', 'C#', 'D', 'Eb', 'E', 'F', 'F#', 'G', 'Ab', 'A', 'Bb', 'B'];

/** The whole clip in segments, `N` between the chords. The bass is told where a bass plays. */
export function segmentsOf(
  chords: readonly PlayedChord[],
  { seconds, hasBass }: { seconds: number; hasBass: boolean },
): ChordSegment[] {
  const segments: ChordSegment[] = [];
  let now = 0;
  const rest = (until: number): void => {
    if (until > now) segments.push({ start: now, end: until, label: 'N' });
  };
  for (const chord of chords) {
    rest(chord.start);
    now = Math.min(seconds, chord.end);
    segments.push({ start: chord.start, end: now, label: labelOf(chord, hasBass) });
  }
  rest(seconds);
  return segments;
}

/** `G:7/3`, `A:min`. */
function labelOf({ root, mode, seventh, inversion }: PlayedChord, hasBass: boolean): string {
  const triad = mode === 'major' ? 'maj' : 'min';
  const quality = seventh === null ? triad : seventh - root === 11 ? 'maj7' : mode === 'major' ? '7' : 'min7';
  const bass = ['', mode === 'major' ? '/3' : '/b3', '/5'][inversion];
  return `${names[root]}:${quality}${hasBass ? bass : ''}`;
}
