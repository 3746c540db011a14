/** Normalisation of a time-frequency map to zero mean and unit deviation as a layer. */
import * as tf from '@tensorflow/tfjs';
import { only, onlyShape, requireDataFormat, type DataFormat } from './dataFormat.ts';
import { requireOneOf, requirePositive } from './dsp/checks.ts';
import type { LayerArgs } from './layerArgs.ts';
import { mapAxes } from './mapAxes.ts';
import { standardize } from './standardize.ts';

export const normalizationAxes = ['dataSample', 'channel', 'frequency', 'time', 'batch'] as const;
export type NormalizationAxis = (typeof normalizationAxes)[number];

export interface Normalization2DArgs extends LayerArgs {
  /**
   * What keeps statistics of its own within each clip: `'dataSample'` one mean for the whole clip, `'channel'`,
   * `'frequency'` (per bin) or `'time'` (per frame) one for each position on that axis. `'batch'` takes one for the
   * whole batch, which makes a clip depend on its neighbours. Default `'dataSample'`.
   */
  axis?: NormalizationAxis;
  /**
   * False takes the statistics of a channel, bin or frame over all clips of the batch, as Kapre did in 2017, which
   * makes a clip depend on its neighbours. Default true.
   */
  perClip?: boolean;
  /** Added to the deviation, in units of the input, so that silence gives 0. Default 1e-3. */
  epsilon?: number;
  /** `[batch, frames, bins, channels]` or `[batch, channels, frames, bins]`. Default `'channelsLast'`. */
  dataFormat?: DataFormat;
}

/**
 * `(x - mean) / (deviation + epsilon)`, by default with the statistics of each clip alone: a clip does not depend on
 * the batch.
 *
 * Input and output: `[batch, frames, bins, channels]`, or channels second. Kapre's layer of 2017 (arXiv:1706.05781) of
 * the same name is `perClip: false, epsilon: 1e-10`.
 *
 * @throws RangeError if an option is out of range.
 * @example new Normalization2D({ axis: 'frequency' }).apply(decibels)
 */
export class Normalization2D extends tf.layers.Layer {
  static className = 'Normalization2D';
  private readonly options: Required<Omit<Normalization2DArgs, keyof LayerArgs>>;

  constructor(args: Normalization2DArgs = {}) {
    const {
      axis = 'dataSample',
      perClip = true,
      epsilon = 1e-3,
      dataFormat = 'channelsLast',
      ...layerArgs
    } = args;
    super(layerArgs);
    requireOneOf('Normalization2D: axis', axis, normalizationAxes);
    requirePositive('Normalization2D: epsilon', epsilon);
    requireDataFormat('Normalization2D: dataFormat', dataFormat);
    this.options = { axis, perClip, epsilon, dataFormat };
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    return onlyShape(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const { axis, perClip, epsilon, dataFormat } = this.options;
    const { frames: time, bins: frequency, channels: channel } = mapAxes(dataFormat);
    const positions = { dataSample: 0, time, frequency, channel };
    const own: (number | null)[] = axis === 'batch' ? [] : [positions[axis], perClip ? 0 : null];
    const averaged = [0, 1, 2, 3].filter((position) => !own.includes(position));
    return standardize(only(inputs), averaged, epsilon);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), ...this.options };
  }
}
tf.serialization.registerClass(Normalization2D, 'sonotag');
