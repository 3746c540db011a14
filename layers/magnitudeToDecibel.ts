/** Kapre's decibels of magnitudes as a layer. */
import * as tf from '@tensorflow/tfjs';
import { only, onlyShape } from './dataFormat.ts';
import { toDecibel } from './kernels/melSpectrogram/decibel.ts';
import { requireDecibel, type DecibelShape } from './kernels/melSpectrogram/shape.ts';
import type { LayerArgs } from './layerArgs.ts';

export interface MagnitudeToDecibelArgs extends LayerArgs {
  /** Magnitude that maps to 0, > 0, Kapre's `ref_value`; `'max'` takes each clip's own peak. Default 1. */
  ref?: number | 'max';
  /** Smallest magnitude let through to the logarithm, > 0. Default 1e-5. */
  amin?: number;
  /** Depth kept below each clip's own peak, Kapre's `dynamic_range`; null keeps everything. Default 80. */
  topDb?: number | null;
}

/**
 * `10 * log10(magnitude / ref)`: Kapre's convention, for models that were made with it. A decibel is ten logarithms of
 * power, so these are half as many as there are: `AmplitudeToDecibel` takes 20 logarithms of a magnitude,
 * `PowerToDecibel` 10 of a power.
 *
 * The floor hangs from the peak of each clip. Input: any shape with the clip first, magnitude, >= 0. Output: same
 * shape. Same numbers as Kapre 0.4.1 `MagnitudeToDecibel`.
 *
 * @throws RangeError if `ref` or `amin` is not > 0, or `topDb` is < 0.
 * @example new MagnitudeToDecibel({ topDb: 60 }).apply(magnitudes)
 */
export class MagnitudeToDecibel extends tf.layers.Layer {
  static className = 'MagnitudeToDecibel';
  private readonly options: DecibelShape;

  constructor({ ref = 1, amin = 1e-5, topDb = 80, ...layerArgs }: MagnitudeToDecibelArgs = {}) {
    super(layerArgs);
    requireDecibel('MagnitudeToDecibel', { ref, amin, topDb });
    this.options = { ref, amin, topDb };
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    return onlyShape(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return toDecibel(only(inputs), this.options);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), ...this.options };
  }
}
tf.serialization.registerClass(MagnitudeToDecibel, 'sonotag');
