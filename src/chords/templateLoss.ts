/** What learned chroma is trained with: the distance to the chroma of the chord that is played. */
import * as tf from '@tensorflow/tfjs';
import type { ChordVocabulary } from './chordVocabulary.ts';

/**
 * The mean over the batch of the squared distance between the chroma of a frame and the template of its chord.
 *
 * Chords: one-hot `[batch, labels]`; a row of zeros is a frame without a known chord, and counts nothing. Chroma:
 * `[batch, 12]`. The result is a scalar >= 0. It is for a loop of one's own: `model.compile` of TF.js 4.22 wants targets in
 * the shape of the output, for which `meanSquaredError` against the templates themselves is the same, but for a factor of
 * 12.
 *
 * The loss of Humphrey's practicum on learned chroma, 2013.
 *
 * @example const loss = templateLoss(chordVocabulary()); tf.variableGrads(() => loss(chords, chroma))
 */
export function templateLoss({
  templates,
  labels,
}: ChordVocabulary): (chords: tf.Tensor, chroma: tf.Tensor) => tf.Scalar {
  return (chords, chroma) =>
    tf.tidy(() => {
      const known = tf.sum(chords, 1);
      const wanted = tf.matMul(chords as tf.Tensor2D, tf.tensor2d(templates, [labels.length, 12]));
      const distances = tf.sum(tf.square(tf.sub(chroma, wanted)), 1);
      const count = tf.maximum(tf.sum(known), 1);
      return tf.div(tf.sum(tf.mul(distances, known)), count) as tf.Scalar;
    });
}
