/** Kapre's Normalization2D of 2017: statistics over the batch as well. */
import * as tf from '@tensorflow/tfjs';
import { only, onlyShape } from '../../../../layers/dataFormat.ts';
import { requireInteger, requirePositive } from '../../../../layers/dsp/checks.ts';
import type { LayerArgs } from '../../../../layers/layerArgs.ts';
import { meanOver } from './meanOver.ts';

export interface NormalizeOverBatchArgs extends LayerArgs {
  /** Axis that has statistics of its own; 0 the clip, -1 for none: one mean for the whole batch. */
  axis: number;
  /** Added to the deviation, > 0. Default 1e-10, as in Kapre. */
  epsilon?: number;
}

/**
 * `(x - mean) / (deviation + epsilon)`, the statistics over all axes but one, so over the batch too unless that is the
 * clip's: a clip's output depends on what it is computed with. Input and output: the same shape.
 *
 * Same numbers as Normalization2D of Kapre 0.0 and 0.1 (arXiv:1706.05781).
 *
 * @throws RangeError if an option is out of its range.
 * @example new NormalizeOverBatch({ axis: 1 }).apply(decibels) // each frequency of [batch, bins, frames, 1]
 */
export class NormalizeOverBatch extends tf.layers.Layer {
  static className = 'NormalizeOverBatch';
  private readonly axis: number;
  private readonly epsilon: number;

  constructor({ axis, epsilon = 1e-10, ...layerArgs }: NormalizeOverBatchArgs) {
    super(layerArgs);
    requireInteger('NormalizeOverBatch: axis', axis, -1);
    requirePositive('NormalizeOverBatch: epsilon', epsilon);
    this.axis = axis;
    this.epsilon = epsilon;
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    return onlyShape(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = only(inputs);
      const averaged = x.shape.map((_, at) => at).filter((at) => at !== this.axis);
      const centred = tf.sub(x, meanOver(x, averaged));
      const variance = meanOver(tf.square(centred), averaged);
      // the square root's gradient is infinite at 0: deviations below 1e-15 read as 1e-15
      return tf.div(centred, tf.add(tf.sqrt(tf.maximum(variance, 1e-30)), this.epsilon));
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), axis: this.axis, epsilon: this.epsilon };
  }
}
tf.serialization.registerClass(NormalizeOverBatch, 'sonotag');
