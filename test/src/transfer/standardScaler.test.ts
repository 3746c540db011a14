import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { fitStandardScaler } from '../../../src/transfer/standardScaler.ts';

// Made by scikit-learn 1.9.1: test/fixtures/logisticRegression/make.py.
const { scaler: expected } = JSON.parse(
  readFileSync(new URL('../../fixtures/logisticRegression/logisticRegression.json', import.meta.url), 'utf8'),
) as {
  scaler: { nFeatures: number; features: number[]; mean: number[]; scale: number[]; transformed: number[] };
};

test('means, scales and scaled features equal scikit-learn, a column of 0.1 included', () => {
  const scaler = fitStandardScaler(expected.features, expected.nFeatures);
  expected.mean.forEach((mean, i) => expect(scaler.mean[i]).toBeCloseTo(mean, 12));
  expected.scale.forEach((scale, i) => expect(scaler.scale[i]).toBeCloseTo(scale, 12));
  const transformed = scaler.transform(expected.features);
  expected.transformed.forEach((value, i) => expect(transformed[i]).toBeCloseTo(value, 12));
});

test('new rows are scaled by the statistics of the training rows', () => {
  const scaler = fitStandardScaler([0, 5, 2, 5], 2); // column means 1 and 5, deviations 1 and 0
  expect([...scaler.scale]).toEqual([1, 1]);
  expect([...scaler.transform([3, 7])]).toEqual([2, 2]);
});

test('ragged, empty and non-finite features are refused', () => {
  expect(() => fitStandardScaler([1, 2, 3], 2)).toThrow('[rows, 2] with at least one row; got 3 numbers');
  expect(() => fitStandardScaler([], 2)).toThrow('at least one row');
  expect(() => fitStandardScaler([1, 2, 3, Infinity], 2)).toThrow('got Infinity at row 1, column 1');
  expect(() => fitStandardScaler([1, 2], 2).transform([1])).toThrow('[rows, 2]; got 1 numbers');
});
