/** Makes right labels wrong in the ways in which tags are, as often as asked. */
import { createRandom, type Random } from '../../datasets/random.ts';
import { coOccurrence } from './coOccurrence.ts';

/**
 * - `symmetric`: a label is replaced by the toss of a fair coin, so that half of those replaced are wrong. Two classes
 *   are the smallest case of the partially corrupted labels of Zhang et al., "Understanding deep learning requires
 *   rethinking generalization" (2017), arXiv:1611.03530, section 2.2.
 * - `missing`: a positive label is left out; absent then means "no" or "nobody said". The same for all tags: the
 *   "selected completely at random" of Elkan and Noto, "Learning classifiers from only positive and unlabeled data"
 *   (KDD 2008).
 * - `tagDependent`: like `missing`, but each tag is left out at a rate of its own, since some are said more readily than
 *   others: the tagability of Choi et al. (2018), arXiv:1706.02361. The rates are spread evenly over
 *   rate ± min(rate, 1 − rate), in random order; their mean over the tags is the rate.
 * - `coOccurrence`: a positive label is given to another tag in its place, one that the clip does not carry, with a
 *   probability in proportion to how often the two go together, #(i and j) / #i over all labels. One that goes with
 *   none of the tags at hand is left out.
 */
export const noiseKinds = ['symmetric', 'missing', 'tagDependent', 'coOccurrence'] as const;
export type NoiseKind = (typeof noiseKinds)[number];

export interface InjectNoiseOptions {
  nTags: number;
  kind: NoiseKind;
  /** Probability that a label, or with all kinds but `symmetric` a positive label, is tampered with, in [0, 1]. */
  rate: number;
  /** A 32-bit integer. */
  seed: number;
  /**
   * 32-bit integer that makes another draw of the same noise: the rates that `tagDependent` gives the tags follow from
   * `seed` alone, so that training and test labels can share them. Default 0.
   */
  stream?: number;
  /** Labels that `coOccurrence` counts pairs in, `[clips, nTags]`. Default: those given. */
  reference?: ArrayLike<number>;
}

/**
 * Labels with noise in them, `[clips, nTags]`; those given are left as they are. With rate 0 nothing changes.
 *
 * @param labels The truth: 0 or 1, row-major `[clips, nTags]`.
 * @throws RangeError if the length is not a positive multiple of `nTags`, a label is neither 0 nor 1, the rate lies
 *   outside [0, 1], or no two tags of the reference ever go together and `coOccurrence` is asked for.
 * @example injectNoise([1, 0, 1, 1], { nTags: 2, kind: 'missing', rate: 1, seed: 1 }) // [0, 0, 0, 0]
 */
export function injectNoise(labels: ArrayLike<number>, options: InjectNoiseOptions): Float32Array {
  const { nTags, kind, rate, seed, stream = 0, reference = labels } = options;
  requireLabels(labels, nTags, rate);
  const random = createRandom(seed, stream, 1);
  const noisy = Float32Array.from(labels);
  if (kind === 'symmetric') return noisy.map((label) => (random.chance(rate) ? random.integer(0, 1) : label));
  if (kind === 'coOccurrence') return swapTags(noisy, nTags, rate, random, reference);
  const rates = kind === 'missing' ? new Array<number>(nTags).fill(rate) : tagRates(nTags, rate, seed);
  return noisy.map((label, at) => (label === 1 && random.chance(rates[at % nTags]) ? 0 : label));
}

/**
 * The rates at which `tagDependent` leaves tags out: evenly over rate ± min(rate, 1 − rate), in an order drawn by the
 * seed. A single tag has the rate itself.
 *
 * @example tagRates(3, 0.2, 1) // 0, 0.2 and 0.4 in some order
 */
export function tagRates(nTags: number, rate: number, seed: number): number[] {
  if (nTags === 1) return [rate];
  const spread = Math.min(rate, 1 - rate);
  const rates = Array.from({ length: nTags }, (_, i) => rate + spread * ((2 * i) / (nTags - 1) - 1));
  return createRandom(seed, 0, 2).shuffle(rates);
}

function swapTags(
  labels: Float32Array,
  nTags: number,
  rate: number,
  random: Random,
  reference: ArrayLike<number>,
): Float32Array {
  const { joint } = coOccurrence(reference, nTags);
  if (joint.every((row, i) => row.every((both, j) => both === 0 || i === j))) {
    throw new RangeError(
      'injectNoise: no two tags ever go together, as with exclusive classes. Choose another kind than coOccurrence.',
    );
  }
  const noisy = labels.slice();
  for (let clip = 0; clip < labels.length / nTags; clip++) {
    const [own, changed] = [labels, noisy].map((all) => all.subarray(clip * nTags, (clip + 1) * nTags));
    own.forEach((label, tag) => {
      if (label !== 1 || !random.chance(rate)) return;
      changed[tag] = 0;
      const weights = joint[tag].map((both, other) => (own[other] === 1 || changed[other] === 1 ? 0 : both));
      const chosen = drawByWeight(weights, random);
      if (chosen !== null) changed[chosen] = 1;
    });
  }
  return noisy;
}

/** An index with a probability in proportion to its weight; null where all weights are 0. */
function drawByWeight(weights: readonly number[], random: Random): number | null {
  let left = random.uniform(
    0,
    weights.reduce((sum, weight) => sum + weight, 0),
  );
  let last: number | null = null;
  for (const [index, weight] of weights.entries()) {
    if (weight === 0) continue;
    last = index;
    left -= weight;
    if (left < 0) return index;
  }
  return last; // what is left is rounding
}

function requireLabels(labels: ArrayLike<number>, nTags: number, rate: number): void {
  if (!(labels.length > 0 && Number.isInteger(labels.length / nTags))) {
    throw new RangeError(`injectNoise: labels must be [clips, ${nTags}]; got ${labels.length} of them.`);
  }
  if (!(rate >= 0 && rate <= 1)) {
    throw new RangeError(`injectNoise: rate must lie in [0, 1]; got ${rate}. Pass 0.4 for 40 %.`);
  }
  for (let at = 0; at < labels.length; at++) {
    if (labels[at] === 0 || labels[at] === 1) continue;
    throw new RangeError(`injectNoise: labels must be 0 or 1; got ${labels[at]} at ${at}.`);
  }
}
