/** Between chords in seconds and chords in frames. */
import type { ChordSegment } from '../../datasets/chords/index.ts';
import type { ChordVocabulary } from './chordVocabulary.ts';

/**
 * Chords of frames as segments that cover `[0, seconds]`; frame t stands for the time from half a frame before
 * t · secondsPerFrame to half a frame after, as centred frames do. Neighbours of one chord become one segment.
 *
 * @throws RangeError if there is no frame.
 * @example framesToSegments(path, vocabulary, { secondsPerFrame: 0.0929, seconds: 16 })
 */
export function framesToSegments(
  frames: Int32Array,
  { labels }: ChordVocabulary,
  { secondsPerFrame, seconds }: { secondsPerFrame: number; seconds: number },
): ChordSegment[] {
  if (frames.length === 0) throw new RangeError('framesToSegments: needs one frame or more; got none.');
  const segments: ChordSegment[] = [];
  let start = 0;
  for (let frame = 0; frame < frames.length; frame++) {
    if (frames[frame] === frames[frame + 1]) continue;
    const isLast = frame === frames.length - 1;
    const end = isLast ? seconds : Math.min(seconds, (frame + 0.5) * secondsPerFrame);
    if (end > start) segments.push({ start, end, label: labels[frames[frame]] });
    start = end;
  }
  return segments;
}

/**
 * The chord at the middle of each centred frame as an index of the vocabulary; -1 where no segment is, or its label
 * stands for no chord of the vocabulary.
 *
 * @example segmentsToFrames(clip.segments, vocabulary, { secondsPerFrame: 0.0929, nFrames: 173 })
 */
export function segmentsToFrames(
  segments: readonly ChordSegment[],
  vocabulary: ChordVocabulary,
  { secondsPerFrame, nFrames }: { secondsPerFrame: number; nFrames: number },
): Int32Array {
  let at = 0;
  return Int32Array.from({ length: nFrames }, (_, frame) => {
    const time = frame * secondsPerFrame;
    while (at < segments.length && segments[at].end <= time) at++;
    const segment = segments[at];
    return segment && segment.start <= time ? vocabulary.indexOf(segment.label) : -1;
  });
}
