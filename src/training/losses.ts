/** What training minimises, from logits, so that no probability is rounded to 0 or 1 on the way. */
import * as tf from '@tensorflow/tfjs';

/**
 * Logits and targets `[batch, tags]` to the loss of the batch, a mean over what is known of it; 0 where nothing is.
 *
 * @param known 1 where the target is known, 0 where it is not, `[batch, tags]`; the target there plays no part, but
 *   must be a finite number. Left out or null: all are known.
 */
export type Loss = (targets: tf.Tensor2D, logits: tf.Tensor2D, known?: tf.Tensor2D | null) => tf.Scalar;

/** Binary cross-entropy, mean over the known pairs of clip and tag, nats. */
export const binaryCrossentropy: Loss = (targets, logits, known = null) =>
  meanOfKnown(labelLosses(targets, logits), known);

/**
 * Categorical cross-entropy, mean over clips, nats; every row of the targets sums to 1. A clip with an unknown class
 * takes no part: the others then say nothing certain either.
 */
export const categoricalCrossentropy: Loss = (targets, logits, known = null) =>
  meanOfKnown(
    tf.neg(tf.sum(tf.mul(targets, tf.logSoftmax(logits)), 1)),
    known && tf.min<tf.Tensor1D>(known, 1),
  );

/** The loss that goes with exclusive classes or with tags. */
export function lossFor(exclusive: boolean): Loss {
  return exclusive ? categoricalCrossentropy : binaryCrossentropy;
}

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
  return tf.add(tf.sub(tf.relu(logits), tf.mul(logits, targets)), tf.log1p(tf.exp(tf.neg(tf.abs(logits)))));
}

/**
 * Mean of the finite values that are known, along an axis or of all; 0 where none is.
 *
 * @param known 1 or 0, of the shape of `values`; null where all are known
 */
export function meanOfKnown<Mean extends tf.Tensor = tf.Scalar>(
  values: tf.Tensor,
  known: tf.Tensor | null,
  axis?: number,
): Mean {
  if (known === null) return tf.mean(values, axis);
  return tf.div(tf.sum(tf.mul(values, known), axis), tf.maximum(tf.sum(known, axis), 1));
}
