/** Batch norm along any axis, with moving statistics or, as Keras 1 had it, always those of the batch. */
import * as tf from '@tensorflow/tfjs';
import { only, onlyShape } from '../../../../layers/dataFormat.ts';
import { requireInteger, requireOneOf, requirePositive } from '../../../../layers/dsp/checks.ts';
import type { LayerArgs } from '../../../../layers/layerArgs.ts';
import { meanOver } from './meanOver.ts';

export const batchNormStatistics = ['moving', 'batch'] as const;
export type BatchNormStatistics = (typeof batchNormStatistics)[number];

export interface BatchNormArgs extends LayerArgs {
  /** Axis that has statistics of its own, >= 1; all others are averaged over. Default: the last. */
  axis?: number;
  /** Added to the variance, > 0. Default 1e-3, as in Keras. */
  epsilon?: number;
  /** Share of the moving statistics kept at each training step, in [0, 1]. Default 0.99, as in Keras. */
  momentum?: number;
  /**
   * What normalises outside training: `'moving'` averages; `'batch'` the statistics of the batch at hand, so that a
   * clip's output depends on its neighbours. Default `'moving'`.
   */
  statistics?: BatchNormStatistics;
}

/**
 * `gamma * (x - mean) / sqrt(variance + epsilon) + beta`.
 *
 * Input and output: any shape of rank 2 to 4 with the batch first. Weights in order: gamma, beta, movingMean,
 * movingVariance, each as long as the axis; the last two are not trained.
 *
 * Same numbers as BatchNormalization of Keras 2; with `statistics: 'batch'` as that of Keras 1.2 in mode 2, which the
 * compact convnet of Choi et al. 2017 was published with (arXiv:1703.09179, keunwoochoi/music-auto_tagging-keras).
 *
 * @throws RangeError if an option is out of its range.
 * @example new BatchNorm({ axis: 2 }).apply(tf.zeros([1, 96, 1366, 1])) // statistics for each of 1366 frames
 */
export class BatchNorm extends tf.layers.Layer {
  static className = 'BatchNorm';
  private readonly options: Required<Omit<BatchNormArgs, keyof LayerArgs | 'axis'>> & { axis: number | null };
  private gamma!: tf.LayerVariable;
  private beta!: tf.LayerVariable;
  private movingMean!: tf.LayerVariable;
  private movingVariance!: tf.LayerVariable;

  constructor(args: BatchNormArgs = {}) {
    const { axis, epsilon = 1e-3, momentum = 0.99, statistics = 'moving', ...layerArgs } = args;
    super(layerArgs);
    if (axis != null) requireInteger('BatchNorm: axis', axis, 1);
    requirePositive('BatchNorm: epsilon', epsilon);
    if (!(momentum >= 0 && momentum <= 1)) {
      throw new RangeError(`BatchNorm: momentum must lie in [0, 1], got ${momentum}. Use 0.99.`);
    }
    requireOneOf('BatchNorm: statistics', statistics, batchNormStatistics);
    this.options = { axis: axis ?? null, epsilon, momentum, statistics };
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const shape = onlyShape(inputShape);
    const length = shape[this.axisOf(shape)];
    if (length == null) throw new RangeError('BatchNorm: the length of the axis must be known.');
    const { zeros, ones } = tf.initializers;
    const weight = (name: string, start: ReturnType<typeof zeros>, trainable: boolean) =>
      this.addWeight(name, [length], 'float32', start, undefined, trainable);
    this.gamma = weight('gamma', ones(), true);
    this.beta = weight('beta', zeros(), true);
    this.movingMean = weight('movingMean', zeros(), false);
    this.movingVariance = weight('movingVariance', ones(), false);
    super.build(inputShape);
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    return onlyShape(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: { training?: boolean }): tf.Tensor {
    return tf.tidy(() => {
      const x = only(inputs);
      const training = kwargs.training === true && this.trainable;
      if (!training && this.options.statistics === 'moving') {
        return this.normalize(x, this.movingMean.read(), this.movingVariance.read());
      }
      const axis = this.axisOf(x.shape);
      const averaged = x.shape.map((_, at) => at).filter((at) => at !== axis);
      const wide = meanOver(x, averaged);
      const mean = tf.reshape(wide, [-1]);
      const variance = tf.reshape(meanOver(tf.square(tf.sub(x, wide)), averaged), [-1]);
      if (training) {
        this.move(this.movingMean, mean);
        this.move(this.movingVariance, variance);
      }
      return this.normalize(x, mean, variance);
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), ...this.options };
  }

  private normalize(x: tf.Tensor, mean: tf.Tensor, variance: tf.Tensor): tf.Tensor {
    const scale = tf.div(this.gamma.read(), tf.sqrt(tf.add(variance, this.options.epsilon)));
    const shift = tf.sub(this.beta.read(), tf.mul(mean, scale));
    const axis = this.axisOf(x.shape);
    const beside = x.shape.map((length, at) => (at === axis ? length : 1));
    return tf.add(tf.mul(x, tf.reshape(scale, beside)), tf.reshape(shift, beside));
  }

  private axisOf(shape: tf.Shape): number {
    const axis = this.options.axis ?? shape.length - 1;
    if (axis < shape.length) return axis;
    throw new RangeError(`BatchNorm: axis ${axis} is not one of the input's, [${shape.join(', ')}].`);
  }

  private move(moving: tf.LayerVariable, batch: tf.Tensor): void {
    const { momentum } = this.options;
    moving.write(tf.add(tf.mul(moving.read(), momentum), tf.mul(batch, 1 - momentum)));
  }
}
tf.serialization.registerClass(BatchNorm, 'sonotag');
