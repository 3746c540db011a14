/** Binary logistic regression: a linear classifier that gives probabilities. */

import { solveCholesky } from './solveCholesky.ts';

export interface LogisticRegressionOptions {
  /** Columns of `features`. */
  nFeatures: number;
  /** Penalty on the squared weights, > 0; scikit-learn's `C` is `1 / l2`. Default 1. */
  l2?: number;
  /** Newton steps at most, >= 1. Default 100. */
  maxIterations?: number;
  /** Ends when no entry of the gradient of the loss is larger, > 0. Default 1e-8. */
  tolerance?: number;
}

export interface LogisticRegression {
  /** `[nFeatures]`. */
  weights: Float64Array;
  bias: number;
  /** Newton steps taken. */
  iterations: number;
  /** False where `maxIterations` ended the search before the gradient was below `tolerance`. */
  converged: boolean;
  /** Probability of class 1 for each row of `[rows, nFeatures]`. */
  predict(features: ArrayLike<number>): Float64Array;
}

/**
 * Fits P(label = 1) = 1 / (1 + exp(-(weights · features + bias))).
 *
 * Minimises Σ log-loss + l2 / 2 · ‖weights‖², the intercept not penalised, by Newton's method with step halving
 * (iteratively reweighted least squares: Hastie, Tibshirani and Friedman, "The Elements of Statistical Learning",
 * 2nd ed., section 4.4.1). Same optimum as scikit-learn 1.9 `LogisticRegression(C=1 / l2)`. Scale the features first:
 * the penalty treats all columns alike. Takes time ∝ rows · nFeatures² a step, so it is meant for up to some hundred features.
 *
 * @param features Finite, row-major `[rows, nFeatures]`.
 * @param labels 0 or 1, both present, `[rows]`.
 * @throws RangeError if sizes do not agree, a label is neither 0 nor 1 or all are the same, a feature is not finite,
 * or an option is out of range.
 * @example fitLogisticRegression(scaler.transform(train), labels, { nFeatures: 96 }).predict(scaler.transform(test))
 */
export function fitLogisticRegression(
  features: Float32Array | Float64Array,
  labels: ArrayLike<number>,
  { nFeatures, l2 = 1, maxIterations = 100, tolerance = 1e-8 }: LogisticRegressionOptions,
): LogisticRegression {
  requireOptions(nFeatures, l2, maxIterations, tolerance);
  requireData(features, labels, nFeatures);

  // The bias is the last coefficient.
  let coefficients: Float64Array = new Float64Array(nFeatures + 1);
  let state = evaluateLoss(features, labels, coefficients, l2);
  let iterations = 0;
  while (largest(state.gradient) > tolerance && iterations < maxIterations) {
    const step = solveCholesky(hessian(features, state.probabilities, nFeatures, l2), state.gradient);
    const next = step && descend(features, labels, coefficients, state, step, l2);
    if (next === null) break; // as far down as float64 reaches
    coefficients = next.coefficients;
    state = next.state;
    iterations++;
  }

  return {
    weights: coefficients.slice(0, nFeatures),
    bias: coefficients[nFeatures],
    iterations,
    converged: largest(state.gradient) <= tolerance,
    predict: (rows) => logits(rows, coefficients).map(sigmoid),
  };
}

interface LossState {
  loss: number;
  /** `[nFeatures + 1]`. */
  gradient: Float64Array;
  /** `[rows]`. */
  probabilities: Float64Array;
}

function evaluateLoss(
  features: ArrayLike<number>,
  labels: ArrayLike<number>,
  coefficients: Float64Array,
  l2: number,
): LossState {
  const nFeatures = coefficients.length - 1;
  const logit = logits(features, coefficients);
  const probabilities = logit.map(sigmoid);
  const gradient = coefficients.map((weight, i) => (i < nFeatures ? l2 * weight : 0));
  let loss = 0;
  for (let i = 0; i < nFeatures; i++) loss += (l2 / 2) * coefficients[i] ** 2;
  for (let row = 0; row < labels.length; row++) {
    // log(1 + exp(logit)) - label · logit, written so that exp cannot overflow
    loss += Math.max(logit[row], 0) + Math.log1p(Math.exp(-Math.abs(logit[row]))) - labels[row] * logit[row];
    const residual = probabilities[row] - labels[row];
    for (let i = 0; i < nFeatures; i++) gradient[i] += residual * features[row * nFeatures + i];
    gradient[nFeatures] += residual;
  }
  return { loss, gradient, probabilities };
}

/** Σ p (1 - p) x xᵀ + l2 I with a column of ones appended to x; row-major, lower triangle only. */
function hessian(
  features: ArrayLike<number>,
  probabilities: Float64Array,
  nFeatures: number,
  l2: number,
): Float64Array {
  const size = nFeatures + 1;
  const matrix = new Float64Array(size * size);
  const row = new Float64Array(size).fill(1);
  for (const [index, probability] of probabilities.entries()) {
    for (let i = 0; i < nFeatures; i++) row[i] = features[index * nFeatures + i];
    // The floor keeps the bias's curvature above 0 where every probability has rounded to 0 or 1.
    const weight = Math.max(probability * (1 - probability), Number.EPSILON);
    for (let i = 0; i < size; i++) {
      const scaled = weight * row[i];
      for (let j = 0; j <= i; j++) matrix[i * size + j] += scaled * row[j];
    }
  }
  for (let i = 0; i < nFeatures; i++) matrix[i * size + i] += l2;
  return matrix;
}

/** Goes along the Newton step, halved until the loss falls enough (Armijo's rule); null where it does not fall at all. */
function descend(
  features: ArrayLike<number>,
  labels: ArrayLike<number>,
  from: Float64Array,
  { loss, gradient }: LossState,
  step: Float64Array,
  l2: number,
): { coefficients: Float64Array; state: LossState } | null {
  const slope = step.reduce((sum, value, i) => sum + value * gradient[i], 0);
  const rounding = 1e-14 * loss; // near the optimum the loss no longer shows the progress that the gradient does
  for (let length = 1; length > 1e-10; length /= 2) {
    const coefficients = from.map((value, i) => value - length * step[i]);
    const state = evaluateLoss(features, labels, coefficients, l2);
    if (state.loss <= loss - 1e-4 * length * slope + rounding) return { coefficients, state };
  }
  return null;
}

function logits(features: ArrayLike<number>, coefficients: Float64Array): Float64Array {
  const nFeatures = coefficients.length - 1;
  if (features.length % nFeatures !== 0) {
    throw new RangeError(
      `LogisticRegression: features must be [rows, ${nFeatures}]; got ${features.length} numbers.`,
    );
  }
  const result = new Float64Array(features.length / nFeatures).fill(coefficients[nFeatures]);
  for (let i = 0; i < features.length; i++) {
    result[Math.floor(i / nFeatures)] += coefficients[i % nFeatures] * features[i];
  }
  return result;
}

function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}

function largest(gradient: Float64Array): number {
  return gradient.reduce((peak, value) => Math.max(peak, Math.abs(value)), 0);
}

function requireOptions(nFeatures: number, l2: number, maxIterations: number, tolerance: number): void {
  const name = 'fitLogisticRegression';
  if (!(Number.isInteger(nFeatures) && nFeatures >= 1)) {
    throw new RangeError(`${name}: nFeatures must be a whole number >= 1; got ${nFeatures}.`);
  }
  if (!(l2 > 0 && Number.isFinite(l2))) {
    throw new RangeError(
      `${name}: l2 must be > 0, since separable classes have no optimum without a penalty; got ${l2}.`,
    );
  }
  if (!(Number.isInteger(maxIterations) && maxIterations >= 1)) {
    throw new RangeError(`${name}: maxIterations must be a whole number >= 1; got ${maxIterations}.`);
  }
  if (!(tolerance > 0)) throw new RangeError(`${name}: tolerance must be > 0; got ${tolerance}.`);
}

function requireData(features: ArrayLike<number>, labels: ArrayLike<number>, nFeatures: number): void {
  const name = 'fitLogisticRegression';
  if (features.length !== labels.length * nFeatures) {
    throw new RangeError(
      `${name}: features must be [${labels.length}, ${nFeatures}], one row a label; got ${features.length} numbers.`,
    );
  }
  for (let i = 0; i < features.length; i++) {
    if (Number.isFinite(features[i])) continue;
    throw new RangeError(
      `${name}: features must be finite; got ${features[i]} at row ${Math.floor(i / nFeatures)}, column ${i % nFeatures}.`,
    );
  }
  const present = new Set(Array.from(labels));
  if (present.size !== 2 || !present.has(0) || !present.has(1)) {
    throw new RangeError(
      `${name}: labels must hold both 0 and 1 and nothing else; got ${[...present].slice(0, 5).join(', ') || 'none'}. ` +
        'Leave out a tag that no or every clip carries.',
    );
  }
}
