/** How clips of any length meet a model of fixed length. */

/**
 * `length` samples from `offset` on. A clip that ends before is repeated from its start: silence would be a feature of
 * its own (the compact convnet's author advises the same).
 *
 * @throws RangeError if the clip is empty.
 */
export function cut(samples: Float32Array, offset: number, length: number): Float32Array {
  if (samples.length === 0) throw new RangeError('cut: the clip has no samples.');
  if (offset + length <= samples.length) return samples.subarray(offset, offset + length);
  const window = new Float32Array(length);
  for (let filled = 0, from = offset % samples.length; filled < length; from = 0) {
    const piece = samples.subarray(from, from + length - filled);
    window.set(piece, filled);
    filled += piece.length;
  }
  return window;
}

/** Where windows start: `'first'` is 0; `'all'` covers the clip evenly, overlapping by at least half. */
export type Windows = 'first' | 'all';

/**
 * Offsets in samples of the windows of `length` in a clip of `nSamples`; one at 0 for a clip that is not longer.
 *
 * @example windowOffsets(5, 4, 'all') // [0, 1]
 */
export function windowOffsets(nSamples: number, length: number, windows: Windows): number[] {
  const span = nSamples - length;
  if (windows === 'first' || span <= 0) return [0];
  // whole samples between windows, so that rounding an offset never takes the overlap below half
  const steps = Math.ceil(span / Math.max(1, Math.floor(length / 2)));
  return Array.from({ length: steps + 1 }, (_, i) => Math.round((i * span) / steps));
}
