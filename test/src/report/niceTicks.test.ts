import { expect, test } from 'vitest';
import { niceTicks } from '../../../src/report/niceTicks.ts';

test.each([
  { low: 0, high: 29, count: 6, smallest: 0, ticks: [0, 5, 10, 15, 20, 25] },
  { low: 0.4, high: 1, count: 5, smallest: 0, ticks: [0.4, 0.6, 0.8, 1] },
  { low: 0.21, high: 0.58, count: 4, smallest: 0, ticks: [0.3, 0.4, 0.5] },
  { low: 0, high: 0.3, count: 3, smallest: 0, ticks: [0, 0.1, 0.2, 0.3] },
  { low: 1, high: 3, count: 6, smallest: 1, ticks: [1, 2, 3] },
  { low: 1, high: 200, count: 6, smallest: 1, ticks: [50, 100, 150, 200] },
  { low: -2500, high: 0, count: 3, smallest: 0, ticks: [-2000, -1000, 0] },
])('$low … $high in about $count steps has round ticks', ({ low, high, count, smallest, ticks }) => {
  expect(niceTicks(low, high, count, smallest).map((tick) => tick + 0)).toEqual(ticks);
});

test('a range of one point has one tick', () => {
  expect(niceTicks(1, 1, 6, 1)).toEqual([1]);
});
