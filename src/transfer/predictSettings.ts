/** Predictions for held-out rows by every setting of a grid, with what settings share computed once. */
import { fitLogisticRegression } from './logisticRegression.ts';
import { predictNeighbours } from './nearestNeighbours.ts';
import { fitRidge } from './ridge.ts';
import type { Setting } from './settings.ts';
import { fitStandardScaler } from './standardScaler.ts';
import { crossKernelOf, dotProducts, kernelOf, type KernelChoice } from './svm/kernel.ts';
import { fitSvcs, predictSvc } from './svm/svc.ts';
import { fitSvrs, predictSvr } from './svm/svr.ts';
import type { TaskKind } from './transferTask.ts';

export interface HeldOut {
  kind: TaskKind;
  nFeatures: number;
  /** Row-major `[n, nFeatures]`. */
  train: Float64Array;
  /** Class numbers or values, `[n]`. */
  targets: Float64Array;
  /** Row-major `[rows, nFeatures]`. */
  others: Float64Array;
  /** Of a support vector machine; see `SvmOptions`. */
  maxIterations: number;
}

export interface SettingPredictions {
  /** Class numbers or values, `[settings][rows]`. */
  predictions: Float64Array[];
  /** Fits of support vector machines that `maxIterations` ended. */
  unconverged: number;
}

/**
 * @throws RangeError if a feature is not finite, or there are fewer training rows than neighbours.
 */
export function predictSettings(problem: HeldOut, settings: readonly Setting[]): SettingPredictions {
  const predictions = new Array<Float64Array>(settings.length);
  let unconverged = 0;
  const sorted = problem.kind === 'classification' ? classByClass(problem) : problem;
  for (const standardise of [true, false]) {
    const places = [...settings.keys()].filter((place) => settings[place].standardise === standardise);
    if (places.length === 0) continue;
    // The one rows' order in which all of them can be learnt: stable, so that nearest neighbours keep theirs
    const ready = standardise ? standardised(sorted) : sorted;
    const of = <Name extends Setting['classifier']>(name: Name) =>
      places.filter((place) => settings[place].classifier === name);
    unconverged += predictBySvm(ready, settings, of('svm'), predictions);
    const nearest = of('knn');
    if (nearest.length > 0) {
      const original = standardise ? standardised(problem) : problem;
      const neighbours = nearest.map((place) => (settings[place] as { neighbours: number }).neighbours);
      predictNeighbours(original, neighbours, problem.kind).forEach(
        (values, i) => (predictions[nearest[i]] = values),
      );
    }
    for (const place of of('linear')) {
      predictions[place] = predictLinear(ready, (settings[place] as { penalty: number }).penalty);
    }
  }
  return { predictions, unconverged };
}

/** Training rows class by class, in their order within a class, as LIBSVM wants them. */
export function classByClass<Rows extends Pick<HeldOut, 'train' | 'targets' | 'nFeatures'>>(
  problem: Rows,
): Rows {
  const { train, targets, nFeatures } = problem;
  const order = [...targets.keys()].sort((a, b) => targets[a] - targets[b] || a - b);
  const sorted = new Float64Array(train.length);
  order.forEach((row, i) =>
    sorted.set(train.subarray(row * nFeatures, (row + 1) * nFeatures), i * nFeatures),
  );
  return { ...problem, train: sorted, targets: Float64Array.from(order, (row) => targets[row]) };
}

function standardised(problem: HeldOut): HeldOut {
  const scaler = fitStandardScaler(problem.train, problem.nFeatures);
  return { ...problem, train: scaler.transform(problem.train), others: scaler.transform(problem.others) };
}

/** @returns fits that did not converge */
function predictBySvm(
  { kind, train, targets, others, nFeatures, maxIterations }: HeldOut,
  settings: readonly Setting[],
  places: number[],
  predictions: Float64Array[],
): number {
  if (places.length === 0) return 0;
  let unconverged = 0;
  const dots = dotProducts(train, others, nFeatures);
  const values = new Float32Array(dots.n * dots.n);
  const classes = Int32Array.from(targets);
  const byKernel = new Map<string, { place: number; c: number; choice: KernelChoice }[]>();
  for (const place of places) {
    const setting = settings[place] as Extract<Setting, { classifier: 'svm' }>;
    const key = setting.kernel === 'rbf' ? String(setting.gamma) : 'linear';
    const group = byKernel.get(key) ?? [];
    byKernel.set(key, [...group, { place, c: setting.c, choice: setting }]);
  }
  for (const group of byKernel.values()) {
    const kernel = kernelOf(dots, group[0].choice, values);
    const cross = crossKernelOf(dots, group[0].choice);
    const options = { penalties: group.map(({ c }) => c), tolerance: 1e-3, epsilon: 0.1, maxIterations };
    if (kind === 'classification') {
      fitSvcs(kernel, classes, options).forEach((svc, i) => {
        if (!svc.converged) unconverged++;
        predictions[group[i].place] = Float64Array.from(predictSvc(svc, cross, dots.n));
      });
    } else {
      fitSvrs(kernel, targets, options).forEach((svr, i) => {
        if (!svr.converged) unconverged++;
        predictions[group[i].place] = predictSvr(svr, cross, dots.n);
      });
    }
  }
  return unconverged;
}

function predictLinear({ kind, train, targets, others, nFeatures }: HeldOut, penalty: number): Float64Array {
  if (kind === 'regression') return fitRidge(train, targets, { nFeatures, penalty }).predict(others);
  const classes = [...new Set(targets)];
  const highest = new Float64Array(others.length / nFeatures).fill(-Infinity);
  const predicted = new Float64Array(highest.length).fill(classes[0]);
  if (classes.length === 1) return predicted;
  for (const one of classes) {
    const labels = targets.map((value) => (value === one ? 1 : 0));
    const scores = fitLogisticRegression(train, labels, { nFeatures, l2: penalty }).predict(others);
    scores.forEach((score, row) => {
      if (score <= highest[row]) return;
      highest[row] = score;
      predicted[row] = one;
    });
  }
  return predicted;
}
