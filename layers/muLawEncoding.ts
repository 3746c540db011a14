/** Mu-law companding to integer levels as a layer. */
import * as tf from '@tensorflow/tfjs';
import { only, onlyShape } from './dataFormat.ts';
import type { LayerArgs } from './layerArgs.ts';

export interface MuLawArgs extends LayerArgs {
  /** Number of levels, an integer in [2, 65536]; 256 for 8 bits. */
  quantizationChannels: number;
}

/**
 * Levels 0 … `quantizationChannels - 1` of a waveform in [-1, 1], fine near 0 and coarse far from it:
 * `sign(x)·ln(1 + μ|x|) / ln(1 + μ)` with `μ = quantizationChannels - 1`, rounded (ITU-T G.711's law, continuous).
 *
 * Input: any shape; what is beyond ±1 is read as ±1, and NaN has no level. Output: same shape, int32, through which no
 * gradient goes. Same numbers as Kapre 0.4.1 `MuLawEncoding` within ±1; librosa 0.11 `mu_compress` counts from
 * -(μ + 1) / 2 and rounds upward.
 *
 * @throws RangeError if `quantizationChannels` is not an integer in [2, 65536].
 * @example new MuLawEncoding({ quantizationChannels: 256 }).apply(tf.tensor2d([[-1, 0, 1]])) // [[0, 128, 255]]
 */
export class MuLawEncoding extends tf.layers.Layer {
  static className = 'MuLawEncoding';
  private readonly quantizationChannels: number;

  constructor({ quantizationChannels, ...layerArgs }: MuLawArgs) {
    super(layerArgs);
    requireQuantization('MuLawEncoding', quantizationChannels);
    this.quantizationChannels = quantizationChannels;
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    return onlyShape(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const mu = this.quantizationChannels - 1;
      const x = tf.clipByValue(only(inputs), -1, 1);
      const companded = withSign(tf.div(log1p(tf.mul(tf.abs(x), mu)), Math.log1p(mu)), x);
      return tf.cast(tf.add(tf.mul(tf.add(companded, 1), mu / 2), 0.5), 'int32');
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), quantizationChannels: this.quantizationChannels };
  }
}
tf.serialization.registerClass(MuLawEncoding, 'sonotag');

/** @throws RangeError if `quantizationChannels` is not an integer in [2, 65536]; `name` is the layer's. */
export function requireQuantization(name: string, quantizationChannels: number): void {
  if (!(
    Number.isInteger(quantizationChannels) &&
    quantizationChannels >= 2 &&
    quantizationChannels <= 65536
  )) {
    throw new RangeError(
      `${name}: quantizationChannels must be an integer in [2, 65536]; got ${quantizationChannels}. ` +
        'Use 256 for 8 bits.',
    );
  }
}

/** `size` with the sign of `x`. TF.js 4.22: `sign` of `wasm` is 0 within ±1e-6. */
function withSign(size: tf.Tensor, x: tf.Tensor): tf.Tensor {
  return tf.where(tf.less(x, 0), tf.neg(size), size);
}

/**
 * `ln(1 + x)` for x >= 0, to float32's rounding. TF.js 4.22: `log1p` of `wasm` loses what the sum 1 + x rounds off, all
 * of x below 6e-8. The quotient puts it back (Goldberg 1991, "What every computer scientist should know about
 * floating-point arithmetic", theorem 4).
 */
function log1p(x: tf.Tensor): tf.Tensor {
  const sum = tf.add(x, 1);
  const kept = tf.sub(sum, 1);
  return tf.where(tf.equal(kept, 0), x, tf.mul(tf.log(sum), tf.div(x, kept)));
}
