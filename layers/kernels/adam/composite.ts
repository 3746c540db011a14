/** A step of Adam of stock ops. Plain, for every backend: the truth for the kernels. */
import * as tf from '@tensorflow/tfjs';
import type { AdamConstants, AdamInputs } from './index.ts';

export function adamComposite(
  { parameters, gradient, state }: AdamInputs,
  { stepSize, beta1, beta2, epsilon }: AdamConstants,
): tf.Tensor1D {
  return tf.tidy(() => {
    const [, oldM, oldV] = tf.split(state, 3);
    const m = tf.add(tf.mul(oldM, beta1), tf.mul(gradient, 1 - beta1));
    const v = tf.add(tf.mul(oldV, beta2), tf.mul(tf.square(gradient), 1 - beta2));
    const update = tf.div(tf.mul(m, stepSize), tf.add(tf.sqrt(v), epsilon));
    return tf.concat([tf.sub(parameters, update), m, v]) as tf.Tensor1D;
  });
}
