import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { clopperPearsonInterval } from '../../../src/metrics/clopperPearsonInterval.ts';
import { betaQuantile, incompleteBeta } from '../../../src/metrics/incompleteBeta.ts';
import { cohenKappa, fleissKappa } from '../../../src/noise/agreement.ts';
import { dawidSkene } from '../../../src/noise/dawidSkene.ts';

interface Fixture {
  cohen: { first: number[]; second: number[]; classes: number; kappa: number }[];
  fleiss: { counts: number[][]; kappa: number }[];
  dawidSkene: {
    name: string;
    words: string[];
    observers: number[];
    classes: number[];
    probabilities: number[][];
    prior: number[];
    confusion: number[][][];
  }[];
  beta: { x: number; a: number; b: number; value: number; quantile: number }[];
  clopperPearson: { successes: number; n: number; level: number; interval: [number, number] }[];
}

// Made by scikit-learn 1.9.1, statsmodels 0.15.0, crowd-kit 1.4.2, scipy 1.17.1: test/fixtures/noise/make.py.
const fixture = JSON.parse(
  readFileSync(new URL('../../fixtures/noise/noise.json', import.meta.url), 'utf8'),
) as Fixture;

const rateNames = ['error rates', 'prior', 'probabilities'] as const;

function countsOf({ words, observers, classes }: Fixture['dawidSkene'][number]): number[][][] {
  const last = Math.max(...observers);
  return words.map((word) => {
    const counts = Array.from({ length: last }, () => classes.map(() => 0));
    [...word].forEach((letter, i) => {
      if (letter !== '-') counts[observers[i] - 1][classes.indexOf(Number(letter))]++;
    });
    return counts;
  });
}

test.each(fixture.cohen)("Cohen's kappa of $classes classes equals scikit-learn", (pair) => {
  expect(cohenKappa(pair.first, pair.second, pair.classes)).toBeCloseTo(pair.kappa, 12);
});

test.each(fixture.fleiss)("Fleiss' kappa equals statsmodels", ({ counts, kappa }) => {
  expect(fleissKappa(counts)).toBeCloseTo(kappa, 12);
});

test.each(fixture.dawidSkene)('Dawid and Skene of $name equals crowd-kit within 1e-6', (example) => {
  const result = dawidSkene(countsOf(example), { tolerance: 1e-12 });
  const figures = [result.confusion, result.prior, result.probabilities].map((each) => each.flat(2));
  [example.confusion, example.prior, example.probabilities].forEach((expected, i) => {
    const differences = expected.flat(2).map((value, j) => Math.abs(value - (figures[i] as number[])[j]));
    expect(Math.max(...differences), rateNames[i]).toBeLessThan(1e-6);
    expect(figures[i]).toHaveLength(differences.length);
  });
});

test('of the anaesthetists, the classes and the first observer are as Dawid and Skene 1979 print them', () => {
  const { prior, confusion } = dawidSkene(countsOf(fixture.dawidSkene[0]));
  const rounded = (values: number[]) => values.map((value) => Math.round(value * 100) / 100);
  expect(rounded(prior)).toEqual([0.4, 0.42, 0.11, 0.07]);
  expect(confusion[0].map(rounded)).toEqual([
    [0.89, 0.11, 0, 0],
    [0.07, 0.88, 0.05, 0],
    [0, 0.34, 0.66, 0],
    [0, 0, 0.56, 0.44],
  ]);
});

test.each(fixture.beta)(
  'the beta distribution ($a, $b) equals scipy at $x',
  ({ x, a, b, value, quantile }) => {
    expect(incompleteBeta(x, a, b)).toBeCloseTo(value, 12);
    expect(betaQuantile(x, a, b) / quantile).toBeCloseTo(1, 10);
  },
);

test.each(fixture.clopperPearson)(
  'Clopper and Pearson’s $successes of $n at $level equals scipy',
  (example) => {
    const [low, high] = clopperPearsonInterval(example.successes, example.n, example.level);
    expect(low).toBeCloseTo(example.interval[0], 12);
    expect(high).toBeCloseTo(example.interval[1], 12);
  },
);

test('arguments out of range are refused', () => {
  expect(() => clopperPearsonInterval(3, 2)).toThrow('got 3 successes of 2');
  expect(() => clopperPearsonInterval(1, 2, 95)).toThrow('Pass 0.95 for 95 %');
  expect(() => betaQuantile(2, 1, 1)).toThrow('must lie in [0, 1]');
  expect(() => incompleteBeta(0.5, 0, 1)).toThrow('a > 0');
  expect(() => cohenKappa([0, 1], [0], 2)).toThrow('2 and 1 answers');
  expect(() =>
    fleissKappa([
      [1, 1],
      [3, 0],
    ]),
  ).toThrow('got 2 and 3');
  expect(() => dawidSkene([])).toThrow('at least one item');
  expect(() => dawidSkene([[[0, 0]]])).toThrow('item 0 has no answer');
});

test('annotators who only ever say the same one thing have no kappa', () => {
  expect(cohenKappa([1, 1], [1, 1], 2)).toBeNaN();
  expect(
    fleissKappa([
      [2, 0],
      [2, 0],
    ]),
  ).toBeNaN();
});
