/** The chords that a decoder tells apart, and the chroma that each ought to have. */
import { chordQualities, parseHarte, type HarteChord } from '../../datasets/chords/index.ts';

export interface ChordVocabularyOptions {
  /** Shorthands in Harte's syntax, such as `'maj'`, `'min7'`, `'dim'`; each with twelve roots. Default maj and min. */
  qualities?: readonly string[];
  /** Template of no chord: `'silent'` is zeros, `'flat'` every pitch class alike; null has no such chord. Default `'silent'`. */
  noChord?: 'silent' | 'flat' | null;
  /** Tones of a template are 1, or every template has the length 1 (Euclidean). Default `'ones'`. */
  scale?: 'ones' | 'unit';
}

export interface ChordVocabulary {
  /** `C:maj`, `C#:maj` … `B:min`, and `N` last: quality by quality, roots from C, as `rotateChromaLabels` has them. */
  labels: string[];
  /** Row-major `[labels.length, 12]`, C first. */
  templates: Float32Array;
  /** Index among `labels`, or -1 of a label that none of them stands for. */
  indexOf(label: string): number;
}

const roots = ['C', 'C#', 'D', 'D#', 'E', 'F', 'F#', 'G', 'G#', 'A', 'A#', 'B'];

/**
 * Chords by root and quality with binary templates: 1 where a tone of the chord is. A label stands for the chord of its
 * root with the same tones; where there is none, for the first with the same tones up to the fifth (`A:min7` for
 * `A:min`), as mir_eval's comparison over major and minor has it.
 *
 * Fujishima 1999, "Realtime chord recognition of musical sound", ICMC.
 *
 * @throws RangeError if there is no quality, one is unknown, or one is given twice.
 * @example chordVocabulary().templates.subarray(0, 12) // C:maj: 1 0 0 0 1 0 0 1 0 0 0 0
 */
export function chordVocabulary({
  qualities = ['maj', 'min'],
  noChord = 'silent',
  scale = 'ones',
}: ChordVocabularyOptions = {}): ChordVocabulary {
  requireQualities(qualities);
  const shapes = qualities.map((quality) => parseHarte(`C:${quality}`).intervals);
  const labels = qualities.flatMap((quality) => roots.map((root) => `${root}:${quality}`));
  const rows = shapes.flatMap((shape) =>
    roots.map((_, root) => shape.map((_, pitch) => shape[(pitch - root + 12) % 12])),
  );
  if (noChord !== null) {
    labels.push('N');
    rows.push(new Array<number>(12).fill(noChord === 'flat' ? 1 : 0));
  }
  const templates = Float32Array.from(rows.flatMap((row) => (scale === 'unit' ? unitLength(row) : row)));
  const known = new Map<string, number>();
  const indexOf = (label: string): number => {
    const index = known.get(label) ?? find(parseHarte(label), shapes, noChord !== null);
    known.set(label, index);
    return index;
  };
  return { labels, templates, indexOf };
}

function find(
  { root, intervals }: HarteChord,
  shapes: readonly (readonly number[])[],
  hasNone: boolean,
): number {
  if (root < 0) return hasNone && intervals[0] === 0 ? 12 * shapes.length : -1;
  const same = (tones: number) =>
    shapes.findIndex((shape) => shape.slice(0, tones).every((tone, i) => tone === intervals[i]));
  const whole = same(12);
  const shape = whole === -1 ? same(8) : whole; // 0 … 7 semitones: up to the fifth
  return shape === -1 ? -1 : 12 * shape + root;
}

function unitLength(row: readonly number[]): number[] {
  const length = Math.hypot(...row);
  return row.map((value) => (length > 0 ? value / length : 0));
}

function requireQualities(qualities: readonly string[]): void {
  for (const quality of qualities) {
    if (!chordQualities.includes(quality))
      throw new RangeError(
        `chordVocabulary: unknown quality "${quality}"; expected of ${chordQualities.join(' ')}.`,
      );
  }
  if (qualities.length === 0 || new Set(qualities).size < qualities.length) {
    throw new RangeError(
      `chordVocabulary: qualities must be one or more, none twice; got ${qualities.join(' ') || 'none'}.`,
    );
  }
}
