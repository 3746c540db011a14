/** Where frames start under the 'same' padding of the libraries that Kapre ran on. */

/**
 * Zeros before and after a waveform, so that `ceil(samples / hopLength)` frames lie as 'same' convolutions have them:
 * TensorFlow pads as much as is needed, half of it before; Theano (Keras 1.2 and 2, "half") pads half a frame before.
 *
 * @example framingPads(348000, { nFft: 512, hopLength: 256, theano: false }) // { before: 208, after: 208 }
 */
export function framingPads(
  samples: number,
  { nFft, hopLength, theano }: { nFft: number; hopLength: number; theano: boolean },
): { before: number; after: number } {
  const nFrames = Math.ceil(samples / hopLength);
  const needed = Math.max(0, (nFrames - 1) * hopLength + nFft - samples);
  const before = theano ? Math.floor(nFft / 2) : Math.floor(needed / 2);
  return { before, after: Math.max(0, needed - before) };
}
