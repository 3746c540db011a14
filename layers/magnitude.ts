/** Magnitude of a complex spectrogram as a layer. */
import * as tf from '@tensorflow/tfjs';
import { requireComplex } from './complexSpectrogram.ts';
import { only, onlyShape } from './dataFormat.ts';

/**
 * `sqrt(real² + imaginary²)`.
 *
 * Input: any shape with real and imaginary part on a last axis of 2, such as `STFT`'s. Output: the shape without that
 * axis, >= 0. The gradient at 0, where there is none, is 0. Same numbers as Kapre 0.4.1 `Magnitude`.
 *
 * @throws RangeError if the last axis is not two long.
 * @example new Magnitude().apply(tf.tensor2d([[3, -4]])) // [5]
 */
export class Magnitude extends tf.layers.Layer {
  static className = 'Magnitude';

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const shape = onlyShape(inputShape);
    requireComplex('Magnitude', shape);
    return shape.slice(0, -1);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const x = only(inputs);
    requireComplex('Magnitude', x.shape);
    return tf.tidy(() => magnitude(x));
  }
}
tf.serialization.registerClass(Magnitude, 'sonotag');

const magnitude = tf.customGrad((x, save) => {
  const length = tf.sqrt(tf.sum(tf.square(x as tf.Tensor), -1));
  (save as tf.GradSaveFunc)([x as tf.Tensor, length]);
  const gradFunc = (dy: tf.Tensor, [parts, lengths]: tf.Tensor[]) =>
    // at 0 the parts are 0 too, so whatever keeps the quotient finite gives 0
    tf.mul(parts, tf.expandDims(tf.div(dy, tf.maximum(lengths, smallestLength)), -1));
  return { value: length, gradFunc };
});

/** Root of the smallest normal float32. */
const smallestLength = 2 ** -63;
