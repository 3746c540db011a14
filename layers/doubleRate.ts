/** Doubling the sampling rate on the engine, by stock operations that carry gradients. */
import * as tf from '@tensorflow/tfjs';
import { doubleRateMatrix, halfRateReach } from './dsp/halfRate.ts';
import { FrozenMatrix } from './frozenMatrix.ts';
import { frameSignal } from './kernels/melSpectrogram/frameSignal.ts';

const [frameLength, hopLength] = [1.5 * halfRateReach, halfRateReach / 2];

/** The matrix that {@link doubleRate} takes; who makes it disposes of it. */
export function createDoubleRateMatrix(): FrozenMatrix {
  return new FrozenMatrix(doubleRateMatrix, [frameLength, 2 * hopLength]);
}

/** `[rows, samples]` at twice the rate, `[rows, 2 * samples]`: sample m stands at 2m, zeros before and behind. */
export function doubleRate(x: tf.Tensor2D, matrix: tf.Tensor2D): tf.Tensor2D {
  const [rows, samples] = x.shape;
  const nFrames = Math.ceil(samples / hopLength);
  const padded = tf.pad(x, [
    [0, 0],
    [halfRateReach / 2, 0],
  ]);
  const frames = frameSignal(padded, { nFrames, frameLength, hopLength });
  const flat = tf.reshape(frames, [rows * nFrames, frameLength]) as tf.Tensor2D;
  const blocks = tf.reshape(tf.matMul(flat, matrix), [rows, nFrames * 2 * hopLength]);
  return tf.slice(blocks, [0, 0], [rows, 2 * samples]) as tf.Tensor2D;
}
