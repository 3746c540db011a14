/** A waveform as layers take it, `[batch, samples]` or with channels on either side of the samples. */
import * as tf from '@tensorflow/tfjs';
import type { DataFormat } from './dataFormat.ts';

/**
 * Batch, samples and channels of `[batch, samples]`, `[batch, samples, channels]` or `[batch, channels, samples]`.
 *
 * @throws RangeError if it is none of these; `name` is the layer's.
 */
export function readWaveformShape(
  name: string,
  shape: tf.Shape,
  dataFormat: DataFormat,
): { batch: number | null; samples: number | null; channels: number | null } {
  if (shape.length === 2) return { batch: shape[0], samples: shape[1], channels: 1 };
  if (shape.length !== 3) {
    throw new RangeError(
      `${name} needs a waveform of shape [batch, samples] or [batch, samples, channels]; got [${shape.join(', ')}].`,
    );
  }
  return dataFormat === 'channelsLast'
    ? { batch: shape[0], samples: shape[1], channels: shape[2] }
    : { batch: shape[0], samples: shape[2], channels: shape[1] };
}

/** Such a waveform as one row a channel, `[batch * channels, samples]`. */
export function toRows(waveform: tf.Tensor, dataFormat: DataFormat): tf.Tensor2D {
  const moves = waveform.rank === 3 && dataFormat === 'channelsLast' && waveform.shape[2]! > 1;
  const rows = moves ? tf.transpose(waveform, [0, 2, 1]) : waveform;
  const samples =
    waveform.rank === 3 && dataFormat === 'channelsLast' ? waveform.shape[1]! : rows.shape.at(-1)!;
  return tf.reshape(rows, [-1, samples]) as tf.Tensor2D;
}

/** Rows `[batch * channels, samples]` as a waveform with a channel axis. */
export function fromRows(rows: tf.Tensor2D, channels: number, dataFormat: DataFormat): tf.Tensor3D {
  const samples = rows.shape[1];
  if (dataFormat === 'channelsFirst') return tf.reshape(rows, [-1, channels, samples]) as tf.Tensor3D;
  if (channels === 1) return tf.reshape(rows, [-1, samples, 1]) as tf.Tensor3D;
  return tf.transpose(tf.reshape(rows, [-1, channels, samples]), [0, 2, 1]) as tf.Tensor3D;
}
