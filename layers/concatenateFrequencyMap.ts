/** A channel that tells each bin its place, as a layer. */
import * as tf from '@tensorflow/tfjs';
import { only, onlyShape, requireDataFormat, type DataFormat } from './dataFormat.ts';
import type { LayerArgs } from './layerArgs.ts';

export interface ConcatenateFrequencyMapArgs extends LayerArgs {
  /** `[batch, frames, bins, channels]` or `[batch, channels, frames, bins]`. Default `'channelsLast'`. */
  dataFormat?: DataFormat;
}

/**
 * Adds a channel, behind the others, that rises from 0 at the lowest bin to 1 at the highest, so that a convolution can
 * tell frequencies apart. Koutini, Eghbal-zadeh & Widmer 2019, "Receptive-field-regularized CNN variants for acoustic
 * scene classification".
 *
 * Input: `[batch, frames, bins, channels]`, or channels second. Output: one channel more. Same numbers as Kapre 0.4.1.
 *
 * @throws RangeError if the input has not four axes.
 * @example new ConcatenateFrequencyMap().apply(tf.zeros([1, 10, 3, 1])) // [1, 10, 3, 2]
 */
export class ConcatenateFrequencyMap extends tf.layers.Layer {
  static className = 'ConcatenateFrequencyMap';
  private readonly dataFormat: DataFormat;

  constructor({ dataFormat = 'channelsLast', ...layerArgs }: ConcatenateFrequencyMapArgs = {}) {
    super(layerArgs);
    requireDataFormat('ConcatenateFrequencyMap: dataFormat', dataFormat);
    this.dataFormat = dataFormat;
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const shape = [...onlyShape(inputShape)];
    if (shape.length !== 4) {
      throw new RangeError(
        `ConcatenateFrequencyMap needs a map [batch, frames, bins, channels]; got [${shape.join(', ')}].`,
      );
    }
    const axis = this.channelAxis();
    if (shape[axis] != null) shape[axis] += 1;
    return shape;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = only(inputs) as tf.Tensor4D;
      const binAxis = this.dataFormat === 'channelsLast' ? 2 : 3;
      const alongBins = x.shape.map((size, axis) => (axis === binAxis ? size : 1));
      const repeats = x.shape.map((size, axis) =>
        axis === binAxis || axis === this.channelAxis() ? 1 : size,
      );
      const rise = tf.reshape(tf.linspace(0, 1, x.shape[binAxis]), alongBins);
      return tf.concat([x, tf.tile(rise, repeats) as tf.Tensor4D], this.channelAxis());
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), dataFormat: this.dataFormat };
  }

  private channelAxis(): 1 | 3 {
    return this.dataFormat === 'channelsLast' ? 3 : 1;
  }
}
tf.serialization.registerClass(ConcatenateFrequencyMap, 'sonotag');
