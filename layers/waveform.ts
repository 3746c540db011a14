/** A waveform as layers take it, `[batch, samples]` or with channels on either side of the samples. */
import * as tf from '@tensorflow/tfjs';
import type { DataFormat } from './dataFormat.ts';

/**
 * Sizes of a waveform's axes; null where unknown.
 *
 * @throws RangeError if the shape is no waveform's; `name` says which layer needs one.
 */
export function waveformSize(
  name: string,
  shape: tf.Shape,
  format: DataFormat,
): { batch: number | null; samples: number | null; channels: number | null } {
  if (shape.length !== 2 && shape.length !== 3) {
    throw new RangeError(
      `${name} needs a waveform of shape [batch, samples] or [batch, samples, channels]; ` +
        `got [${shape.join(', ')}].`,
    );
  }
  const [batch, second, third] = shape;
  if (shape.length === 2) return { batch, samples: second, channels: 1 };
  return format === 'channelsLast'
    ? { batch, samples: second, channels: third }
    : { batch, samples: third, channels: second };
}

/** The waveform as `[batch * channels, samples]`, the channels of a clip one after the other. */
export function waveformRows(waveform: tf.Tensor, format: DataFormat): tf.Tensor2D {
  const samples = waveform.shape[waveform.rank === 3 && format === 'channelsFirst' ? 2 : 1]!;
  const moves = waveform.rank === 3 && format === 'channelsLast' && waveform.shape[2]! > 1;
  const rows = waveform.size / Math.max(1, samples);
  return tf.reshape(moves ? tf.transpose(waveform, [0, 2, 1]) : waveform, [rows, samples]);
}
