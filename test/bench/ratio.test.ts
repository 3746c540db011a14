import { expect, test } from 'vitest';
import { median, ratioOf, relativeDifference, spreadOf } from '../../bench/ratio.ts';

test('the median is the middle value, or the mean of the two in the middle; the order given is left alone', () => {
  const values = [9, 1, 5];
  expect(median(values)).toBe(5);
  expect(values).toEqual([9, 1, 5]);
  expect(median([10, 2, 4, 100])).toBe(7);
  expect(median([3])).toBe(3);
  expect(() => median([])).toThrow('there are no values');
});

test('numbers are sorted as numbers, not as text', () => {
  expect(median([100, 9, 20])).toBe(20);
});

test('the spread runs from the smallest to the largest', () => {
  expect(spreadOf([4, 2, 9])).toEqual({ median: 4, low: 2, high: 9 });
});

test('a ratio is taken round by round, so that a busy round cancels', () => {
  // the second round was ten times as slow for both; the medians alone would say 20 / 40, the mean 74 / 146.7
  expect(ratioOf([2, 200, 20], [4, 400, 36])).toEqual({ median: 0.5, low: 0.5, high: 20 / 36 });
  expect(() => ratioOf([1], [1, 2])).toThrow('1 rounds against 2');
});

test('a difference is relative to the largest magnitude expected', () => {
  expect(relativeDifference([1, -8.5, 0.1], [1, -8, 0])).toBe(0.0625);
  expect(relativeDifference([0, 0], [0, 0])).toBe(0);
  expect(relativeDifference([1], [0])).toBe(Infinity);
  expect(relativeDifference([1, 2], [1])).toBe(Infinity);
  expect(relativeDifference([1, NaN], [1, 2])).toBeNaN();
});
