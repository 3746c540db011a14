import * as tf from '@tensorflow/tfjs';
import { ConcatenateFrequencyMap } from '../concatenateFrequencyMap.ts';
import type { DataFormat } from '../dataFormat.ts';

type Conv2dArgs = Parameters<typeof tf.layers.conv2d>[0];

export interface FrequencyAwareConv2dArgs extends Omit<Conv2dArgs, 'dataFormat'> {
  /** Shape of one map: `[frames, bins, channels]` or `[channels, frames, bins]`; null where it varies. */
  inputShape: tf.Shape;
  /** Channels last or second. Default `'channelsLast'`. */
  dataFormat?: DataFormat;
}

/**
 * A 2D convolution that knows at which frequency it is: `ConcatenateFrequencyMap` ▸ TensorFlow.js's `conv2d` with the
 * other options. As Kapre 0.4.1 `get_frequency_aware_conv2d`.
 *
 * Input: `[batch, ...inputShape]`. Output: that of the convolution.
 *
 * @throws RangeError if the map has not three axes beside the batch.
 * @example frequencyAwareConv2d({ inputShape: [100, 96, 1], filters: 32, kernelSize: 3, padding: 'same' })
 */
export function frequencyAwareConv2d(args: FrequencyAwareConv2dArgs): tf.Sequential {
  const { inputShape, dataFormat = 'channelsLast', name, ...conv2d } = args;
  return tf.sequential({
    name,
    layers: [
      new ConcatenateFrequencyMap({ inputShape, dataFormat }),
      tf.layers.conv2d({ ...conv2d, dataFormat }),
    ],
  });
}
