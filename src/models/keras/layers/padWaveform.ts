/** Zeros before and after a waveform, as a layer. */
import * as tf from '@tensorflow/tfjs';
import { only, onlyShape } from '../../../../layers/dataFormat.ts';
import { requireInteger } from '../../../../layers/dsp/checks.ts';
import type { LayerArgs } from '../../../../layers/layerArgs.ts';

export interface PadWaveformArgs extends LayerArgs {
  /** Samples, >= 0. */
  before: number;
  /** Samples, >= 0. */
  after: number;
}

/**
 * `[batch, samples]` to `[batch, before + samples + after]`.
 *
 * @throws RangeError if an option is out of its range.
 * @example new PadWaveform({ before: 208, after: 208 }).apply(tf.zeros([1, 348000])) // [1, 348416]
 */
export class PadWaveform extends tf.layers.Layer {
  static className = 'PadWaveform';
  private readonly before: number;
  private readonly after: number;

  constructor({ before, after, ...layerArgs }: PadWaveformArgs) {
    super(layerArgs);
    requireInteger('PadWaveform: before', before, 0, 'samples');
    requireInteger('PadWaveform: after', after, 0, 'samples');
    this.before = before;
    this.after = after;
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const [batch, samples] = onlyShape(inputShape);
    return [batch, samples == null ? null : this.before + samples + this.after];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.pad(only(inputs) as tf.Tensor2D, [
      [0, 0],
      [this.before, this.after],
    ]);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), before: this.before, after: this.after };
  }
}
tf.serialization.registerClass(PadWaveform, 'sonotag');
