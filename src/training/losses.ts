/** What training minimises, from logits, so that no probability is rounded to 0 or 1 on the way. */
import * as tf from '@tensorflow/tfjs';

/** Logits and targets `[batch, tags]` to the mean loss of the batch. */
export type Loss = (targets: tf.Tensor2D, logits: tf.Tensor2D) => tf.Scalar;

/**
 * The same where some targets are unknown: `known` is 1 where a target is known and 0 where it is not, `[batch, tags]`;
 * the target there plays no part, but must be a finite number. Without it all are known.
 */
export type MaskableLoss = (
  targets: tf.Tensor2D,
  logits: tf.Tensor2D,
  known?: tf.Tensor2D | null,
) => tf.Scalar;

/** Binary cross-entropy, mean over the pairs of clip and tag that are known, nats; 0 where none is. */
export const binaryCrossentropy: MaskableLoss = (targets, logits, known = null) =>
  meanOfKnown(crossentropyOfPairs(targets, logits), known);

/**
 * Categorical cross-entropy, mean over the clips all of whose targets are known, nats; 0 where none is. Every row of the
 * targets sums to 1.
 */
export const categoricalCrossentropy: MaskableLoss = (targets, logits, known = null) => {
  const ofClips = tf.neg(tf.sum(tf.mul(targets, tf.logSoftmax(logits)), 1));
  return meanOfKnown(ofClips, known && tf.min(known, 1));
};

/** The loss that goes with exclusive classes or with tags. */
export function lossFor(exclusive: boolean): MaskableLoss {
  return exclusive ? categoricalCrossentropy : binaryCrossentropy;
}

function meanOfKnown(values: tf.Tensor, known: tf.Tensor | null): tf.Scalar {
  if (known === null) return tf.mean(values) as tf.Scalar;
  return tf.div(tf.sum(tf.mul(values, known)), tf.maximum(tf.sum(known), 1));
}

/** `[batch, tags]`: max(z, 0) − z·t + log(1 + exp(−|z|)), which is log(1 + exp(z)) − z·t without overflow. */
function crossentropyOfPairs(targets: tf.Tensor2D, logits: tf.Tensor2D): tf.Tensor2D {
  return tf.add(tf.sub(tf.relu(logits), tf.mul(logits, targets)), tf.log1p(tf.exp(tf.neg(tf.abs(logits)))));
}
