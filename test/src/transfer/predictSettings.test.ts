import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { fitModel, predictModel } from '../../../src/transfer/fittedModel.ts';
import { predictNeighbours } from '../../../src/transfer/nearestNeighbours.ts';
import { predictSettings } from '../../../src/transfer/predictSettings.ts';
import { fitRidge } from '../../../src/transfer/ridge.ts';
import { listSettings, type Setting } from '../../../src/transfer/settings.ts';

interface Rows {
  nFeatures: number;
  train: number[];
  test: number[];
}

/** Of scikit-learn; test/fixtures/transfer/make.py makes it. */
const fixture = JSON.parse(
  readFileSync(new URL('../../fixtures/transfer/others.json', import.meta.url), 'utf8'),
) as {
  mixed: Rows & { labels: number[] };
  curve: Rows & { targets: number[] };
  neighbours: Record<string, number[]>;
  neighbourMeans: Record<string, number[]>;
  ridge: Record<string, number[]>;
  logistic: Record<string, number[]>;
  scaledLogistic: number[];
  scaledRidge: number[];
};

const classes = {
  kind: 'classification' as const,
  nFeatures: fixture.mixed.nFeatures,
  train: Float64Array.from(fixture.mixed.train),
  targets: Float64Array.from(fixture.mixed.labels),
  others: Float64Array.from(fixture.mixed.test),
  maxIterations: 1_000_000,
};
const values = {
  kind: 'regression' as const,
  nFeatures: fixture.curve.nFeatures,
  train: Float64Array.from(fixture.curve.train),
  targets: Float64Array.from(fixture.curve.targets),
  others: Float64Array.from(fixture.curve.test),
  maxIterations: 1_000_000,
};
const names = ['0', '1', '2', '3', '4'];

test('k nearest neighbours have the classes of scikit-learn, ties among votes included', () => {
  const ks = Object.keys(fixture.neighbours).map(Number);
  const settings = ks.map((neighbours): Setting => ({ classifier: 'knn', neighbours, standardise: false }));
  const { predictions } = predictSettings(classes, settings);
  ks.forEach((k, i) => expect(Array.from(predictions[i])).toEqual(fixture.neighbours[k]));
});

test('k nearest neighbours have the means of scikit-learn', () => {
  const ks = Object.keys(fixture.neighbourMeans).map(Number);
  predictNeighbours(values, ks, 'regression').forEach((means, i) => {
    means.forEach((mean, row) => expect(mean).toBeCloseTo(fixture.neighbourMeans[ks[i]][row], 12));
  });
});

test('of training rows at the same distance the first is nearer, and of equal votes the lowest class wins', () => {
  const problem = { train: Float64Array.of(1, -1, 1, 5), targets: Float64Array.of(3, 2, 1, 0), nFeatures: 1 };
  const others = Float64Array.of(0);
  const byK = predictNeighbours({ ...problem, others }, [1, 2, 3, 4], 'classification');
  expect(byK.map(([one]) => one)).toEqual([3, 2, 1, 0]);
  expect(() => predictNeighbours({ ...problem, others }, [5], 'classification')).toThrow(
    'from 1 to the 4 training rows; got 5',
  );
});

test('ridge regression has the values of scikit-learn', () => {
  for (const [penalty, expected] of Object.entries(fixture.ridge)) {
    const ridge = fitRidge(values.train, values.targets, { nFeatures: 3, penalty: Number(penalty) });
    ridge.predict(values.others).forEach((value, row) => expect(value).toBeCloseTo(expected[row], 10));
  }
  expect(() => fitRidge(values.train, values.targets, { nFeatures: 2, penalty: 1 })).toThrow('[90, 2]');
  expect(() => fitRidge(values.train, values.targets, { nFeatures: 3, penalty: 0 })).toThrow(
    'penalty must be > 0',
  );
});

test('logistic regression, one class against the rest, has the classes of scikit-learn', () => {
  for (const [penalty, expected] of Object.entries(fixture.logistic)) {
    const setting: Setting = { classifier: 'linear', penalty: Number(penalty), standardise: false };
    expect(Array.from(predictSettings(classes, [setting]).predictions[0])).toEqual(expected);
  }
});

test('standardised features go through the scaler of the training rows', () => {
  const logistic: Setting = { classifier: 'linear', penalty: 0.1, standardise: true };
  expect(Array.from(predictSettings(classes, [logistic]).predictions[0])).toEqual(fixture.scaledLogistic);
  const ridge: Setting = { classifier: 'linear', penalty: 0.5, standardise: true };
  predictSettings(values, [ridge]).predictions[0].forEach((value, row) =>
    expect(value).toBeCloseTo(fixture.scaledRidge[row], 10),
  );
});

test("the paper's grid has 64 settings, the others 10, and the last gamma is one over the features", () => {
  const settings = listSettings('svm', 160);
  expect(settings).toHaveLength(64);
  expect(new Set(settings.map((setting) => JSON.stringify(setting))).size).toBe(64);
  expect(settings[0]).toEqual({ classifier: 'svm', kernel: 'rbf', c: 0.1, gamma: 0.125, standardise: true });
  expect(settings[13]).toEqual({
    classifier: 'svm',
    kernel: 'rbf',
    c: 0.1,
    gamma: 1 / 160,
    standardise: false,
  });
  expect(settings[63]).toEqual({ classifier: 'svm', kernel: 'linear', c: 32, standardise: false });
  expect(listSettings('knn', 160)).toHaveLength(10);
  expect(listSettings('linear', 160)).toHaveLength(10);
});

test.each<[string, Setting]>([
  ['SVC with rbf', { classifier: 'svm', kernel: 'rbf', c: 2, gamma: 0.3, standardise: false }],
  ['linear SVC', { classifier: 'svm', kernel: 'linear', c: 8, standardise: false }],
  ['neighbours', { classifier: 'knn', neighbours: 6, standardise: false }],
  ['logistic regression', { classifier: 'linear', penalty: 1, standardise: false }],
])('a fitted %s, written as JSON and read again, predicts what the grid predicts', (_, setting) => {
  const model = JSON.parse(JSON.stringify(fitModel(classes, setting))) as ReturnType<typeof fitModel>;
  const predicted = predictModel(model, classes.others, { nFeatures: 6, classes: names });
  const grid = predictSettings(classes, [setting]).predictions[0];
  expect(predicted.map(({ label }) => label)).toEqual(Array.from(grid, String));
  for (const { label, scores } of predicted) {
    expect(scores[0].label).toBe(label);
    expect(scores.map((one) => one.label).sort()).toEqual(names);
    scores.slice(1).forEach(({ score }, i) => expect(score).toBeLessThanOrEqual(scores[i].score));
  }
});

test.each<[string, Setting]>([
  ['SVR', { classifier: 'svm', kernel: 'rbf', c: 2, gamma: 0.3, standardise: false }],
  ['mean of neighbours', { classifier: 'knn', neighbours: 3, standardise: false }],
  ['ridge regression', { classifier: 'linear', penalty: 1, standardise: false }],
])('a fitted %s, written as JSON and read again, has the values of the grid', (_, setting) => {
  const model = JSON.parse(JSON.stringify(fitModel(values, setting))) as ReturnType<typeof fitModel>;
  const predicted = predictModel(model, values.others, { nFeatures: 3, classes: [] });
  predictSettings(values, [setting]).predictions[0].forEach((value, row) => {
    expect(predicted[row].label).toBeCloseTo(value, 12);
    expect(predicted[row].scores).toEqual([]);
  });
});

test('two classes by logistic regression: probabilities of both, adding up to 1', () => {
  const two = classes.targets.map((value) => (value < 2 ? 0 : 1));
  const model = fitModel(
    { ...classes, targets: two },
    { classifier: 'linear', penalty: 1, standardise: false },
  );
  for (const { scores } of predictModel(model, classes.others, { nFeatures: 6, classes: ['low', 'high'] })) {
    expect(scores[0].score + scores[1].score).toBeCloseTo(1, 12);
    expect(scores[0].score).toBeGreaterThanOrEqual(0.5);
  }
});
