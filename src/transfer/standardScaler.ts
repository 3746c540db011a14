/** Brings feature columns to mean 0 and standard deviation 1, by the statistics of the training set. */

export interface StandardScaler {
  /** Column means, `[nFeatures]`. */
  mean: Float64Array;
  /** Column standard deviations (divided by n, not n - 1); 1 for a constant column. `[nFeatures]`. */
  scale: Float64Array;
  /** `(feature - mean) / scale`, row-major `[rows, nFeatures]`, in a new array. */
  transform(features: ArrayLike<number>): Float64Array;
}

/**
 * Measures the columns of a training set. Same numbers as scikit-learn 1.9 `StandardScaler`, which also gives a column
 * that is constant up to rounding the scale 1.
 *
 * @param features Finite, row-major `[rows, nFeatures]`, at least one row.
 * @throws RangeError if the length is not a positive multiple of `nFeatures`, or a feature is not finite.
 * @example fitStandardScaler(train, 96).transform(test)
 */
export function fitStandardScaler(features: ArrayLike<number>, nFeatures: number): StandardScaler {
  const rows = features.length / nFeatures;
  if (!(Number.isInteger(rows) && rows >= 1)) {
    throw new RangeError(
      `fitStandardScaler: features must be [rows, ${nFeatures}] with at least one row; got ${features.length} numbers.`,
    );
  }
  const mean = new Float64Array(nFeatures);
  const variance = new Float64Array(nFeatures);
  for (let i = 0; i < features.length; i++) {
    if (!Number.isFinite(features[i])) {
      throw new RangeError(
        `fitStandardScaler: features must be finite; got ${features[i]} at row ${Math.floor(i / nFeatures)}, ` +
          `column ${i % nFeatures}.`,
      );
    }
    mean[i % nFeatures] += features[i] / rows;
  }
  for (let i = 0; i < features.length; i++) {
    variance[i % nFeatures] += (features[i] - mean[i % nFeatures]) ** 2 / rows;
  }
  const scale = variance.map((value, column) =>
    isRoundingError(value, mean[column], rows) ? 1 : Math.sqrt(value),
  );

  return {
    mean,
    scale,
    transform(rowsToScale) {
      if (rowsToScale.length % nFeatures !== 0) {
        throw new RangeError(
          `StandardScaler: features must be [rows, ${nFeatures}]; got ${rowsToScale.length} numbers.`,
        );
      }
      return Float64Array.from(
        rowsToScale,
        (value, i) => (value - mean[i % nFeatures]) / scale[i % nFeatures],
      );
    },
  };
}

/** The bound of scikit-learn 1.9 (`_is_constant_feature`), after Chan, Golub and LeVeque, "Algorithms for Computing the Sample Variance" (1983). */
function isRoundingError(variance: number, mean: number, rows: number): boolean {
  return variance <= rows * Number.EPSILON * variance + (rows * mean * Number.EPSILON) ** 2;
}
