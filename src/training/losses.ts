/** What training minimises, from logits, so that no probability is rounded to 0 or 1 on the way. */
import * as tf from '@tensorflow/tfjs';

/** Logits and targets `[batch, tags]` to the mean loss of the batch. */
export type Loss = (targets: tf.Tensor2D, logits: tf.Tensor2D) => tf.Scalar;

/** Binary cross-entropy, mean over clips and tags, nats. */
export const binaryCrossentropy: Loss = (targets, logits) =>
  tf.mean(crossentropyOfPairs(targets, logits)) as tf.Scalar;

/**
 * Binary cross-entropy, mean over the pairs of clip and tag that are known, nats; 0 where none is.
 *
 * @param known 1 where the target is known, 0 where it is not, `[batch, tags]`; the target there plays no part, but
 *   must be a finite number.
 */
export function maskedBinaryCrossentropy(
  targets: tf.Tensor2D,
  logits: tf.Tensor2D,
  known: tf.Tensor2D,
): tf.Scalar {
  const total = tf.sum(tf.mul(crossentropyOfPairs(targets, logits), known));
  return tf.div(total, tf.maximum(tf.sum(known), 1));
}

/** Categorical cross-entropy, mean over clips, nats; every row of the targets sums to 1. */
export const categoricalCrossentropy: Loss = (targets, logits) =>
  tf.neg(tf.mean(tf.sum(tf.mul(targets, tf.logSoftmax(logits)), 1))) as tf.Scalar;

/** The loss that goes with exclusive classes or with tags. */
export function lossFor(exclusive: boolean): Loss {
  return exclusive ? categoricalCrossentropy : binaryCrossentropy;
}

/** `[batch, tags]`: max(z, 0) − z·t + log(1 + exp(−|z|)), which is log(1 + exp(z)) − z·t without overflow. */
function crossentropyOfPairs(targets: tf.Tensor2D, logits: tf.Tensor2D): tf.Tensor2D {
  return tf.add(tf.sub(tf.relu(logits), tf.mul(logits, targets)), tf.log1p(tf.exp(tf.neg(tf.abs(logits)))));
}
