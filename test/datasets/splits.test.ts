import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Clip, Dataset, Split } from '../../datasets/dataset.ts';
import { createRandom } from '../../datasets/random.ts';
import { foldsOf, hashSplit, splitDataset } from '../../datasets/splits.ts';

function datasetOf(labels: string[][], exclusive: boolean, splits: (Split | undefined)[] = []): Dataset {
  const clips = labels.map((clipLabels, i): Clip => {
    const split = splits[i];
    return { id: `clip ${i}`, source: `/clip ${i}.wav`, labels: clipLabels, ...(split && { split }) };
  });
  return { name: 'made', clips, tags: [...new Set(labels.flat())].sort(), exclusive, skipped: [] };
}

/** Classes x0, x1, … with the given numbers of clips. */
const classes = (...sizes: number[]): Dataset =>
  datasetOf(
    sizes.flatMap((size, i) => Array.from({ length: size }, () => [`x${i}`])),
    true,
  );

/** 400 clips with four tags of about 50, 25, 12 and 5 %, some clips with none. */
function multiLabel(): Dataset {
  const random = createRandom(7);
  const shares = [0.5, 0.25, 0.12, 0.05];
  const labels = Array.from({ length: 400 }, () =>
    shares.flatMap((share, tag) => (random.chance(share) ? [`t${tag}`] : [])),
  );
  return datasetOf(labels, false);
}

const count = (clips: readonly Clip[], split: Split, tag?: string): number =>
  clips.filter((clip) => clip.split === split && (tag === undefined || clip.labels.includes(tag))).length;

test('every class is shared out in the asked proportions', () => {
  const clips = splitDataset(classes(...new Array<number>(10).fill(20)), { valid: 0.1, test: 0.2, seed: 3 });
  for (let i = 0; i < 10; i++) {
    expect([
      count(clips, 'train', `x${i}`),
      count(clips, 'valid', `x${i}`),
      count(clips, 'test', `x${i}`),
    ]).toEqual([14, 2, 4]);
  }
});

test('small classes do not starve a part: ten classes of four leave four clips to validate on', () => {
  const clips = splitDataset(classes(...new Array<number>(10).fill(4)), { valid: 0.1, test: 0.2 });
  expect([count(clips, 'train'), count(clips, 'valid'), count(clips, 'test')]).toEqual([28, 4, 8]);
});

test('every tag of multi-label clips is shared out within two clips of its proportion', () => {
  const dataset = multiLabel();
  const clips = splitDataset(dataset, { valid: 0.15, test: 0.25, seed: 5 });
  const shares = { train: 0.6, valid: 0.15, test: 0.25 };
  for (const split of ['train', 'valid', 'test'] as const) {
    expect(Math.abs(count(clips, split) - 400 * shares[split])).toBeLessThanOrEqual(2);
    for (const tag of dataset.tags) {
      const all = dataset.clips.filter((clip) => clip.labels.includes(tag)).length;
      expect(Math.abs(count(clips, split, tag) - all * shares[split]), `${split} ${tag}`).toBeLessThanOrEqual(
        2,
      );
    }
  }
});

test('the same seed gives the same split, another seed another, and order and data set stay as they were', () => {
  const dataset = multiLabel();
  const first = splitDataset(dataset, { seed: 1 });
  expect(splitDataset(dataset, { seed: 1 })).toEqual(first);
  expect(splitDataset(dataset, { seed: 2 })).not.toEqual(first);
  expect(first.map((clip) => clip.id)).toEqual(dataset.clips.map((clip) => clip.id));
  expect(dataset.clips.every((clip) => clip.split === undefined)).toBe(true);
});

test('a share of nothing gives no clips', () => {
  const clips = splitDataset(classes(9, 9), { valid: 0, test: 1 / 3 });
  expect([count(clips, 'train'), count(clips, 'valid'), count(clips, 'test')]).toEqual([12, 0, 6]);
  expect(count(splitDataset(multiLabel(), { valid: 0, test: 0 }), 'train')).toBe(400);
});

test('given splits stay; clips without one are shared out', () => {
  const labels = Array.from({ length: 60 }, (_, i) => [i % 2 ? 'a' : 'b']);
  const splits = labels.map((_, i): Split | undefined => (i < 10 ? 'test' : i < 20 ? 'valid' : undefined));
  const clips = splitDataset(datasetOf(labels, true, splits), { valid: 0.1, test: 0.2 });
  expect(clips.slice(0, 20).map((clip) => clip.split)).toEqual(splits.slice(0, 20));
  expect([count(clips, 'train'), count(clips, 'valid'), count(clips, 'test')]).toEqual([28, 14, 18]);
});

test('where the data fix training and test clips only, training clips are taken to validate on', () => {
  const labels = Array.from({ length: 60 }, (_, i) => [i % 2 ? 'a' : 'b']);
  const splits = labels.map((_, i): Split => (i < 20 ? 'test' : 'train'));
  const clips = splitDataset(datasetOf(labels, true, splits), { valid: 0.1, test: 0.5 });
  expect([count(clips, 'train'), count(clips, 'valid'), count(clips, 'test')]).toEqual([36, 4, 20]);
  expect(clips.slice(0, 20).every((clip) => clip.split === 'test')).toBe(true);
});

test('a split that the data fix in full stays as it is', () => {
  const splits: Split[] = ['test', 'valid', 'train', 'train'];
  const clips = splitDataset(datasetOf([['a'], ['b'], ['a'], ['b']], true, splits), {
    valid: 0.5,
    test: 0.4,
  });
  expect(clips.map((clip) => clip.split)).toEqual(splits);
});

test('shares that leave nothing, or are percent, are refused with the fix', () => {
  expect(() => splitDataset(classes(9, 9), { valid: 0.5, test: 0.5 })).toThrow('valid + test must be < 1');
  expect(() => splitDataset(classes(9, 9), { test: 20 })).toThrow('Pass 0.2 if percent were meant');
  expect(() => splitDataset(classes(9, 9), { valid: -0.1 })).toThrow(RangeError);
  expect(() => splitDataset(classes(9, 9), { seed: 0.5 })).toThrow('seed must be an integer');
});

test('folds are as equal as can be, in all and within every class', () => {
  const dataset = classes(5, 11, 23, 8);
  const folds = foldsOf(dataset, 5, 4);
  const sizes = (tag?: string): number[] =>
    [0, 1, 2, 3, 4].map(
      (fold) => folds.filter((f, i) => f === fold && (!tag || dataset.clips[i].labels[0] === tag)).length,
    );
  expect(sizes().sort((a, b) => a - b)).toEqual([9, 9, 9, 10, 10]);
  for (const [tag, size] of [
    ['x0', 5],
    ['x1', 11],
    ['x2', 23],
    ['x3', 8],
  ] as const) {
    expect(
      sizes(tag).every((n) => n === Math.floor(size / 5) || n === Math.ceil(size / 5)),
      tag,
    ).toBe(true);
  }
  expect(foldsOf(dataset, 5, 4)).toEqual(folds);
  expect(foldsOf(dataset, 5, 5)).not.toEqual(folds);
});

test('folds of multi-label clips hold their share of every tag', () => {
  const dataset = multiLabel();
  const folds = foldsOf(dataset, 4, 1);
  for (const tag of dataset.tags) {
    const sizes = [0, 1, 2, 3].map(
      (fold) => folds.filter((f, i) => f === fold && dataset.clips[i].labels.includes(tag)).length,
    );
    expect(Math.max(...sizes) - Math.min(...sizes), tag).toBeLessThanOrEqual(2);
  }
});

test('more folds than clips of the smallest class are refused with the largest number that works', () => {
  expect(() => foldsOf(classes(20, 3), 5, 1)).toThrow(RangeError);
  expect(() => foldsOf(classes(20, 3), 5, 1)).toThrow('class "x1" has 3. Pass k <= 3');
  expect(() => foldsOf(datasetOf([['a'], ['a', 'b'], []], false), 4, 1)).toThrow('there are 3. Pass k <= 3');
  expect(() => foldsOf(classes(20, 20), 1, 1)).toThrow('k must be a whole number of folds >= 2; got 1');
});

test('the hash is SHA-256 over the sorted lines, whatever the order of the clips', () => {
  const clips: Clip[] = [
    { id: 'b', source: 'b', labels: [], split: 'test' },
    { id: 'a', source: 'a', labels: ['x'], split: 'train' },
  ];
  const expected = createHash('sha256').update('a\ttrain\nb\ttest\n').digest('hex');
  expect(hashSplit(clips)).toBe(expected);
  expect(hashSplit([...clips].reverse())).toBe(expected);
  expect(hashSplit([{ ...clips[0], split: 'valid' }, clips[1]])).not.toBe(expected);
});
