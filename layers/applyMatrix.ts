/** A matrix on the frequency axis of a map. */
import * as tf from '@tensorflow/tfjs';
import { fromChannelsFirst, toChannelsFirst, type DataFormat } from './dataFormat.ts';

/** A map times `[bins, bands]`, in the map's data format. */
export function applyMatrix(map: tf.Tensor, matrix: tf.Tensor2D, dataFormat: DataFormat): tf.Tensor {
  return tf.tidy(() => {
    const x = toChannelsFirst(map as tf.Tensor4D, dataFormat);
    const [batch, channels, nFrames, nBins] = x.shape;
    const rows = tf.reshape(x, [batch * channels * nFrames, nBins]) as tf.Tensor2D;
    const bands = tf.reshape(tf.matMul(rows, matrix), [batch, channels, nFrames, matrix.shape[1]]);
    return fromChannelsFirst(bands as tf.Tensor4D, dataFormat);
  });
}
