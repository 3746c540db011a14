/** A step of Adam of stock ops. Plain, for every backend: the truth for the kernels. */
import * as tf from '@tensorflow/tfjs';
import type { AdamConstants, AdamMoments } from './index.ts';

export function adamComposite(
  gradient: tf.Tensor1D,
  moments: AdamMoments,
  { stepSize, beta1, beta2, epsilon }: AdamConstants,
): AdamMoments & { update: tf.Tensor1D } {
  return tf.tidy(() => {
    const m = tf.add(tf.mul(moments.m, beta1), tf.mul(gradient, 1 - beta1)) as tf.Tensor1D;
    const v = tf.add(tf.mul(moments.v, beta2), tf.mul(tf.square(gradient), 1 - beta2)) as tf.Tensor1D;
    const update = tf.div(tf.mul(m, stepSize), tf.add(tf.sqrt(v), epsilon)) as tf.Tensor1D;
    return { update, m, v };
  });
}
