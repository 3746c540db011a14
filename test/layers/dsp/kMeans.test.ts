import { expect, test } from 'vitest';
import { kMeans } from '../../../layers/dsp/kMeans.ts';

test('four numbers in two heaps have the means of the heaps as centres, from every seed', () => {
  for (let seed = 0; seed < 20; seed++) {
    expect([...kMeans([0, 1, 10, 11], { length: 1, k: 2, seed })].sort((a, b) => a - b)).toEqual([0.5, 10.5]);
  }
});

test('as many centres as rows that differ are those rows, and one centre is the mean of all', () => {
  const rows = [1, 2, 3, 4, 1, 2, 5, 0];
  const pairs = (values: Float32Array) => [0, 2, 4].map((at) => `${values[at]} ${values[at + 1]}`).sort();
  expect(pairs(kMeans(rows, { length: 2, k: 3 }))).toEqual(['1 2', '3 4', '5 0']);
  expect([...kMeans(rows, { length: 2, k: 1 })]).toEqual([2.5, 2]);
});

test('without a pass the centres are rows, which the seed names', () => {
  const rows = Float32Array.from({ length: 50 }, (_, i) => i ** 2);
  const draw = (seed?: number) => [...kMeans(rows, { length: 1, k: 3, iterations: 0, seed })];
  expect(draw().every((value) => rows.includes(value))).toBe(true);
  expect(draw(1)).toEqual(draw());
  expect(draw(2)).not.toEqual(draw());
});

test('fewer rows that differ than centres are refused', () => {
  expect(() => kMeans([1, 1, 2], { length: 1, k: 3 })).toThrow(
    '3 centres need as many rows that differ; got 2',
  );
  expect(() => kMeans([], { length: 1, k: 1 })).toThrow('got 0 among 0');
  expect(() => kMeans([1], { length: 1, k: 0 })).toThrow('k must be an integer >= 1; got 0');
});
