/** The mean over time and frequency, as a layer that is quick on every engine. */
import * as tf from '@tensorflow/tfjs';

/**
 * Mean of each channel over the map: `[batch, frames, bins, channels]` to `[batch, channels]`.
 *
 * Same numbers as GlobalAveragePooling2D, as one average pool over the map. On `wasm` TF.js 4.22's mean moves the
 * channels to the front first and is many times slower, and a product with a row of ones sums in an order that hangs on
 * the batch: here a clip's features have the same bits in every batch.
 */
export class MeanOverMap extends tf.layers.Layer {
  static className = 'MeanOverMap';

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const [batch, , , channels] = inputShape as tf.Shape;
    return [batch, channels];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = (Array.isArray(inputs) ? inputs[0] : inputs) as tf.Tensor4D;
      const [batch, frames, bins, channels] = x.shape;
      return tf.reshape(tf.avgPool(x, [frames, bins], 1, 'valid'), [batch, channels]);
    });
  }
}
