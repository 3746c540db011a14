/** What learned chroma is trained with: the distance to the chroma of the chord that is played. */
import * as tf from '@tensorflow/tfjs';
import type { ChordVocabulary } from './chordVocabulary.ts';

/**
 * A loss for `model.compile`: the mean over the batch of the squared distance between the chroma of a frame and the
 * template of its chord.
 *
 * Labels: one-hot `[batch, labels]`; a row of zeros is a frame without a known chord, and counts nothing. Chroma:
 * `[batch, 12]`. The result is a scalar >= 0.
 *
 * The loss of Humphrey 2013, "Learned chroma" (practicum; chord templates as targets).
 *
 * @example model.compile({ optimizer: 'sgd', loss: templateLoss(chordVocabulary()) })
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
