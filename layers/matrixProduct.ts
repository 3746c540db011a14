/** Matrix products whose gradients are as fast as they are. */
import * as tf from '@tensorflow/tfjs';

/**
 * `x · matrix`. TF.js 4.22 multiplies by transposed matrices in its gradient, which `wasm` does 15 to 40 times as slowly
 * as a plain product; here they are transposed first.
 *
 * @param trained Whether a gradient by `matrix` is wanted; without, it is a constant.
 */
export function matrixProduct(x: tf.Tensor2D, matrix: tf.Tensor2D, trained: boolean): tf.Tensor2D {
  const byX = (dy: tf.Tensor2D) => tf.matMul(dy, tf.transpose(matrix));
  if (!trained) {
    const op = tf.customGrad((of) => ({
      value: tf.matMul(of as tf.Tensor2D, matrix),
      gradFunc: (dy: tf.Tensor) => byX(dy as tf.Tensor2D),
    }));
    return op(x) as tf.Tensor2D;
  }
  const op = tf.customGrad((of, by, save) => {
    (save as tf.GradSaveFunc)([of as tf.Tensor]);
    return {
      value: tf.matMul(of as tf.Tensor2D, by as tf.Tensor2D),
      gradFunc: (dy: tf.Tensor, [saved]: tf.Tensor[]) => [
        byX(dy as tf.Tensor2D),
        tf.matMul(tf.transpose(saved) as tf.Tensor2D, dy as tf.Tensor2D),
      ],
    };
  });
  return op(x, matrix) as tf.Tensor2D;
}
