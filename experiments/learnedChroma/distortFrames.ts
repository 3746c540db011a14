/** Distortions of frames of a constant-Q transform, row-major `[frames, nBins]`; each gives frames of its own. */
import { rotateChromaLabels } from '../../layers/index.ts';
import type { Random } from '../../datasets/random.ts';

/**
 * Shifts frames upwards by a number of bins; what becomes free is 0. As `RotateCQT` with a fixed shift.
 *
 * @example rotateFrames(frames, 252, 3) // a semitone where an octave has 36 bins
 */
export function rotateFrames(frames: Float32Array, nBins: number, bins: number): Float32Array {
  const rotated = new Float32Array(frames.length);
  for (let row = 0; row < frames.length; row += nBins) rotateFrame(frames.subarray(row, row + nBins), bins, rotated.subarray(row, row + nBins)); // prettier-ignore
  return rotated;
}

/** The same for one frame, written to `out`. */
export function rotateFrame(frame: Float32Array, bins: number, out: Float32Array): void {
  out.fill(0);
  if (Math.abs(bins) >= frame.length) return;
  out.set(frame.subarray(Math.max(0, -bins), frame.length - Math.max(0, bins)), Math.max(0, bins));
}

/** Index of the chord that `chord` becomes; -1 stays. The last of `nChords` is no chord, where that is not a multiple of 12. */
export function rotateChord(chord: number, nChords: number, semitones: number): number {
  if (chord === -1) return -1;
  const oneHot = new Float32Array(nChords);
  oneHot[chord] = 1;
  return rotateChromaLabels(oneHot, semitones).indexOf(1);
}

/** Silences each frame with the probability `share`. */
export function dropFrames(frames: Float32Array, nBins: number, share: number, random: Random): Float32Array {
  const kept = frames.slice();
  for (let row = 0; row < kept.length; row += nBins) if (random.chance(share)) kept.fill(0, row, row + nBins);
  return kept;
}

/** Silences `count` stretches of `width` bins, the same in all frames. */
export function maskBins(
  frames: Float32Array,
  nBins: number,
  { width, count }: { width: number; count: number },
  random: Random,
): Float32Array {
  const kept = frames.slice();
  for (let mask = 0; mask < count; mask++) {
    const first = random.integer(0, nBins - width);
    for (let row = 0; row < kept.length; row += nBins) kept.fill(0, row + first, row + first + width);
  }
  return kept;
}
