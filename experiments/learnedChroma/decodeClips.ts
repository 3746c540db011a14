/** From the chroma of clips to chords and their scores. */
import { chordVocabulary } from '../../src/chords/chordVocabulary.ts';
import { decodeViterbi } from '../../src/chords/decodeViterbi.ts';
import { framesToSegments } from '../../src/chords/framesToSegments.ts';
import { templateDistances } from '../../src/chords/nearestChords.ts';
import { weighChords, type WeightedRecall } from '../../src/chords/scoreChords.ts';
import { parseHarte, type ChordSegment } from '../../datasets/chords/index.ts';
import { secondsPerFrame, type Condition, type Decoding } from './design.ts';
import type { HeardClip } from './frameData.ts';

/** Recall over major, minor and none of one clip under a condition. */
export function scoreClip(
  chroma: Float32Array,
  { segments, seconds, transposition }: HeardClip,
  condition: Condition,
  { decoding, isFixed }: DecodeOptions,
): WeightedRecall {
  const played = condition === 'transposed' ? transpose(segments, transposition) : segments;
  return weighChords('majmin', played, decode(chroma, seconds, { decoding, isFixed }));
}

export interface DecodeOptions {
  decoding: Decoding;
  /** Fixed chroma, or learned. */
  isFixed: boolean;
}

/**
 * Segments along Viterbi's path.
 *
 * @param chroma row-major `[frames, 12]`
 */
export function decode(
  chroma: Float32Array,
  seconds: number,
  { decoding: { by, noChord, floor, sharpness, selfTransition }, isFixed }: DecodeOptions,
): ChordSegment[] {
  const byDirection = isFixed || by === 'direction';
  const distances = byDirection
    ? templateDistances(directions(chroma, floor), unitVocabularies[isFixed ? noChord : 'silent'])
    : templateDistances(chroma, vocabulary);
  const likelihoods = distances.map((distance) => -sharpness * distance);
  const path = decodeViterbi(likelihoods, vocabulary.labels.length, { selfTransition });
  return framesToSegments(path, vocabulary, { secondsPerFrame, seconds });
}

const vocabulary = chordVocabulary();
const unitVocabularies = {
  silent: chordVocabulary({ noChord: 'silent', scale: 'unit' }),
  flat: chordVocabulary({ noChord: 'flat', scale: 'unit' }),
};

/** Each frame divided by its length, or by `floor`, where it is shorter. */
function directions(chroma: Float32Array, floor: number): Float32Array {
  const unit = chroma.slice();
  for (let row = 0; row < unit.length; row += 12) {
    let power = 0;
    for (let i = row; i < row + 12; i++) power += unit[i] ** 2;
    const length = Math.max(floor, Math.sqrt(power));
    for (let i = row; i < row + 12; i++) unit[i] /= length;
  }
  return unit;
}

const roots = ['C', 'C#', 'D', 'D#', 'E', 'F', 'F#', 'G', 'G#', 'A', 'A#', 'B'];

/** The same chords on other roots. */
export function transpose(segments: readonly ChordSegment[], semitones: number): ChordSegment[] {
  return segments.map((segment) => {
    const { root } = parseHarte(segment.label);
    if (root === -1) return segment;
    const rest = segment.label.replace(/^[A-G][b#]*/, '');
    return { ...segment, label: `${roots[(root + semitones + 12) % 12]}${rest}` };
  });
}
