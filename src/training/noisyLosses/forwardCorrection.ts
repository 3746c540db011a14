/** A loss for labels that are wrong at known rates. */
import * as tf from '@tensorflow/tfjs';
import { meanOfKnown, type Loss } from '../losses.ts';

/** Of one tag's given labels. */
export interface LabelErrorRates {
  /** P(given | does not apply), in [0, 1). */
  falseAlarm: number;
  /** P(not given | applies), in [0, 1); with `falseAlarm` below 1. */
  miss: number;
}

/** Keeps the logarithm finite; Keras clips probabilities at the same number. */
const epsilon = 1e-7;

/**
 * Forward correction: the net's probability p = σ(z) that a tag applies becomes the one that it is given,
 *
 *     q = falseAlarm · (1 − p) + (1 − miss) · p,
 *
 * and the given labels are held against q: −t·log q − (1 − t)·log(1 − q), mean over the known pairs of clip and tag, nats. The minimiser
 * is the same as that of the cross-entropy on clean labels, so p comes out for the truth (Patrini et al., "Making Deep
 * Neural Networks Robust to Label Noise: a Loss Correction Approach", CVPR 2017, arXiv:1609.03683, theorem 2, with the
 * 2 × 2 matrix of each tag). With rates of 0 it is binary cross-entropy.
 *
 * @param rates one for each tag
 * @throws RangeError if a rate is not in [0, 1), or both of a tag sum to 1 or more: its labels then tell nothing, or
 *   the contrary.
 * @example const loss = forwardCorrection([{ falseAlarm: 0, miss: 0.5 }])
 */
export function forwardCorrection(rates: readonly LabelErrorRates[]): Loss {
  for (const { falseAlarm, miss } of rates) {
    if (falseAlarm >= 0 && miss >= 0 && falseAlarm + miss < 1) continue;
    throw new RangeError(
      `forwardCorrection: rates must be >= 0 and sum to less than 1; got falseAlarm ${falseAlarm}, miss ${miss}. Leave out a tag whose labels say nothing.`,
    );
  }
  const falseAlarms = rates.map(({ falseAlarm }) => falseAlarm);
  const slopes = rates.map(({ falseAlarm, miss }) => 1 - miss - falseAlarm);
  return (targets, logits, known = null) =>
    tf.tidy(() => {
      const p = tf.sigmoid(logits);
      const q = tf.add(tf.mul(p, tf.tensor2d([slopes])), tf.tensor2d([falseAlarms]));
      const given = tf.mul(targets, tf.log(tf.add(q, epsilon)));
      const notGiven = tf.mul(tf.sub(1, targets), tf.log(tf.add(tf.sub(1, q), epsilon)));
      return tf.neg(meanOfKnown(tf.add(given, notGiven), known));
    });
}
