/** The penalties of a model's regularizers as an output of its own forward pass. */
import * as tf from '@tensorflow/tfjs';

/**
 * Scalar: the sum of `model.calculateLosses()`, 0 where no layer has a regularizer. To be applied to the last tensor of
 * the pass. A layer, since a model's `apply` disposes of what its layers keep of a pass, such as the penalty that
 * `LearnedChroma` has for its activations; here it is read before that. In a model within the model it is gone too
 * soon, and `LearnedChroma` says so.
 */
export class PenaltyLayer extends tf.layers.Layer {
  static className = 'PenaltyLayer';
  private readonly model: tf.LayersModel;

  constructor(model: tf.LayersModel) {
    super({});
    this.model = model;
  }

  override computeOutputShape(): tf.Shape {
    return [];
  }

  override call(): tf.Scalar {
    return tf.tidy(() =>
      this.model.calculateLosses().reduce<tf.Scalar>((sum, penalty) => tf.add(sum, penalty), tf.scalar(0)),
    );
  }
}
