/** Mu-law levels back to a waveform as a layer. */
import * as tf from '@tensorflow/tfjs';
import { only, onlyShape } from './dataFormat.ts';
import { requireQuantization, type MuLawArgs } from './muLawEncoding.ts';

/**
 * Undoes `MuLawEncoding`: the waveform in [-1, 1] that a level stands for,
 * `sign(y)·((1 + μ)^|y| - 1) / μ` with `y = 2·level / μ - 1` and `μ = quantizationChannels - 1`.
 *
 * Input: levels 0 … μ, any shape, integers or floats. Output: same shape, float32. Same numbers as Kapre 0.4.1
 * `MuLawDecoding`.
 *
 * @throws RangeError if `quantizationChannels` is not an integer in [2, 65536].
 * @example new MuLawDecoding({ quantizationChannels: 256 }).apply(tf.tensor2d([[0, 255]], [1, 2], 'int32')) // [[-1, 1]]
 */
export class MuLawDecoding extends tf.layers.Layer {
  static className = 'MuLawDecoding';
  private readonly quantizationChannels: number;

  constructor({ quantizationChannels, ...layerArgs }: MuLawArgs) {
    super(layerArgs);
    requireQuantization('MuLawDecoding', quantizationChannels);
    this.quantizationChannels = quantizationChannels;
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    return onlyShape(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const mu = this.quantizationChannels - 1;
      const y = tf.sub(tf.mul(tf.cast(only(inputs), 'float32'), 2 / mu), 1);
      // one of the two parts is 0; TF.js 4.22: `sign` of `wasm` is 0 within ±1e-6
      const expanded = (part: tf.Tensor) => tf.expm1(tf.mul(tf.relu(part), Math.log1p(mu)));
      return tf.div(tf.sub(expanded(y), expanded(tf.neg(y))), mu);
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), quantizationChannels: this.quantizationChannels };
  }
}
tf.serialization.registerClass(MuLawDecoding, 'sonotag');
