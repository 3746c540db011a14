/** A constant of a layer that follows from its options: on the engine while the layer lives, never saved, never trained. */
import * as tf from '@tensorflow/tfjs';

export class FrozenMatrix {
  private onEngine?: tf.Tensor;
  private readonly compute: () => Float32Array;
  readonly shape: number[];

  /** @param compute Gives the values, when they are first asked for. */
  constructor(compute: () => Float32Array, shape: number[]) {
    this.compute = compute;
    this.shape = shape;
  }

  /** The matrix as a tensor that outlives every tidy; disposed of with {@link dispose}. */
  tensor(): tf.Tensor {
    if (!this.onEngine || this.onEngine.isDisposed) {
      this.onEngine = tf.keep(tf.tensor(this.compute(), this.shape, 'float32'));
    }
    return this.onEngine;
  }

  dispose(): void {
    this.onEngine?.dispose();
    this.onEngine = undefined;
  }
}
