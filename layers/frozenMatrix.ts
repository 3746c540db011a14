/** A constant of a layer that follows from its options: on the engine while the layer lives, never saved, never trained. */
import * as tf from '@tensorflow/tfjs';

export class FrozenMatrix {
  private onEngine?: tf.Tensor;
  readonly values: Float32Array;
  readonly shape: number[];

  constructor(values: Float32Array, shape: number[]) {
    this.values = values;
    this.shape = shape;
  }

  /** The matrix as a tensor that outlives every tidy; disposed of with {@link dispose}. */
  tensor(): tf.Tensor {
    if (!this.onEngine || this.onEngine.isDisposed) {
      this.onEngine = tf.keep(tf.tensor(this.values, this.shape, 'float32'));
    }
    return this.onEngine;
  }

  dispose(): void {
    this.onEngine?.dispose();
    this.onEngine = undefined;
  }
}
