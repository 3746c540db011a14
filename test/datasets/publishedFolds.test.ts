import { expect, test } from 'vitest';
import { publishedFolds, type Clip, type Dataset } from '../../datasets/index.ts';

const dataset = (folds: (number | undefined)[]): Dataset => ({
  name: 'sounds',
  clips: folds.map((fold, i): Clip => ({ id: `${i}`, source: `${i}`, labels: ['a'], ...(fold && { fold }) })),
  tags: ['a', 'b'],
  exclusive: true,
  skipped: [],
});

test('published folds count from 0, and a data set without any has none', () => {
  expect(publishedFolds(dataset([2, 1, 3, 2]), 3)).toEqual([1, 0, 2, 1]);
  expect(publishedFolds(dataset([undefined, undefined]), 2)).toBeNull();
});

test.each([
  [
    'another number of folds',
    [1, 2, 3],
    5,
    'comes in 3 folds, which keep clips of one recording together; --folds 5',
  ],
  ['a fold without clips', [1, 3], 3, 'no usable clip is in fold 2 of 3'],
  ['a clip without a fold', [1, undefined, 2], 2, 'some clips have a fold and 1 has none'],
])('%s is refused', (_, folds, k, message) => {
  expect(() => publishedFolds(dataset(folds), k)).toThrow(message);
});
