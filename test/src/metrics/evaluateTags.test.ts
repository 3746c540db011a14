import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { expect, test } from 'vitest';
import { averagePrecision } from '../../../src/metrics/averagePrecision.ts';
import { bootstrapInterval } from '../../../src/metrics/bootstrapInterval.ts';
import { evaluateTags } from '../../../src/metrics/evaluateTags.ts';
import { rocAuc } from '../../../src/metrics/rocAuc.ts';
import { wilsonInterval } from '../../../src/metrics/wilsonInterval.ts';

const random = xoroshiro128plus(11);
const clips = 60;
const tags = ['flute', 'drum', 'silence', 'sound'];
const labels = Uint8Array.from({ length: clips * 4 }, (_, i) =>
  i % 4 === 2 ? 0 : i % 4 === 3 ? 1 : Number(uniformInt(random, 0, 9) < 3 + (i % 4) * 3),
);
const scores = Float32Array.from(labels, (label) => uniformInt(random, 0, 7) / 8 + label / 8);
const column = (matrix: ArrayLike<number>, tag: number) =>
  Array.from({ length: clips }, (_, clip) => matrix[clip * 4 + tag]);
const evaluation = evaluateTags({ labels, scores, tags, exclusive: false, seed: 5, resamples: 200 });

test('a tag has the figures of its own column', () => {
  for (const tag of [0, 1]) {
    const figures = evaluation.perTag[tag];
    expect(figures.tag).toBe(tags[tag]);
    expect(figures.positives).toBe(column(labels, tag).filter((label) => label === 1).length);
    expect(figures.rocAuc).toBe(rocAuc(column(labels, tag), column(scores, tag)));
    expect(figures.prAuc).toBe(averagePrecision(column(labels, tag), column(scores, tag)));
  }
  expect(evaluation.clips).toBe(clips);
});

test('intervals equal those of a plain bootstrap that sorts every resample anew', () => {
  for (const tag of [0, 1]) {
    const plain = (measure: typeof rocAuc) =>
      bootstrapInterval(
        clips,
        (indices) =>
          measure(
            Array.from(indices, (clip) => labels[clip * 4 + tag]),
            Array.from(indices, (clip) => scores[clip * 4 + tag]),
          ),
        { seed: 5, resamples: 200 },
      ).interval;
    expect(evaluation.perTag[tag].rocAucInterval).toEqual(plain(rocAuc));
    expect(evaluation.perTag[tag].prAucInterval).toEqual(plain(averagePrecision));
  }
});

test('the mean and its interval are over the tags that are defined', () => {
  const of = (tag: number, indices: ArrayLike<number>) =>
    rocAuc(
      Array.from(indices, (clip) => labels[clip * 4 + tag]),
      Array.from(indices, (clip) => scores[clip * 4 + tag]),
    );
  const meanOf = (indices: ArrayLike<number>) => (of(0, indices) + of(1, indices)) / 2;
  expect(evaluation.meanRocAuc).toBeCloseTo(meanOf(Array.from({ length: clips }, (_, i) => i)), 12);
  const { interval } = bootstrapInterval(clips, meanOf, { seed: 5, resamples: 200 });
  expect(evaluation.meanRocAucInterval![0]).toBeCloseTo(interval![0], 12);
  expect(evaluation.meanRocAucInterval![1]).toBeCloseTo(interval![1], 12);
  expect(evaluation.meanPrAuc).toBeCloseTo(
    (evaluation.perTag[0].prAuc! + evaluation.perTag[1].prAuc!) / 2,
    12,
  );
});

test('a tag that no clip or every clip carries has no figures and says why', () => {
  const none = { rocAuc: null, rocAucInterval: null, prAuc: null, prAucInterval: null };
  expect(evaluation.perTag[2]).toMatchObject({
    ...none,
    positives: 0,
    undefinedReason: 'none of the 60 clips carries this tag',
  });
  expect(evaluation.perTag[3]).toMatchObject({
    ...none,
    positives: 60,
    undefinedReason: 'all 60 clips carry this tag',
  });
});

test('resamples that draw no positive clip are left out and counted', () => {
  const rare = evaluateTags({
    labels: Uint8Array.of(1, 0, 0, 0, 0),
    scores: Float32Array.of(0.9, 0.8, 0.3, 0.2, 0.1),
    tags: ['rare'],
    exclusive: false,
    resamples: 1000,
  });
  // The chance to draw no positive clip, or nothing else, is 0.8^5 + 0.2^5 = 0.328.
  expect(rare.perTag[0].ignoredResamples).toBeGreaterThan(280);
  expect(rare.perTag[0].ignoredResamples).toBeLessThan(376);
  expect(rare.perTag[0].prAucInterval).toEqual([1, 1]);
});

test('exclusive tags add accuracy, its Wilson interval and the confusion matrix; ties go to the first', () => {
  const classes = evaluateTags({
    labels: Float32Array.of(1, 0, 0, 1, 0, 1, 1, 0),
    scores: Float32Array.of(0.9, 0.1, 0.7, 0.3, 0.2, 0.8, 0.5, 0.5),
    tags: ['a', 'b'],
    exclusive: true,
    resamples: 10,
  });
  expect(classes.accuracy).toBe(0.75);
  expect(classes.accuracyInterval).toEqual(wilsonInterval(3, 4));
  expect(classes.confusion).toEqual([
    [2, 0],
    [1, 1],
  ]);
  expect(evaluation.accuracy).toBeUndefined();
});

test('no resamples means no intervals, and the same figures', () => {
  const quick = evaluateTags({ labels, scores, tags, exclusive: false, resamples: 0 });
  expect(quick.meanRocAuc).toBe(evaluation.meanRocAuc);
  expect(quick.meanRocAucInterval).toBeNull();
  expect(quick.perTag[0].prAucInterval).toBeNull();
});

test('an evaluation survives JSON unchanged, even with nothing defined', () => {
  expect(JSON.parse(JSON.stringify(evaluation))).toEqual(evaluation);
  const nothing = evaluateTags({
    labels: Uint8Array.of(1),
    scores: Float32Array.of(0.5),
    tags: ['a'],
    exclusive: true,
    resamples: 5,
  });
  expect(JSON.parse(JSON.stringify(nothing))).toEqual(nothing);
  expect(nothing).toMatchObject({ meanRocAuc: null, meanRocAucInterval: null, accuracy: 1 });
});

test('sizes that do not agree, no clips, and clips without exactly one class are refused', () => {
  const options = { tags: ['a', 'b'], exclusive: true, resamples: 5 };
  const evaluate = (labelList: number[], scoreList: number[]) =>
    evaluateTags({ ...options, labels: Uint8Array.from(labelList), scores: Float32Array.from(scoreList) });
  expect(() => evaluate([1, 0, 1], [1, 0, 1])).toThrow('[clips, tags]');
  expect(() => evaluate([1, 0], [1, 0, 1, 0])).toThrow('got 2 labels and 4 scores');
  expect(() => evaluate([], [])).toThrow('at least one clip');
  expect(() => evaluate([1, 0, 1, 1], [0, 0, 0, 0])).toThrow('clip 1 carries 2');
  expect(() => evaluate([1, 0, 0, 0], [0, 0, 0, 0])).toThrow('clip 1 carries 0');
});

test('unknown pairs of clip and tag are left out tag by tag, counted, and the mean is over the tags that are left', () => {
  // four clips; "a" is known of three: figures of the hand-ranked example above; "b" is known of two, both carry it
  const labels = Float32Array.from([1, 1, NaN, 1, 0, NaN, 0, NaN]);
  const scores = Float32Array.from([0.3, 0.1, 0.9, 0.2, 0.4, 0.3, 0.1, 0.4]);
  const result = evaluateTags({ labels, scores, tags: ['a', 'b'], exclusive: false, seed: 1, resamples: 50 });
  expect(result.perTag[0]).toMatchObject({ tag: 'a', positives: 1, unknown: 1, rocAuc: 0.5, prAuc: 0.5 });
  expect(result.perTag[1]).toMatchObject({
    ...{ tag: 'b', positives: 2, unknown: 2, rocAuc: null },
    undefinedReason: 'all 2 clips of which it is known carry this tag',
  });
  expect(result).toMatchObject({ clips: 4, meanRocAuc: 0.5, meanPrAuc: 0.5 });
});

test('a tag of which nothing is known says so, and one that is known throughout has no count of unknown', () => {
  const labels = Float32Array.from([NaN, 1, NaN, 0]);
  const scores = Float32Array.from([0.1, 0.9, 0.2, 0.1]);
  const { perTag } = evaluateTags({ labels, scores, tags: ['a', 'b'], exclusive: false, resamples: 0 });
  expect(perTag[0].undefinedReason).toBe('of none of the 2 clips it is known whether it carries this tag');
  expect(perTag[1].rocAuc).toBe(1);
  expect('unknown' in perTag[1]).toBe(false);
});
