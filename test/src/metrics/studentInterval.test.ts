import { expect, test } from 'vitest';
import { studentInterval } from '../../../src/metrics/studentInterval.ts';

// scipy 1.17.1: t.interval(level, n - 1, loc=mean, scale=sem(values)), degrees of freedom odd and even.
test.each([
  { values: [0, 1], level: 0.95, low: -5.853102368087347, high: 6.853102368087347 },
  { values: [1, 2, 3], level: 0.95, low: -0.48413771175033027, high: 4.48413771175033 },
  { values: [1, 2, 3], level: 0.9, low: 0.3141455391529502, high: 3.6858544608470485 },
  { values: [0.7, 0.75, 0.72, 0.71], level: 0.9, low: 0.6945807696832248, high: 0.7454192303167751 },
  {
    values: [3, 1, 4, 1, 5, 9, 2, 6, 5, 3],
    level: 0.95,
    low: 2.1331987752405404,
    high: 5.6668012247594595,
  },
])('$values at $level gives what scipy gives', ({ values, level, low, high }) => {
  const { mean, interval } = studentInterval(values, level);
  expect(mean).toBeCloseTo((low + high) / 2, 10);
  expect(interval![0]).toBeCloseTo(low, 10);
  expect(interval![1]).toBeCloseTo(high, 10);
});

test('one value has a mean and no interval', () => {
  expect(studentInterval([0.5])).toEqual({ mean: 0.5, interval: null });
});

test('equal values have an interval of no width', () => {
  expect(studentInterval([2, 2, 2])).toEqual({ mean: 2, interval: [2, 2] });
});

test('no values and levels beyond (0, 1) are refused', () => {
  expect(() => studentInterval([])).toThrow('got none');
  expect(() => studentInterval([1, 2], 95)).toThrow('Pass 0.95 for 95 %');
});
