import { expect, test } from 'vitest';
import { createRandom } from '../../../datasets/random.ts';
import { findTwins } from '../../../src/noise/findTwins.ts';

const random = createRandom(8);
const features = Float64Array.from(
  { length: 60 * 4 },
  (_, i) => (i % 4 === 3 ? 1000 : 1) * random.uniform(-1, 1),
);
features.copyWithin(50 * 4, 7 * 4, 8 * 4); // row 50 is row 7
for (let i = 0; i < 4; i++) features[20 * 4 + i] = features[31 * 4 + i] * 1.001; // row 20 all but row 31

test('copies and near copies are found, the nearest first, whatever the columns’ scales', () => {
  const twins = findTwins(features, 4);
  expect(twins.map(({ first, second }) => [first, second])).toEqual([
    [7, 50],
    [20, 31],
  ]);
  expect(twins[0].distance).toBe(0);
  expect(twins[1].distance).toBeGreaterThan(0);
});

test('how near is told', () => {
  expect(findTwins(features, 4, 1e-9)).toHaveLength(1);
  expect(findTwins(features, 4, 0.9).length).toBeGreaterThan(2);
});

test('one row, a length that is no matrix, and a share outside (0, 1) are refused', () => {
  expect(() => findTwins([1, 2], 2)).toThrow('two clips at least');
  expect(() => findTwins([1, 2, 3], 2)).toThrow('[clips, 2]');
  expect(() => findTwins(features, 4, 1)).toThrow('within must lie in (0, 1); got 1');
});
