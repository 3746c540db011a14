/** Normalisation of a time-frequency map to zero mean and unit deviation as a layer. */
import * as tf from '@tensorflow/tfjs';
import { only, onlyShape, requireDataFormat, type DataFormat } from './dataFormat.ts';
import { requireOneOf, requirePositive } from './dsp/checks.ts';
import type { LayerArgs } from './layerArgs.ts';

export const normalizationAxes = ['dataSample', 'channel', 'frequency', 'time'] as const;
export type NormalizationAxis = (typeof normalizationAxes)[number];

export interface Normalization2DArgs extends LayerArgs {
  /**
   * What keeps statistics of its own within each clip: `'dataSample'` one mean for the whole clip, `'channel'`,
   * `'frequency'` (per bin) or `'time'` (per frame) one for each position on that axis. Default `'dataSample'`.
   */
  axis?: NormalizationAxis;
  /** Added to the deviation, in units of the input, so that silence gives 0. Default 1e-3. */
  epsilon?: number;
  /** `[batch, frames, bins, channels]` or `[batch, channels, frames, bins]`. Default `'channelsLast'`. */
  dataFormat?: DataFormat;
}

/** Position of each axis by data format. */
const axisPositions = {
  channelsLast: { time: 1, frequency: 2, channel: 3, dataSample: -1 },
  channelsFirst: { channel: 1, time: 2, frequency: 3, dataSample: -1 },
} as const;

/**
 * `(x - mean) / (deviation + epsilon)` with the statistics of each clip alone: a clip never depends on the batch.
 *
 * Input and output: `[batch, frames, bins, channels]`, or channels second. Kapre's layer of 2017 (arXiv:1706.05781)
 * of the same name took the statistics of the other axes over the whole batch, with epsilon 1e-10.
 *
 * @throws RangeError if an option is out of range.
 * @example new Normalization2D({ axis: 'frequency' }).apply(decibels)
 */
export class Normalization2D extends tf.layers.Layer {
  static className = 'Normalization2D';
  private readonly options: Required<Omit<Normalization2DArgs, keyof LayerArgs>>;

  constructor(args: Normalization2DArgs = {}) {
    const { axis = 'dataSample', epsilon = 1e-3, dataFormat = 'channelsLast', ...layerArgs } = args;
    super(layerArgs);
    requireOneOf('Normalization2D: axis', axis, normalizationAxes);
    requirePositive('Normalization2D: epsilon', epsilon);
    requireDataFormat('Normalization2D: dataFormat', dataFormat);
    this.options = { axis, epsilon, dataFormat };
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    return onlyShape(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const { axis, epsilon, dataFormat } = this.options;
      const x = only(inputs);
      const own = axisPositions[dataFormat][axis];
      const averaged = [1, 2, 3].filter((position) => position !== own);
      const centred = tf.sub(x, tf.mean(x, averaged, true));
      const variance = tf.mean(tf.square(centred), averaged, true);
      // the square root's gradient is infinite at 0: deviations below 1e-15 read as 1e-15
      return tf.div(centred, tf.add(tf.sqrt(tf.maximum(variance, 1e-30)), epsilon));
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), ...this.options };
  }
}
tf.serialization.registerClass(Normalization2D, 'sonotag');
