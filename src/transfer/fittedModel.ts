/** A fitted classifier or regressor as plain data, and its predictions. */
import { z } from 'zod';
import { fitLogisticRegression } from './logisticRegression.ts';
import { predictNeighbours } from './nearestNeighbours.ts';
import { classByClass } from './predictSettings.ts';
import { fitRidge } from './ridge.ts';
import type { Setting } from './settings.ts';
import { crossKernelOf, dotProducts, kernelOf, type KernelChoice } from './svm/kernel.ts';
import { countVotes, fitSvc } from './svm/svc.ts';
import { fitSvr, predictSvr } from './svm/svr.ts';
import type { TaskKind } from './transferTask.ts';

const numbers = z.array(z.number());
const kernel = z.discriminatedUnion('kernel', [
  z.strictObject({ kernel: z.literal('rbf'), gamma: z.number().positive() }),
  z.strictObject({ kernel: z.literal('linear') }),
]);
const shared = { nFeatures: z.int().positive() };

export const fittedModelSchema = z.discriminatedUnion('type', [
  z.strictObject({
    ...shared,
    type: z.literal('svc'),
    kernel,
    /** Row-major `[vectors, nFeatures]`. */
    vectors: numbers,
    /** Decisions between two classes; `rows` are those of the vectors. */
    pairs: z.array(
      z.strictObject({
        ...{ first: z.int().nonnegative(), second: z.int().nonnegative() },
        ...{ rows: z.array(z.int().nonnegative()), coefficients: numbers, rho: z.number() },
      }),
    ),
  }),
  z.strictObject({
    ...shared,
    type: z.literal('svr'),
    kernel,
    vectors: numbers,
    coefficients: numbers,
    rho: z.number(),
  }),
  z.strictObject({
    ...shared,
    type: z.literal('neighbours'),
    /** All training rows and their targets. */
    ...{ vectors: numbers, targets: numbers, neighbours: z.int().positive() },
    kind: z.enum(['classification', 'regression']),
  }),
  z.strictObject({
    ...shared,
    type: z.literal('linear'),
    /** `[outputs][nFeatures]`: one a class (two classes: of the second alone), or one value. */
    weights: z.array(numbers).min(1),
    bias: numbers,
  }),
]);

export type FittedModel = z.infer<typeof fittedModelSchema>;

export interface Prediction {
  /** Name of the class, or the value. */
  label: string | number;
  /**
   * Of each class, the highest first: its share of the votes, of the neighbours, or the probability against the rest.
   * Empty for regression.
   */
  scores: { label: string; score: number }[];
}

interface TrainingRows {
  kind: TaskKind;
  train: Float64Array;
  targets: Float64Array;
  nFeatures: number;
}

export function fitModel(rows: TrainingRows, setting: Setting): FittedModel {
  const { kind, train, targets, nFeatures } = rows;
  if (setting.classifier === 'knn') {
    const { neighbours } = setting;
    return {
      type: 'neighbours',
      nFeatures,
      vectors: Array.from(train),
      targets: Array.from(targets),
      neighbours,
      kind,
    };
  }
  if (setting.classifier === 'linear') return fitLinear(rows, setting.penalty);
  const choice: KernelChoice =
    setting.kernel === 'rbf' ? { kernel: 'rbf', gamma: setting.gamma } : { kernel: 'linear' };
  const sorted = kind === 'classification' ? classByClass(rows) : rows;
  const matrix = kernelOf(dotProducts(sorted.train, new Float64Array(0), nFeatures), choice);
  if (kind === 'regression') {
    const { rows: support, coefficients, rho } = fitSvr(matrix, targets, { c: setting.c });
    const vectors = rowsOf(sorted.train, nFeatures, support);
    return { type: 'svr', nFeatures, kernel: choice, vectors, coefficients: Array.from(coefficients), rho };
  }
  const { pairs } = fitSvc(matrix, Int32Array.from(sorted.targets), { c: setting.c });
  const support = [...new Set(pairs.flatMap((pair) => Array.from(pair.rows)))].sort((a, b) => a - b);
  const place = new Map(support.map((row, i) => [row, i]));
  return {
    ...{ type: 'svc', nFeatures, kernel: choice, vectors: rowsOf(sorted.train, nFeatures, support) },
    pairs: pairs.map((pair) => ({
      ...pair,
      rows: Array.from(pair.rows, (row) => place.get(row)!),
      coefficients: Array.from(pair.coefficients),
    })),
  };
}

function fitLinear({ kind, train, targets, nFeatures }: TrainingRows, penalty: number): FittedModel {
  const values = [...new Set(targets)].sort((a, b) => a - b);
  const outputs =
    kind === 'regression'
      ? [fitRidge(train, targets, { nFeatures, penalty })]
      : (values.length === 2 ? values.slice(1) : values).map((one) => {
          const labels = targets.map((value) => (value === one ? 1 : 0));
          return fitLogisticRegression(train, labels, { nFeatures, l2: penalty });
        });
  const weights = outputs.map((output) => Array.from(output.weights));
  return { type: 'linear', nFeatures, weights, bias: outputs.map(({ bias }) => bias) };
}

/** @param rows scaled as in training, row-major `[rows, nFeatures]` */
export function predictModel(
  model: FittedModel,
  rows: Float64Array,
  { nFeatures, classes }: { nFeatures: number; classes: string[] },
): Prediction[] {
  if (model.type === 'neighbours') return predictByNeighbours(model, rows, classes);
  if (model.type === 'linear') return predictByWeights(model, rows, classes);
  const n = model.vectors.length / nFeatures;
  const cross = crossKernelOf(crossDots(Float64Array.from(model.vectors), rows, nFeatures), model.kernel);
  if (model.type === 'svr') {
    const coefficients = Float64Array.from(model.coefficients);
    const support = Int32Array.from(coefficients, (_, i) => i);
    const values = predictSvr({ rows: support, coefficients, rho: model.rho }, cross, n);
    return Array.from(values, (label) => ({ label, scores: [] }));
  }
  const pairs = model.pairs.map((pair) => ({
    ...pair,
    rows: Int32Array.from(pair.rows),
    coefficients: Float64Array.from(pair.coefficients),
  }));
  return Array.from({ length: rows.length / nFeatures }, (_, row) => {
    const votes = countVotes({ nClasses: classes.length, pairs }, cross, row * n);
    return ranked(
      classes,
      Array.from(votes, (count) => count / pairs.length),
    );
  });
}

/** Dots without those of the training rows among themselves, which a prediction does not need. */
function crossDots(vectors: Float64Array, rows: Float64Array, nFeatures: number) {
  const { cross: transposed, trainSquares, otherSquares, n } = dotProducts(rows, vectors, nFeatures);
  const nVectors = otherSquares.length;
  const cross = new Float64Array(transposed.length);
  for (let v = 0; v < nVectors; v++)
    for (let r = 0; r < n; r++) cross[r * nVectors + v] = transposed[v * n + r];
  return {
    n: nVectors,
    train: new Float64Array(0),
    cross,
    trainSquares: otherSquares,
    otherSquares: trainSquares,
  };
}

function predictByNeighbours(
  { vectors, targets, neighbours, kind, nFeatures }: Extract<FittedModel, { type: 'neighbours' }>,
  rows: Float64Array,
  classes: string[],
): Prediction[] {
  const problem = {
    train: Float64Array.from(vectors),
    targets: Float64Array.from(targets),
    others: rows,
    nFeatures,
  };
  const [values] = predictNeighbours(problem, [neighbours], kind);
  if (kind === 'regression') return Array.from(values, (label) => ({ label, scores: [] }));
  // The share of each class: the mean of "is of this class" over the neighbours
  const shares = classes.map((_, one) => {
    const isOne = problem.targets.map((value) => (value === one ? 1 : 0));
    return predictNeighbours({ ...problem, targets: isOne }, [neighbours], 'regression')[0];
  });
  return Array.from(values, (_, row) =>
    ranked(
      classes,
      shares.map((share) => share[row]),
    ),
  );
}

function predictByWeights(
  { weights, bias, nFeatures }: Extract<FittedModel, { type: 'linear' }>,
  rows: Float64Array,
  classes: string[],
): Prediction[] {
  return Array.from({ length: rows.length / nFeatures }, (_, row) => {
    const values = weights.map((ofOutput, output) =>
      ofOutput.reduce((sum, weight, i) => sum + weight * rows[row * nFeatures + i], bias[output]),
    );
    if (classes.length === 0) return { label: values[0], scores: [] };
    const probabilities = values.map((value) => 1 / (1 + Math.exp(-value)));
    return ranked(classes, classes.length === 2 ? [1 - probabilities[0], probabilities[0]] : probabilities);
  });
}

/** The highest first, and of equals the first class, as where predictions are scored. */
function ranked(classes: string[], values: number[]): Prediction {
  const scores = classes.map((label, i) => ({ label, score: values[i] })).sort((a, b) => b.score - a.score);
  return { label: scores[0].label, scores };
}

function rowsOf(values: Float64Array, nFeatures: number, rows: ArrayLike<number>): number[] {
  return Array.from(rows).flatMap((row) =>
    Array.from(values.subarray(row * nFeatures, (row + 1) * nFeatures)),
  );
}
