import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { accuracy } from '../../../src/metrics/accuracy.ts';
import { averagePrecision } from '../../../src/metrics/averagePrecision.ts';
import { confusionMatrix } from '../../../src/metrics/confusionMatrix.ts';
import { rocAuc } from '../../../src/metrics/rocAuc.ts';
import { wilsonInterval } from '../../../src/metrics/wilsonInterval.ts';

interface Fixture {
  rankings: { name: string; labels: number[]; scores: number[]; rocAuc: number; averagePrecision: number }[];
  classes: { nClasses: number; true: number[]; predicted: number[]; accuracy: number; confusion: number[][] };
  wilson: { successes: number; n: number; level: number; interval: [number, number] }[];
}

// Made by scikit-learn 1.9.1 and scipy 1.17.1: test/fixtures/metrics/make.py.
const fixture = JSON.parse(
  readFileSync(new URL('../../fixtures/metrics/metrics.json', import.meta.url), 'utf8'),
) as Fixture;

test.each(fixture.rankings)('ROC-AUC and average precision equal scikit-learn: $name', (ranking) => {
  expect(rocAuc(ranking.labels, ranking.scores)).toBeCloseTo(ranking.rocAuc, 12);
  expect(averagePrecision(ranking.labels, ranking.scores)).toBeCloseTo(ranking.averagePrecision, 12);
});

test('accuracy and the confusion matrix equal scikit-learn', () => {
  const { nClasses, true: trueClasses, predicted } = fixture.classes;
  expect(accuracy(trueClasses, predicted)).toBeCloseTo(fixture.classes.accuracy, 12);
  expect(confusionMatrix(trueClasses, predicted, nClasses)).toEqual(fixture.classes.confusion);
});

test.each(fixture.wilson)('the Wilson interval of $successes of $n at $level equals scipy', (example) => {
  const [low, high] = wilsonInterval(example.successes, example.n, example.level);
  expect(low).toBeCloseTo(example.interval[0], 12);
  expect(high).toBeCloseTo(example.interval[1], 12);
});
