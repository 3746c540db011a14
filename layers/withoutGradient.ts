/** Values that a gradient takes as constants. */
import * as tf from '@tensorflow/tfjs';

/** `f(x)` for ops that have no gradient, such as comparisons: `x` gets none through it. */
export function withoutGradient<T extends tf.Tensor>(x: tf.Tensor, f: (x: tf.Tensor) => T): T {
  const constant = tf.customGrad((input) => {
    const at = input as tf.Tensor;
    return { value: f(at), gradFunc: () => tf.zerosLike(at) };
  });
  return constant(x) as T;
}
