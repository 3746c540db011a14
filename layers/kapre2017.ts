/** Kapre as it was in March 2017, by named options. */
import * as tf from '@tensorflow/tfjs';

/**
 * What `Melspectrogram` of Kapre 0.0.3 (commit a3bde3e) did by default, as options of `MelSpectrogram`: frames padded as
 * a convolution's, and the root of the mel bands of power.
 *
 * @example new MelSpectrogram({ ...kapre2017, sampleRate: 22050, nMels: 128 })
 */
export const kapre2017 = { nFft: 512, hopLength: 256, center: 'same', powerMelgram: 1 } as const;

/**
 * What its `return_decibel_melgram=True` did, as options of `decibel` and of `PowerToDecibel`: 10 · log10, also of the
 * root, down to 80 dB below the peak of the whole batch.
 *
 * @example new MelSpectrogram({ ...kapre2017, powerMelgram: 2, decibel: kapre2017Decibel, sampleRate: 12000, nMels: 96 })
 */
export const kapre2017Decibel = { ref: 'batchMax', amin: 1e-10, topDb: 80 } as const;

/** `10 * log10(power)` below the peak of the batch, at most `topDb` deep: a clip depends on its neighbours. */
export function decibelOfBatch(
  power: tf.Tensor,
  { amin, topDb }: { amin: number; topDb: number | null },
): tf.Tensor {
  return tf.tidy(() => {
    const decibels = tf.mul(tf.log(tf.maximum(power, amin)), 10 / Math.LN10);
    const below = tf.sub(decibels, tf.max(decibels));
    return topDb === null ? below : tf.sub(tf.relu(tf.add(below, topDb)), topDb);
  });
}
