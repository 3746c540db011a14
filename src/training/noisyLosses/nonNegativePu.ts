/** A loss for labels whose absence says nothing. */
import * as tf from '@tensorflow/tfjs';
import { labelLosses, meanOfKnown, type Loss } from '../losses.ts';

export interface NonNegativePuOptions {
  /** π: share of the clips to which each tag applies, in (0, 1). */
  priors: readonly number[];
  /** c: share of the clips that are given each tag, in (0, 1]. */
  givenShares: readonly number[];
}

/**
 * The non-negative risk of positive and unlabelled clips, tag by tag, mean over the tags: with ℓ₊ = log(1 + exp(−z))
 * and ℓ₋ = log(1 + exp(z)), nats,
 *
 *     π · E_given[ℓ₊] + max(0, E_all[ℓ₋] − π · E_given[ℓ₋])
 *
 * (Kiryo et al., "Positive-Unlabeled Learning with Non-Negative Risk Estimator", NIPS 2017, arXiv:1703.00593, equation 6,
 * with the logistic loss). The unlabelled clips are all clips, those given the tag included, for they are what is drawn
 * from the whole; it holds where the given clips are a fair sample of those to which the tag applies. E_given is
 * (1 / (n · c)) Σ t·ℓ over the n clips of the batch: unbiased, and defined for a batch without the tag. Where the
 * second term is negative, the step goes up on it instead, as in algorithm 1 there with β = 0 and γ = 1: the value is
 * the risk, the gradient that of π·E_given[ℓ₊] − (E_all[ℓ₋] − π·E_given[ℓ₋]). Where labels are unknown, n counts the
 * clips of which the tag is known, and tags known of none are left out.
 *
 * @throws RangeError if the lists differ in length, a prior is not in (0, 1), or a share not in (0, 1].
 * @example const loss = nonNegativePu({ priors: [0.2], givenShares: [0.1] })
 */
export function nonNegativePu({ priors, givenShares }: NonNegativePuOptions): Loss {
  if (priors.length !== givenShares.length) {
    throw new RangeError(
      `nonNegativePu: needs a share for each prior; got ${givenShares.length} and ${priors.length}.`,
    );
  }
  priors.forEach((prior, tag) => {
    const share = givenShares[tag];
    if (prior > 0 && prior < 1 && share > 0 && share <= 1) return;
    throw new RangeError(
      `nonNegativePu: priors must lie in (0, 1) and shares in (0, 1]; got ${prior} and ${share} for tag ${tag}. Leave out a tag that no clip is given.`,
    );
  });
  const weights = priors.map((prior, tag) => prior / givenShares[tag]);
  return (targets, logits, known = null) =>
    tf.tidy(() => {
      const given = tf.mul(targets, tf.tensor2d([weights])) as tf.Tensor2D;
      const lossOf = (label: 0 | 1) => labelLosses(tf.fill(logits.shape, label), logits);
      const positive = meanOfKnown<tf.Tensor1D>(tf.mul(given, lossOf(1)), known, 0);
      const negative = meanOfKnown<tf.Tensor1D>(tf.mul(tf.sub(1, given), lossOf(0)), known, 0);
      // |x| has the gradient that is wanted on either side of 0; what it is too large by carries none
      const excess = detach(tf.relu(tf.neg(negative)));
      const risks = tf.add(positive, tf.sub(tf.abs(negative), excess));
      return meanOfKnown(risks, known && tf.max(known, 0));
    });
}

/** The same value, through which no gradient passes. */
const detach = tf.customGrad((x) => ({
  value: tf.clone(x as tf.Tensor),
  gradFunc: (dy: tf.Tensor) => tf.zerosLike(dy),
}));
