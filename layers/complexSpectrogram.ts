/**
 * Complex spectrograms as one real tensor: the last axis holds the real and the imaginary part, as PyTorch's
 * `view_as_real` has it, so that layers chain in a `tf.sequential` and every engine differentiates them.
 */
import * as tf from '@tensorflow/tfjs';
import type { DataFormat } from './dataFormat.ts';

/** @throws RangeError if the last axis is not two long; `name` is the layer's. */
export function requireComplex(name: string, shape: tf.Shape): void {
  if (shape.length < 2 || shape.at(-1) !== 2) {
    throw new RangeError(
      `${name} needs a complex spectrogram with real and imaginary part on a last axis of 2, as STFT gives it; ` +
        `got [${shape.join(', ')}].`,
    );
  }
}

/** `[batch, frames, bins, channels, 2]` or `[batch, channels, frames, bins, 2]` as the latter. */
export function complexToChannelsFirst(x: tf.Tensor, from: DataFormat): tf.Tensor5D {
  if (from === 'channelsFirst') return x as tf.Tensor5D;
  const [batch, frames, bins, channels] = x.shape;
  return swapped(x, [frames * bins, channels], [batch, channels, frames, bins, 2]);
}

/** `[batch, channels, frames, bins, 2]` in the wanted format. */
export function complexFromChannelsFirst(x: tf.Tensor5D, to: DataFormat): tf.Tensor5D {
  if (to === 'channelsFirst') return x;
  const [batch, channels, frames, bins] = x.shape;
  return swapped(x, [channels, frames * bins], [batch, frames, bins, channels, 2]);
}

/** The two axes between batch and parts swapped, as a shape; one channel moves by a reshape, which is free. */
function swapped(x: tf.Tensor, [first, second]: [number, number], shape: tf.Tensor5D['shape']): tf.Tensor5D {
  if (first === 1 || second === 1) return tf.reshape(x, shape);
  const flat = tf.reshape(x, [shape[0], first, second, 2]);
  return tf.reshape(tf.transpose(flat, [0, 2, 1, 3]), shape);
}
