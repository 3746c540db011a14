/** Means that keep their digits. */
import * as tf from '@tensorflow/tfjs';

/**
 * Mean over some axes, which stay as length 1, one axis after the other: TF.js 4.22 on `wasm` adds in float32, and
 * over 260,000 values at once is off by 1e-3.
 */
export function meanOver(x: tf.Tensor, axes: readonly number[]): tf.Tensor {
  return tf.tidy(() => axes.reduceRight((mean, axis) => tf.mean(mean, axis, true), x));
}
