import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  crossKernelOf,
  dotProducts,
  kernelOf,
  type Dots,
  type KernelChoice,
} from '../../../src/transfer/svm/kernel.ts';
import { solveSmo } from '../../../src/transfer/svm/solveSmo.ts';
import { countVotes, fitSvc, predictSvc, type Svc } from '../../../src/transfer/svm/svc.ts';
import { fitSvr, predictSvr } from '../../../src/transfer/svm/svr.ts';

interface Options {
  kernel: 'linear' | 'rbf';
  C: number;
  gamma?: number;
  epsilon?: number;
}

interface Case<Fit> {
  name: string;
  nFeatures: number;
  train: number[];
  test: number[];
  voteTies: number;
  labels: number[];
  targets: number[];
  fits: (Fit & { options: Options; support: number[] })[];
}

/** Of scikit-learn; test/fixtures/transfer/make.py makes it. */
const fixture = JSON.parse(
  readFileSync(new URL('../../fixtures/transfer/svm.json', import.meta.url), 'utf8'),
) as {
  classification: Case<{ predicted: number[]; intercepts: number[] }>[];
  regression: Case<{ predicted: number[] }>[];
};

const kernelChoice = ({ kernel, gamma }: Options): KernelChoice =>
  kernel === 'rbf' ? { kernel, gamma: gamma! } : { kernel };
const title = ({ kernel, C, gamma, epsilon }: Options) =>
  [kernel, `C ${C}`, gamma && `gamma ${gamma.toFixed(5)}`, epsilon && `epsilon ${epsilon}`]
    .filter(Boolean)
    .join(', ');

/** Rows of a row-major matrix, in another order. */
function rowsOf(values: number[], nFeatures: number, order: number[]): Float64Array {
  return Float64Array.from(order.flatMap((row) => values.slice(row * nFeatures, (row + 1) * nFeatures)));
}

describe.each(fixture.classification)('classification of $name', (set) => {
  const order = set.labels.map((_, row) => row).sort((a, b) => set.labels[a] - set.labels[b]);
  const classes = Int32Array.from(order, (row) => set.labels[row]);
  const dots = dotProducts(
    rowsOf(set.train, set.nFeatures, order),
    Float64Array.from(set.test),
    set.nFeatures,
  );
  const fit = (options: Options): [Svc, Float64Array] => [
    fitSvc(kernelOf(dots, kernelChoice(options)), classes, { c: options.C }),
    crossKernelOf(dots, kernelChoice(options)),
  ];

  test.each(set.fits.map((one) => [title(one.options), one] as const))(
    'with %s has the predictions, support vectors and intercepts of scikit-learn',
    (_, { options, predicted, support, intercepts }) => {
      const [svc, cross] = fit(options);
      expect(Array.from(predictSvc(svc, cross, dots.n))).toEqual(predicted);
      const used = new Set(svc.pairs.flatMap(({ rows }) => Array.from(rows, (row) => order[row])));
      expect([...used].sort((a, b) => a - b)).toEqual(support);
      // scikit-learn turns the sign of the intercept where there are two classes
      const sign = svc.nClasses === 2 ? 1 : -1;
      svc.pairs.forEach(({ rho }, pair) => expect(sign * rho).toBeCloseTo(intercepts[pair], 9));
    },
  );

  test('finds as many tied votes as scikit-learn, all settings together', () => {
    let ties = 0;
    for (const { options } of set.fits) {
      const [svc, cross] = fit(options);
      for (let start = 0; start < cross.length; start += dots.n) {
        const votes = [...countVotes(svc, cross, start)].sort((a, b) => b - a);
        if (svc.nClasses > 2 && votes[0] === votes[1]) ties++;
      }
    }
    expect(ties).toBe(set.voteTies);
  });
});

describe.each(fixture.regression)('regression of $name', (set) => {
  const train = Float64Array.from(set.train);
  const dots = dotProducts(train, Float64Array.from(set.test), set.nFeatures);

  test.each(set.fits.map((one) => [title(one.options), one] as const))(
    'with %s has the predictions and support vectors of scikit-learn',
    (_, { options, predicted, support }) => {
      const kernel = kernelOf(dots, kernelChoice(options));
      const svr = fitSvr(kernel, Float64Array.from(set.targets), { c: options.C, epsilon: options.epsilon });
      const ours = predictSvr(svr, crossKernelOf(dots, kernelChoice(options)), dots.n);
      ours.forEach((value, row) => expect(value).toBeCloseTo(predicted[row], 9));
      expect(Array.from(svr.rows)).toEqual(support);
    },
  );
});

/** Rows on a line, far enough apart that the answer can be written down. */
function onALine(...positions: number[]): Dots {
  return dotProducts(Float64Array.from(positions), new Float64Array(0), 1);
}

test('two points get the margin halfway, by hand: alpha = 2 / distance², rho in the middle', () => {
  const kernel = kernelOf(onALine(3, 1), { kernel: 'linear' });
  const svc = fitSvc(kernel, Int32Array.of(0, 1), { c: 10 });
  expect(Array.from(svc.pairs[0].coefficients)).toEqual([0.5, -0.5]);
  expect(svc.pairs[0].rho).toBe(2);
});

test('a bound of C holds the coefficients: C = 0.1 is too little for the margin', () => {
  const svc = fitSvc(kernelOf(onALine(3, 1), { kernel: 'linear' }), Int32Array.of(0, 1), { c: 0.1 });
  expect(Array.from(svc.pairs[0].coefficients)).toEqual([0.1, -0.1]);
});

test('with equal votes the first class wins', () => {
  const wins = (first: number, second: number, rho: number) => ({
    ...{ first, second, rho, rows: new Int32Array(0), coefficients: new Float64Array(0) },
  });
  // 1 beats 0, 2 beats 1, 0 beats 2: one vote each
  const svc = { nClasses: 3, pairs: [wins(0, 1, 1), wins(0, 2, -1), wins(1, 2, 1)] };
  expect(Array.from(predictSvc(svc, new Float64Array(1), 1))).toEqual([0]);
});

test('where all training rows are of one class, that is the prediction', () => {
  const svc = fitSvc(kernelOf(onALine(1, 2), { kernel: 'linear' }), Int32Array.of(3, 3), { c: 1 });
  expect(Array.from(predictSvc(svc, Float64Array.of(1, 2), 2))).toEqual([3]);
});

test('a class that no training row has is never predicted', () => {
  const dots = dotProducts(Float64Array.of(0, 1, 5), Float64Array.of(0.1, 4), 1);
  const choice = { kernel: 'rbf', gamma: 1 } as const;
  const svc = fitSvc(kernelOf(dots, choice), Int32Array.of(0, 0, 2), { c: 1 });
  expect(svc.pairs.map(({ first, second }) => [first, second])).toEqual([[0, 2]]);
  expect(Array.from(predictSvc(svc, crossKernelOf(dots, choice), 3))).toEqual([0, 2]);
});

test('1600 overlapping rows, which are shrunk and taken in again, end within the tolerance of the optimum', () => {
  const n = 1600;
  const positions = Float64Array.from({ length: n }, (_, i) => Math.sin(i * i) * 2 + (i < n / 2 ? 0 : 0.7));
  const kernel = kernelOf(dotProducts(positions, new Float64Array(0), 1), { kernel: 'rbf', gamma: 2 });
  const signs = Int8Array.from(positions, (_, i) => (i < n / 2 ? 1 : -1));
  const problem = {
    fillKernel: (target: Float32Array) => target.set(kernel.values),
    ...{ n, diagonal: kernel.diagonal, signs, tolerance: 1e-3, maxIterations: 1e6 },
    rows: Int32Array.from(positions, (_, i) => i),
    signedLinear: Float64Array.from(signs, (sign) => -sign),
  };
  const [{ coefficients, rho }] = solveSmo(problem, [5]);
  expect(Math.abs(coefficients.reduce((sum, value) => sum + value))).toBeLessThan(1e-9);
  for (let i = 0; i < n; i++) {
    let decision = -rho;
    for (let j = 0; j < n; j++) decision += coefficients[j] * kernel.values[i * n + j];
    const margin = signs[i] * decision;
    const alpha = signs[i] * coefficients[i];
    if (alpha <= 0) expect(margin).toBeGreaterThan(1 - 2e-3);
    else if (alpha >= 5) expect(margin).toBeLessThan(1 + 2e-3);
    else expect(Math.abs(margin - 1)).toBeLessThan(2e-3);
  }
});

test('rows that do not stand class by class, and a C of 0, are refused', () => {
  const kernel = kernelOf(onALine(1, 2, 3), { kernel: 'linear' });
  expect(() => fitSvc(kernel, Int32Array.of(0, 1, 0), { c: 1 })).toThrow('class by class');
  expect(() => fitSvc(kernel, Int32Array.of(0, 1), { c: 1 })).toThrow('one class >= 0 for each of the 3');
  expect(() => fitSvc(kernel, Int32Array.of(0, 0, 1), { c: 0 })).toThrow('c must be > 0; got 0');
  expect(() => fitSvr(kernel, Float64Array.of(1, 2), { c: 1 })).toThrow('one target for each of the 3');
  expect(() => fitSvr(kernel, Float64Array.of(1, 2, 3), { c: 1, epsilon: -1 })).toThrow('epsilon');
});
