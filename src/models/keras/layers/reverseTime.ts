/** Steps in the opposite order, as a layer. */
import * as tf from '@tensorflow/tfjs';
import { only, onlyShape } from '../../../../layers/dataFormat.ts';

/**
 * `[batch, steps, channels]` with the last step first: what a backward layer gives, in the order of the forward one.
 *
 * @example new ReverseTime({}).apply(tf.tensor3d([[[1], [2]]])) // [[[2], [1]]]
 */
export class ReverseTime extends tf.layers.Layer {
  static className = 'ReverseTime';

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    return onlyShape(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.reverse(only(inputs), 1);
  }
}
tf.serialization.registerClass(ReverseTime, 'sonotag');
