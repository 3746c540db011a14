/** Zero mean and unit deviation by stock operations. */
import * as tf from '@tensorflow/tfjs';

/** `(x - mean) / (deviation + epsilon)`, both taken over the axes `over`. */
export function standardize(x: tf.Tensor, over: number[], epsilon: number): tf.Tensor {
  return tf.tidy(() => {
    const centred = tf.sub(x, tf.mean(x, over, true));
    const variance = tf.mean(tf.square(centred), over, true);
    // the square root's gradient is infinite at 0: deviations below 1e-15 read as 1e-15
    return tf.div(centred, tf.add(tf.sqrt(tf.maximum(variance, 1e-30)), epsilon));
  });
}
