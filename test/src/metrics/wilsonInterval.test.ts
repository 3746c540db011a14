import { expect, test } from 'vitest';
import { wilsonInterval } from '../../../src/metrics/wilsonInterval.ts';

test('5 of 10 at z = 1.959964 gives 0.5 ± 0.2634', () => {
  // At p = 1/2 the half width is z / (2 · sqrt(n + z²)) = 0.979982 / 3.720411.
  const [low, high] = wilsonInterval(5, 10);
  expect(low).toBeCloseTo(0.5 - 0.263407, 6);
  expect(high).toBeCloseTo(0.5 + 0.263407, 6);
});

test('the interval reaches 0 and 1 exactly at no and at all successes, and spans everything for no trials', () => {
  expect(wilsonInterval(0, 12)[0]).toBe(0);
  expect(wilsonInterval(12, 12)[1]).toBe(1);
  expect(wilsonInterval(0, 0)).toEqual([0, 1]);
});

test('impossible counts and levels are refused', () => {
  expect(() => wilsonInterval(3, 2)).toThrow('got 3 successes of 2');
  expect(() => wilsonInterval(0.5, 2)).toThrow('whole counts');
  expect(() => wilsonInterval(1, 2, 95)).toThrow('Pass 0.95 for 95 %');
});
