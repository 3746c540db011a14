/** The hard sigmoid of Keras 3 as an activation that TensorFlow.js finds by its name. */
import * as tf from '@tensorflow/tfjs';

/**
 * `x / 6 + 0.5`, cut at 0 and 1, as `hard_sigmoid` of Keras 3; that of Keras 2, which TF.js 4.22 has as `hardSigmoid`, is
 * `0.2 x + 0.5`.
 *
 * @example tf.layers.activation({ activation: 'keras3HardSigmoid' as 'hardSigmoid' })
 */
export class Keras3HardSigmoid extends tf.serialization.Serializable {
  static className = 'keras3HardSigmoid'; // TF.js saves activations by their names in snake case and reads them in camel case
  apply(x: tf.Tensor): tf.Tensor {
    return tf.tidy(() => tf.clipByValue(tf.add(tf.div(x, 6), 0.5), 0, 1));
  }

  getConfig(): tf.serialization.ConfigDict {
    return {};
  }
}
tf.serialization.registerClass(Keras3HardSigmoid, 'sonotag');
