/** Phase of a complex spectrogram as a layer. */
import * as tf from '@tensorflow/tfjs';
import { requireComplex } from './complexSpectrogram.ts';
import { only, onlyShape } from './dataFormat.ts';
import { requireInteger } from './dsp/checks.ts';
import type { LayerArgs } from './layerArgs.ts';

export interface PhaseArgs extends LayerArgs {
  /**
   * Depth of a continued fraction that takes the place of the arc tangent, >= 1, for runtimes without one: 10 gives
   * 1e-6 rad. Default null: the exact angle.
   */
  approxAtanAccuracy?: number | null;
}

/**
 * Angle of each complex number in radians, in [-π, π].
 *
 * Input: any shape with real and imaginary part on a last axis of 2, such as `STFT`'s. Output: the shape without that
 * axis. The angle of 0 is 0. The gradient is that of the exact angle, `(real · dImag - imag · dReal) / magnitude²`,
 * with magnitudes² below 1e-30 read as 1e-30, so that silence gives no infinite one.
 *
 * Same numbers as Kapre 0.4.1 `Phase`. With `approxAtanAccuracy` the fraction's argument is kept in [0, 1], where it
 * converges fast, and the imaginary axis comes out as ±π/2; Kapre's takes any argument and gives ±π there.
 *
 * @throws RangeError if the last axis is not two long, or `approxAtanAccuracy` is not an integer >= 1.
 * @example new Phase().apply(tf.tensor2d([[0, -4]])) // [-1.5708]
 */
export class Phase extends tf.layers.Layer {
  static className = 'Phase';
  private readonly approxAtanAccuracy: number | null;
  private readonly angle: (x: tf.Tensor) => tf.Tensor;

  constructor({ approxAtanAccuracy = null, ...layerArgs }: PhaseArgs = {}) {
    super(layerArgs);
    if (approxAtanAccuracy !== null) {
      requireInteger('Phase: approxAtanAccuracy, unless null,', approxAtanAccuracy, 1);
    }
    this.approxAtanAccuracy = approxAtanAccuracy;
    this.angle = withAngleGradient(
      approxAtanAccuracy === null ? tf.atan2 : (y, x) => approximateAtan2(y, x, approxAtanAccuracy),
    );
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const shape = onlyShape(inputShape);
    requireComplex('Phase', shape);
    return shape.slice(0, -1);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const x = only(inputs);
    requireComplex('Phase', x.shape);
    return tf.tidy(() => this.angle(x));
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), approxAtanAccuracy: this.approxAtanAccuracy };
  }
}
tf.serialization.registerClass(Phase, 'sonotag');

type Atan2 = (y: tf.Tensor, x: tf.Tensor) => tf.Tensor;

/** `atan2` on the parts of a complex number, with a gradient that is finite everywhere; TF.js 4.22 gives NaN at 0. */
function withAngleGradient(atan2: Atan2): (x: tf.Tensor) => tf.Tensor {
  return tf.customGrad((x, save) => {
    (save as tf.GradSaveFunc)([x as tf.Tensor]);
    const [real, imag] = tf.unstack(x as tf.Tensor, -1);
    const gradFunc = (dy: tf.Tensor, [parts]: tf.Tensor[]) => {
      const [re, im] = tf.unstack(parts, -1);
      const slope = tf.div(dy, tf.maximum(tf.add(tf.square(re), tf.square(im)), 1e-30));
      return tf.stack([tf.neg(tf.mul(im, slope)), tf.mul(re, slope)], -1);
    };
    return { value: atan2(imag, real), gradFunc };
  });
}

/** By the continued fraction of the arc tangent, `n` deep (Abramowitz & Stegun 4.4.43), of the smaller part by the larger. */
function approximateAtan2(y: tf.Tensor, x: tf.Tensor, n: number): tf.Tensor {
  const [height, width] = [tf.abs(y), tf.abs(x)];
  const larger = tf.maximum(height, width);
  const ratio = tf.divNoNan(tf.minimum(height, width), larger);
  const squared = tf.square(ratio);
  let denominator: tf.Tensor = tf.fill(ratio.shape, 2 * n + 1);
  for (let k = n; k >= 1; k--) denominator = tf.add(tf.div(tf.mul(squared, k * k), denominator), 2 * k - 1);
  const upToEighth = tf.div(ratio, denominator);
  const upToQuarter = tf.where(tf.greater(height, width), tf.sub(Math.PI / 2, upToEighth), upToEighth);
  const upToHalf = tf.where(tf.less(x, 0), tf.sub(Math.PI, upToQuarter), upToQuarter);
  return tf.where(tf.less(y, 0), tf.neg(upToHalf), upToHalf);
}
