import { expect, test } from 'vitest';
import type { Clip, Split } from '../../../datasets/index.ts';
import { describeRepeatedAudio, findRepeatedAudio } from '../../../src/training/repeatedAudio.ts';

const clip = (id: string, split: Split): Clip => ({ id, source: id, labels: [], split });
const hashes = new Map(Object.entries({ a: '1', b: '1', c: '2', d: '2', e: '3', f: '4', g: '4' }));

test('the same samples in training and outside it are told, by ids; those on one side are not', () => {
  const clips = [clip('a', 'train'), clip('b', 'test'), clip('c', 'train'), clip('d', 'train')];
  const found = findRepeatedAudio(
    [...clips, clip('e', 'valid'), clip('f', 'valid'), clip('g', 'test')],
    hashes,
  );
  expect(found).toEqual([['a', 'b']]);
  expect(describeRepeatedAudio(found, null)).toMatch(
    /^Scores are too good: 1 recording stands both in training and outside it, the first as a and b\. Remove/,
  );
});

test('with folds, where all are trained on in the end, every repetition is told', () => {
  const found = findRepeatedAudio(
    ['a', 'b', 'c', 'd', 'e'].map((id) => clip(id, 'train')),
    hashes,
  );
  expect(found).toEqual([
    ['a', 'b'],
    ['c', 'd'],
  ]);
  expect(describeRepeatedAudio(found, 5)).toMatch(
    /2 recordings stand more than once, perhaps in several folds/,
  );
});

test('nothing is said where nothing is repeated', () => {
  expect(describeRepeatedAudio(findRepeatedAudio([clip('a', 'train')], hashes), null)).toBeNull();
});
