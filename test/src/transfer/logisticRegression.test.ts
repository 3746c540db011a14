import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { fitLogisticRegression } from '../../../src/transfer/logisticRegression.ts';

interface Fit {
  name: string;
  nFeatures: number;
  l2: number;
  features: number[];
  labels: number[];
  weights: number[];
  bias: number;
  probabilities: number[];
}

// Made by scikit-learn 1.9.1: test/fixtures/logisticRegression/make.py.
const { fits } = JSON.parse(
  readFileSync(new URL('../../fixtures/logisticRegression/logisticRegression.json', import.meta.url), 'utf8'),
) as { fits: Fit[] };

test.each(fits)('weights, bias and probabilities equal scikit-learn: $name', (fit) => {
  const model = fitLogisticRegression(Float64Array.from(fit.features), fit.labels, {
    nFeatures: fit.nFeatures,
    l2: fit.l2,
  });
  expect(model.converged).toBe(true);
  fit.weights.forEach((weight, i) => expect(model.weights[i]).toBeCloseTo(weight, 7));
  expect(model.bias).toBeCloseTo(fit.bias, 7);
  const predicted = model.predict(fit.features.slice(0, 10 * fit.nFeatures));
  expect(predicted.length).toBe(10);
  fit.probabilities.forEach((probability, i) => expect(predicted[i]).toBeCloseTo(probability, 8));
});

test('with a heavy penalty only the bias is left: the log-odds of the base rate', () => {
  const model = fitLogisticRegression(Float32Array.of(1, -1, 2, -2), [1, 0, 1, 1], { nFeatures: 1, l2: 1e9 });
  expect(model.weights[0]).toBeCloseTo(0, 8);
  expect(model.bias).toBeCloseTo(Math.log(3), 6);
  expect(model.predict([0])[0]).toBeCloseTo(0.75, 6);
});

test('unscaled features of very different size converge', () => {
  const features = Float64Array.from({ length: 200 }, (_, i) =>
    i % 2 ? Math.sin(i) * 1e4 : Math.cos(i) * 1e-3,
  );
  const labels = Array.from({ length: 100 }, (_, row) => Number(features[2 * row + 1] > 0));
  const model = fitLogisticRegression(features, labels, { nFeatures: 2, tolerance: 1e-4 });
  expect(model.converged).toBe(true);
  expect(Array.from(model.predict(features), Math.round)).toEqual(labels);
});

test('too few iterations are reported, not hidden', () => {
  const { features, labels, nFeatures } = fits[0];
  const model = fitLogisticRegression(Float64Array.from(features), labels, { nFeatures, maxIterations: 1 });
  expect(model).toMatchObject({ iterations: 1, converged: false });
});

test('one class, sizes that do not agree, non-finite features and bad options are refused', () => {
  const fit = (features: number[], labels: number[], options = {}) =>
    fitLogisticRegression(Float64Array.from(features), labels, { nFeatures: 2, ...options });
  expect(() => fit([1, 2, 3, 4], [1, 1])).toThrow('both 0 and 1');
  expect(() => fit([1, 2, 3, 4], [0, 2])).toThrow('got 0, 2');
  expect(() => fit([1, 2, 3], [0, 1])).toThrow('[2, 2], one row a label; got 3');
  expect(() => fit([1, 2, 3, NaN], [0, 1])).toThrow('got NaN at row 1, column 1');
  expect(() => fit([1, 2, 3, 4], [0, 1], { l2: 0 })).toThrow('l2 must be > 0');
  expect(() => fit([1, 2, 3, 4], [0, 1], { nFeatures: 0 })).toThrow('nFeatures');
  expect(() => fit([1, 2, 3, 4], [0, 1], { maxIterations: 0.5 })).toThrow('maxIterations');
  expect(() => fit([1, 2, 3, 4], [0, 1], { tolerance: 0 })).toThrow('tolerance');
  expect(() => fit([1, 2, 3, 4], [0, 1]).predict([1, 2, 3])).toThrow('[rows, 2]; got 3');
});
