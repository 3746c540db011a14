/** Amplitude to decibels as a layer. */
import * as tf from '@tensorflow/tfjs';
import { only, onlyShape } from './dataFormat.ts';
import { toDecibel } from './kernels/melSpectrogram/decibel.ts';
import { requireDecibel, type DecibelShape } from './kernels/melSpectrogram/shape.ts';
import type { LayerArgs } from './layerArgs.ts';

export interface AmplitudeToDecibelArgs extends LayerArgs {
  /** Amplitude that maps to 0 dB, > 0; `'max'` takes each clip's own peak. Default 1. */
  ref?: number | 'max';
  /** Smallest amplitude let through to the logarithm, > 0. Default 1e-5. */
  amin?: number;
  /** Depth kept below each clip's own peak, in dB; null keeps everything. Default 80. */
  topDb?: number | null;
}

/**
 * Turns magnitudes into decibels: `20 * log10(|amplitude| / ref)`, which is what `PowerToDecibel` makes of their
 * squares. `MagnitudeToDecibel` is Kapre's layer, with half as many decibels.
 *
 * The reference `'max'` and the floor are each clip's own, never the batch's. Input: any shape with the clip first.
 * Output: same shape, dB. Same numbers as librosa 0.11 `amplitude_to_db` on one clip.
 *
 * @throws RangeError if `ref` or `amin` is not > 0, or `topDb` is < 0.
 * @example new AmplitudeToDecibel({ ref: 'max' }).apply(magnitudes)
 */
export class AmplitudeToDecibel extends tf.layers.Layer {
  static className = 'AmplitudeToDecibel';
  private readonly options: DecibelShape;

  constructor({ ref = 1, amin = 1e-5, topDb = 80, ...layerArgs }: AmplitudeToDecibelArgs = {}) {
    super(layerArgs);
    requireDecibel('AmplitudeToDecibel', { ref, amin, topDb });
    this.options = { ref, amin, topDb };
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    return onlyShape(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const { ref, amin, topDb } = this.options;
      // twice ten logarithms, not the logarithm of the square: small squares underflow
      const half = toDecibel(tf.abs(only(inputs)), { ref, amin, topDb: topDb === null ? null : topDb / 2 });
      return tf.mul(half, 2);
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), ...this.options };
  }
}
tf.serialization.registerClass(AmplitudeToDecibel, 'sonotag');
