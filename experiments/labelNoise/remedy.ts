/** The remedies: what each does with the same noisy lesson. */
import * as tf from '@tensorflow/tfjs';
import { createRandom } from '../../datasets/random.ts';
import { confidentLearning } from '../../src/noise/confidentLearning.ts';
import { binaryCrossentropy, labelLosses } from '../../src/training/losses.ts';
import { forwardCorrection, type LabelErrorRates } from '../../src/training/noisyLosses/forwardCorrection.ts';
import { nonNegativePu } from '../../src/training/noisyLosses/nonNegativePu.ts';
import { keepSmallLosses } from '../../src/training/noisyLosses/smallLosses.ts';
import { smoothLabels } from '../../src/training/noisyLosses/smoothLabels.ts';
import { remedyOptions, type Remedy } from './design.ts';
import { Learner, learnAndScore, stepsOf, takeRows, type Lesson } from './learner.ts';

/**
 * Trains on a lesson in the way of the remedy, and scores other maps.
 *
 * @param truth true labels of the lesson's clips, of which only the audited ones are looked at
 * @returns probabilities, `[tested, nTags]`
 */
export function trainWith(
  remedy: Remedy,
  lesson: Lesson,
  truth: Float32Array,
  tested: readonly Float32Array[],
): Promise<Float32Array> {
  const { labels } = lesson;
  switch (remedy) {
    case 'none':
    case 'more data': // the lesson has it
      return learnAndScore(lesson, binaryCrossentropy, tested);
    case 'label smoothing': {
      const smoothed = smoothLabels(labels, remedyOptions.smoothing);
      return learnAndScore({ ...lesson, labels: smoothed }, binaryCrossentropy, tested);
    }
    case 'forward correction':
      return learnAndScore(lesson, forwardCorrection(audit(lesson, truth).map(({ rates }) => rates)), tested);
    case 'positive-unlabelled loss': {
      const priors = audit(lesson, truth).map(({ prevalence }) => prevalence);
      return learnAndScore(lesson, nonNegativePu({ priors, givenShares: sharesOf(lesson) }), tested);
    }
    case 'co-teaching':
      return coTeach(lesson, truth, tested);
    case 'suspects removed':
      return withoutSuspects(lesson, tested);
  }
}

interface TagAudit {
  rates: LabelErrorRates;
  /** Share of the clips to which the tag applies. */
  prevalence: number;
  /** P(applies | not given). */
  wrongAbsent: number;
  /** P(does not apply | given). */
  wrongPresent: number;
}

/**
 * What setting a random sample of the training clips right tells about each tag: shares as means of their Jeffreys
 * posteriors, (k + ½) / (n + 1) (Brown, Cai and DasGupta, Statistical Science 16, 2001), which are never 0 or 1. Rates of
 * labels that seem to say nothing are brought down until they sum to 0.95.
 */
export function audit({ labels, nTags, maps, seed }: Lesson, truth: Float32Array): TagAudit[] {
  const clips = createRandom(seed, 0, 7)
    .shuffle(maps.map((_, clip) => clip))
    .slice(0, remedyOptions.audited);
  return Array.from({ length: nTags }, (_, tag) => {
    const count = [[0, 0], [0, 0]]; // prettier-ignore
    for (const clip of clips) count[labels[clip * nTags + tag]][truth[clip * nTags + tag]]++; // [given][true]
    const share = (yes: number, no: number) => (yes + 0.5) / (yes + no + 1);
    const falseAlarm = share(count[1][0], count[0][0]);
    const miss = share(count[0][1], count[1][1]);
    const scale = Math.min(1, 0.95 / (falseAlarm + miss));
    return {
      rates: { falseAlarm: scale * falseAlarm, miss: scale * miss },
      prevalence: share(count[0][1] + count[1][1], count[0][0] + count[1][0]),
      wrongAbsent: share(count[0][1], count[0][0]),
      wrongPresent: share(count[1][0], count[1][1]),
    };
  });
}

/** Share of the clips that are given each tag; at least half a clip, so that a tag nobody is given keeps a meaning. */
function sharesOf({ labels, nTags, maps }: Lesson): number[] {
  return Array.from({ length: nTags }, (_, tag) => {
    const given = maps.reduce((sum, __, clip) => sum + labels[clip * nTags + tag], 0);
    return Math.max(given, 0.5) / maps.length;
  });
}

/**
 * Two nets, each learning from the labels of the batch that the other finds easy; the shares that they drop rise to the
 * shares of wrong labels that the audit found, of all tags together. The first net is tested.
 */
async function coTeach(
  lesson: Lesson,
  truth: Float32Array,
  tested: readonly Float32Array[],
): Promise<Float32Array> {
  const { labels, maps, nTags, steps, seed } = lesson;
  const audited = audit(lesson, truth);
  const mean = (pick: (tag: TagAudit) => number) =>
    audited.reduce((sum, tag) => sum + pick(tag), 0) / audited.length;
  const [wrongAbsent, wrongPresent] = [mean((tag) => tag.wrongAbsent), mean((tag) => tag.wrongPresent)];
  const pair = [await Learner.create(lesson), await Learner.create({ ...lesson, seed: seed + 50 })];
  try {
    for (const step of stepsOf(lesson)) {
      const { members, done } = step;
      const full = Math.min(1, done / (remedyOptions.ramp * steps));
      const given = takeRows(labels, nTags, members);
      const kept: Float32Array[] = [];
      for (const learner of pair) {
        const logits = await learner.logitsOf(members.map((clip) => maps[clip]));
        const losses = await lossesOf(given, logits, nTags);
        const drop = { dropAbsent: full * wrongAbsent, dropPresent: full * wrongPresent };
        kept.push(keepSmallLosses(given, losses, drop));
      }
      pair.forEach((learner, own) => learner.learn(step, binaryCrossentropy, kept[1 - own]));
    }
    return await pair[0].score(tested);
  } finally {
    for (const learner of pair) learner.dispose();
  }
}

async function lossesOf(labels: Float32Array, logits: Float32Array, nTags: number): Promise<Float32Array> {
  const shape: [number, number] = [labels.length / nTags, nTags];
  const losses = tf.tidy(() => labelLosses(tf.tensor2d(labels, shape), tf.tensor2d(logits, shape)));
  const values = (await losses.data()) as Float32Array;
  losses.dispose();
  return values;
}

/** Scores every training clip by a net of the other folds, and trains without the labels that confident learning doubts. */
async function withoutSuspects(lesson: Lesson, tested: readonly Float32Array[]): Promise<Float32Array> {
  const { labels, maps, nTags, seed } = lesson;
  const { folds } = remedyOptions;
  const order = createRandom(seed, 0, 8).shuffle(maps.map((_, clip) => clip));
  const scores = new Float32Array(labels.length);
  for (let fold = 0; fold < folds; fold++) {
    const inside = order.filter((_, i) => i % folds === fold);
    const outside = order.filter((_, i) => i % folds !== fold);
    const others = {
      ...lesson,
      maps: outside.map((clip) => maps[clip]),
      labels: takeRows(labels, nTags, outside),
    };
    const own = await learnAndScore(
      others,
      binaryCrossentropy,
      inside.map((clip) => maps[clip]),
    );
    inside.forEach((clip, row) => scores.set(own.subarray(row * nTags, (row + 1) * nTags), clip * nTags));
  }
  const kept = unsuspected(labels, scores, nTags);
  return learnAndScore(lesson, binaryCrossentropy, tested, kept);
}

/** 1 where confident learning lets a label stand, `[clips, nTags]`; tags that all or no clips are given stay whole. */
export function unsuspected(labels: Float32Array, scores: Float32Array, nTags: number): Float32Array {
  const kept = new Float32Array(labels.length).fill(1);
  for (let tag = 0; tag < nTags; tag++) {
    const isOwn = (_: number, at: number) => at % nTags === tag;
    const given = labels.filter(isOwn);
    if (given.every((label) => label === given[0])) continue;
    confidentLearning(given, scores.filter(isOwn)).issues.forEach((issue, clip) => {
      if (issue === 1) kept[clip * nTags + tag] = 0;
    });
  }
  return kept;
}
