/** The largest value over time and frequency, as a layer. */
import * as tf from '@tensorflow/tfjs';

/** Largest value of each channel over the map: `[batch, frames, bins, channels]` to `[batch, channels]`. */
export class MaxOverMap extends tf.layers.Layer {
  static className = 'MaxOverMap';

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const [batch, , , channels] = inputShape as tf.Shape;
    return [batch, channels];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.max((Array.isArray(inputs) ? inputs[0] : inputs) as tf.Tensor4D, [1, 2]);
  }
}
