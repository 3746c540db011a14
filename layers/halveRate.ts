/** Halving the sampling rate on the engine, by stock operations that carry gradients. */
import * as tf from '@tensorflow/tfjs';
import { halfRateMatrix, halfRateReach } from './dsp/halfRate.ts';
import { FrozenMatrix } from './frozenMatrix.ts';
import { frameSignal } from './kernels/melSpectrogram/frameSignal.ts';

const [frameLength, outputs] = [3 * halfRateReach, halfRateReach / 2];

/** The matrix that {@link halveRate} takes; who makes it disposes of it. */
export function createHalfRateMatrix(): FrozenMatrix {
  return new FrozenMatrix(halfRateMatrix, [frameLength, outputs]);
}

/**
 * `[rows, samples]` at half the rate, `[rows, ceil(samples / 2)]`: sample m stands where sample 2m stood, and zeros
 * stand before and behind the signal.
 */
export function halveRate(x: tf.Tensor2D, matrix: tf.Tensor2D): tf.Tensor2D {
  const [rows, samples] = x.shape;
  const halved = Math.ceil(samples / 2);
  const nFrames = Math.ceil(halved / outputs);
  const padded = tf.pad(x, [
    [0, 0],
    [halfRateReach, 0],
  ]);
  const frames = frameSignal(padded, { nFrames, frameLength, hopLength: 2 * outputs });
  const flat = tf.reshape(frames, [rows * nFrames, frameLength]) as tf.Tensor2D;
  const blocks = tf.reshape(tf.matMul(flat, matrix), [rows, nFrames * outputs]);
  return tf.slice(blocks, [0, 0], [rows, halved]) as tf.Tensor2D;
}
