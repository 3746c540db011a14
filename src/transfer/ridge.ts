/** Ridge regression: least squares with a penalty on the squared weights. */
import { solveCholesky } from './solveCholesky.ts';

export interface Ridge {
  /** `[nFeatures]`. */
  weights: Float64Array;
  bias: number;
  /** Value for each row of `[rows, nFeatures]`. */
  predict(features: Float64Array): Float64Array;
}

/**
 * Minimises Σ (target - bias - weights · features)² + penalty · ‖weights‖², the bias not penalised. Same numbers as
 * scikit-learn 1.9 `Ridge(alpha=penalty)`. Takes time ∝ rows · nFeatures².
 *
 * @param features finite, row-major `[rows, nFeatures]`
 * @param targets `[rows]`
 * @throws RangeError if sizes do not agree, `penalty` is not > 0, or the numbers are too large to solve.
 * @example fitRidge(train, valence, { nFeatures: 32, penalty: 1 }).predict(test)
 */
export function fitRidge(
  features: Float64Array,
  targets: Float64Array,
  { nFeatures, penalty }: { nFeatures: number; penalty: number },
): Ridge {
  const rows = targets.length;
  if (rows === 0 || features.length !== rows * nFeatures) {
    throw new RangeError(
      `fitRidge: features must be [${rows}, ${nFeatures}], one row a target; got ${features.length}.`,
    );
  }
  if (!(penalty > 0)) throw new RangeError(`fitRidge: penalty must be > 0; got ${penalty}.`);
  const means = new Float64Array(nFeatures);
  for (let i = 0; i < features.length; i++) means[i % nFeatures] += features[i] / rows;
  const mean = targets.reduce((sum, value) => sum + value, 0) / rows;
  const normal = new Float64Array(nFeatures * nFeatures);
  const side = new Float64Array(nFeatures);
  const row = new Float64Array(nFeatures);
  for (let r = 0; r < rows; r++) {
    for (let i = 0; i < nFeatures; i++) row[i] = features[r * nFeatures + i] - means[i];
    for (let i = 0; i < nFeatures; i++) {
      side[i] += row[i] * (targets[r] - mean);
      for (let j = 0; j <= i; j++) normal[i * nFeatures + j] += row[i] * row[j];
    }
  }
  for (let i = 0; i < nFeatures; i++) normal[i * nFeatures + i] += penalty;
  const weights = solveCholesky(normal, side);
  if (weights === null) {
    throw new RangeError('fitRidge: the features are too large or too alike to solve; standardise them.');
  }
  const bias = mean - weights.reduce((sum, weight, i) => sum + weight * means[i], 0);
  return {
    weights,
    bias,
    predict(others) {
      const values = new Float64Array(others.length / nFeatures).fill(bias);
      for (let i = 0; i < others.length; i++)
        values[Math.floor(i / nFeatures)] += weights[i % nFeatures] * others[i];
      return values;
    },
  };
}
