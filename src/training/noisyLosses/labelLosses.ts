/** Cross-entropy label by label, so that a loss can weigh or leave out single ones. */
import * as tf from '@tensorflow/tfjs';

/**
 * Binary cross-entropy of each label, nats: max(z, 0) − z·t + log(1 + exp(−|z|)), which is
 * −t·log σ(z) − (1 − t)·log(1 − σ(z)) without overflow.
 *
 * @param targets in [0, 1], `[batch, tags]`
 * @param logits z, `[batch, tags]`
 * @returns `[batch, tags]`
 * @example labelLosses(tf.tensor2d([[1]]), tf.tensor2d([[0]])) // [[log 2]]
 */
export function labelLosses(targets: tf.Tensor2D, logits: tf.Tensor2D): tf.Tensor2D {
  const beyond = tf.log1p(tf.exp(tf.neg(tf.abs(logits))));
  return tf.add(tf.sub(tf.relu(logits), tf.mul(logits, targets)), beyond);
}

/**
 * Binary cross-entropy with a weight for each label, Σ w·ℓ / max(1, Σ w), nats; a weight of 0 leaves a label out. With
 * nothing but weights of 1 it is the plain mean.
 *
 * @param weights >= 0, `[batch, tags]`
 */
export function weightedCrossentropy(
  targets: tf.Tensor2D,
  logits: tf.Tensor2D,
  weights: tf.Tensor2D,
): tf.Scalar {
  const total = tf.maximum(tf.sum(weights), 1);
  return tf.div(tf.sum(tf.mul(weights, labelLosses(targets, logits))), total);
}
