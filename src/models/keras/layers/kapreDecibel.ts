/** Kapre's power of a spectrogram and its decibels, below each clip's peak or below that of the batch. */
import * as tf from '@tensorflow/tfjs';
import { only, onlyShape } from '../../../../layers/dataFormat.ts';
import { requireOneOf, requirePositive } from '../../../../layers/dsp/checks.ts';
import type { LayerArgs } from '../../../../layers/layerArgs.ts';

export const statisticsScopes = ['clip', 'batch'] as const;
/** What shares a maximum, or a mean: a clip alone, or all that are computed together. */
export type StatisticsScope = (typeof statisticsScopes)[number];

export interface KapreDecibelArgs extends LayerArgs {
  /** Exponent of the magnitude, > 0: 2 leaves power as it is. Default 2. */
  power?: number;
  /** Whose peak is 0 dB; null leaves out the decibels. Default `'clip'`. */
  reference?: StatisticsScope | null;
  /** Smallest value let through to the logarithm, > 0. Default 1e-10. */
  amin?: number;
  /** Depth kept below the peak, dB, > 0. Default 80. */
  dynamicRange?: number;
}

/**
 * `sqrt(x) ** power`, then `10 * log10` of it below the peak, no deeper than `dynamicRange`.
 *
 * Input: power, >= 0, any shape with the clip first. Output: the same shape. `reference: 'batch'` is Kapre 0.0.3
 * (2017), where a clip's decibels depend on what it is computed with; `'clip'` is Kapre 0.1, and with `power: 2` the
 * numbers of `PowerToDecibel({ ref: 'max' })`.
 *
 * @throws RangeError if an option is out of its range.
 * @example new KapreDecibel({ reference: 'batch' }).apply(melSpectrogram)
 */
export class KapreDecibel extends tf.layers.Layer {
  static className = 'KapreDecibel';
  private readonly options: Required<Omit<KapreDecibelArgs, keyof LayerArgs>>;

  constructor(args: KapreDecibelArgs = {}) {
    const { power = 2, reference = 'clip', amin = 1e-10, dynamicRange = 80, ...layerArgs } = args;
    super(layerArgs);
    requirePositive('KapreDecibel: power', power);
    requireOneOf('KapreDecibel: reference', reference, [...statisticsScopes, null]);
    requirePositive('KapreDecibel: amin', amin);
    requirePositive('KapreDecibel: dynamicRange', dynamicRange);
    this.options = { power, reference, amin, dynamicRange };
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    return onlyShape(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const { power, reference, amin, dynamicRange } = this.options;
      const x = only(inputs);
      // the square root's gradient is infinite at 0: values below 1e-30 read as 1e-30
      const raised = power === 2 ? x : tf.pow(tf.maximum(x, 1e-30), power / 2);
      if (reference === null) return raised;
      const decibels = tf.mul(tf.log(tf.maximum(raised, amin)), 10 / Math.LN10);
      const axes = x.shape.map((_, axis) => axis).slice(reference === 'clip' ? 1 : 0);
      const below = tf.sub(decibels, tf.max(decibels, axes, true));
      return tf.sub(tf.relu(tf.add(below, dynamicRange)), dynamicRange);
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), ...this.options };
  }
}
tf.serialization.registerClass(KapreDecibel, 'sonotag');
