/** k nearest neighbours by Euclidean distance. */

export interface NeighbourProblem {
  /** Row-major `[n, nFeatures]`. */
  train: Float64Array;
  /** Class number or value of each training row, `[n]`. */
  targets: Float64Array;
  /** Row-major `[rows, nFeatures]`. */
  others: Float64Array;
  nFeatures: number;
}

/**
 * Predictions for several numbers of neighbours at once, `[neighbours][rows]`: the class that most of the nearest have,
 * of equals the lowest; for `regression` their mean. Same as scikit-learn 1.9 `KNeighborsClassifier` and
 * `KNeighborsRegressor`; of rows at the same distance the first is nearer.
 *
 * @throws RangeError if a number of neighbours is not a whole number in [1, n].
 * @example predictNeighbours(problem, [1, 8], 'classification')[1] // by 8 neighbours
 */
export function predictNeighbours(
  { train, targets, others, nFeatures }: NeighbourProblem,
  neighbours: readonly number[],
  kind: 'classification' | 'regression',
): Float64Array[] {
  const n = targets.length;
  for (const k of neighbours) {
    if (Number.isInteger(k) && k >= 1 && k <= n) continue;
    throw new RangeError(
      `predictNeighbours: neighbours must be a whole number from 1 to the ${n} training rows; got ${k}.`,
    );
  }
  const most = Math.max(...neighbours);
  const rows = others.length / nFeatures;
  const predictions = neighbours.map(() => new Float64Array(rows));
  for (let row = 0; row < rows; row++) {
    const nearest = nearestRows(train, others.subarray(row * nFeatures, (row + 1) * nFeatures), most);
    neighbours.forEach((k, place) => {
      const values = Array.from(nearest.subarray(0, k), (index) => targets[index]);
      predictions[place][row] = kind === 'classification' ? mostFrequent(values) : mean(values);
    });
  }
  return predictions;
}

/** Indices of the `count` training rows next to a row, nearest first. */
function nearestRows(train: Float64Array, row: Float64Array, count: number): Int32Array {
  const nFeatures = row.length;
  const n = train.length / nFeatures;
  const nearest = new Int32Array(count);
  const distances = new Float64Array(count).fill(Infinity);
  for (let i = 0; i < n; i++) {
    let distance = 0;
    for (let k = 0; k < nFeatures; k++) {
      const difference = row[k] - train[i * nFeatures + k];
      distance += difference * difference;
    }
    if (!(distance < distances[count - 1])) continue;
    let at = count - 1;
    for (; at > 0 && distances[at - 1] > distance; at--) {
      distances[at] = distances[at - 1];
      nearest[at] = nearest[at - 1];
    }
    distances[at] = distance;
    nearest[at] = i;
  }
  return nearest;
}

function mostFrequent(classes: number[]): number {
  const counts = new Map<number, number>();
  for (const value of classes) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].reduce((a, b) => (b[1] > a[1] || (b[1] === a[1] && b[0] < a[0]) ? b : a))[0];
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
