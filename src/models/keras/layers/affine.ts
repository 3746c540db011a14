/** Numbers taken away, multiplied and added, as Keras's Normalization and Rescaling do. */
import * as tf from '@tensorflow/tfjs';
import { only, onlyShape } from '../../../../layers/dataFormat.ts';
import { requireInteger } from '../../../../layers/dsp/checks.ts';
import type { LayerArgs } from '../../../../layers/layerArgs.ts';

export interface AffineArgs extends LayerArgs {
  /** Of each weight, without the batch: as long as the input along an axis, or 1 for all along it. */
  shape: number[];
}

/**
 * `(x - center) * scale + offset`.
 *
 * Input and output: any shape with the batch first. Weights in order, never trained: center, scale, offset; they start
 * at 0, 1 and 0.
 *
 * @throws RangeError if a length is no whole number >= 1, or the shape does not fit the input.
 * @example new Affine({ shape: [1, 96] }).apply(tf.zeros([1, 40, 96])) // numbers for each of 96 bands
 */
export class Affine extends tf.layers.Layer {
  static className = 'Affine';
  private readonly shape: number[];
  private center!: tf.LayerVariable;
  private scale!: tf.LayerVariable;
  private offset!: tf.LayerVariable;

  constructor({ shape, ...layerArgs }: AffineArgs) {
    super(layerArgs);
    for (const length of shape) requireInteger('Affine: shape', length, 1);
    this.shape = [...shape];
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const [, ...lengths] = onlyShape(inputShape);
    const fits = lengths.length === this.shape.length && this.shape.every((n, at) => n === 1 || n === lengths[at]); // prettier-ignore
    if (!fits) {
      throw new RangeError(
        `Affine: shape [${this.shape.join(', ')}] does not fit the input's, [${lengths.join(', ')}].`,
      );
    }
    const { zeros, ones } = tf.initializers;
    const weight = (name: string, start: ReturnType<typeof zeros>) =>
      this.addWeight(name, this.shape, 'float32', start, undefined, false);
    this.center = weight('center', zeros());
    this.scale = weight('scale', ones());
    this.offset = weight('offset', zeros());
    super.build(inputShape);
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    return onlyShape(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() =>
      tf.add(tf.mul(tf.sub(only(inputs), this.center.read()), this.scale.read()), this.offset.read()),
    );
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), shape: [...this.shape] };
  }
}
tf.serialization.registerClass(Affine, 'sonotag');
