import { expect, test } from 'vitest';
import { bootstrapInterval, percentileInterval } from '../../../src/metrics/bootstrapInterval.ts';

const values = Array.from({ length: 200 }, (_, i) => (i * 37) % 200);
const meanOf = (indices: Int32Array) =>
  indices.reduce((sum, index) => sum + values[index], 0) / indices.length;

test('the interval of a mean agrees with the normal approximation', () => {
  // Values 0 … 199: mean 99.5, standard error sqrt((200² - 1) / 12 / 200) = 4.0824.
  const { interval, ignored } = bootstrapInterval(200, meanOf, { seed: 3, resamples: 5000, level: 0.9 });
  expect(interval![0]).toBeGreaterThan(99.5 - 1.645 * 4.0824 - 0.4);
  expect(interval![0]).toBeLessThan(99.5 - 1.645 * 4.0824 + 0.4);
  expect(interval![1]).toBeGreaterThan(99.5 + 1.645 * 4.0824 - 0.4);
  expect(interval![1]).toBeLessThan(99.5 + 1.645 * 4.0824 + 0.4);
  expect(ignored).toBe(0);
});

test('the same seed gives the same interval, another seed another', () => {
  const first = bootstrapInterval(200, meanOf, { seed: 1 });
  expect(bootstrapInterval(200, meanOf, { seed: 1 })).toEqual(first);
  expect(bootstrapInterval(200, meanOf, { seed: 2 })).not.toEqual(first);
});

test('resamples where the statistic is NaN are left out and counted', () => {
  let call = 0;
  const statistic = () => (call++ % 4 === 0 ? NaN : 7);
  expect(bootstrapInterval(5, statistic, { seed: 1, resamples: 100 })).toEqual({
    interval: [7, 7],
    ignored: 25,
  });
  expect(bootstrapInterval(5, () => NaN, { seed: 1, resamples: 10 })).toEqual({
    interval: null,
    ignored: 10,
  });
});

test('percentiles interpolate linearly between the sorted values', () => {
  // numpy.percentile([1, 2, 3, 4, 5], [10, 90]) = [1.4, 4.6]
  const { interval } = percentileInterval(Float64Array.of(5, 3, NaN, 1, 2, 4), 0.8);
  expect(interval![0]).toBeCloseTo(1.4, 12);
  expect(interval![1]).toBeCloseTo(4.6, 12);
});

test('options out of range are refused by name', () => {
  expect(() => bootstrapInterval(0, meanOf, { seed: 1 })).toThrow('n must be a whole number >= 1; got 0');
  expect(() => bootstrapInterval(2, meanOf, { seed: 1, resamples: 0 })).toThrow('resamples must be');
  expect(() => bootstrapInterval(2, meanOf, { seed: 0.5 })).toThrow('seed must be an integer; got 0.5');
  expect(() => bootstrapInterval(2, meanOf, { seed: 1, level: 95 })).toThrow('Pass 0.95 for 95 %');
});
