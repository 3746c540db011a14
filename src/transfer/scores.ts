/** Accuracy and R² over parts, and their intervals. */
import { bootstrapInterval } from '../metrics/bootstrapInterval.ts';
import { wilsonInterval } from '../metrics/wilsonInterval.ts';
import type { TaskKind } from './transferTask.ts';

/** True and predicted values of the rows of one held-out part. */
export interface PartPredictions {
  trueValues: Float64Array;
  predicted: Float64Array;
}

/**
 * Share of rows that are right, or R² = 1 - Σ (true - predicted)² / Σ (true - mean)²; NaN for R² of equal values.
 *
 * Same as scikit-learn's `accuracy_score` and `r2_score`.
 */
export function scorePart(kind: TaskKind, { trueValues, predicted }: PartPredictions): number {
  const rows = trueValues.length;
  if (kind === 'classification') {
    return trueValues.reduce((hits, value, row) => hits + (value === predicted[row] ? 1 : 0), 0) / rows;
  }
  const mean = trueValues.reduce((sum, value) => sum + value, 0) / rows;
  const residual = trueValues.reduce((sum, value, row) => sum + (value - predicted[row]) ** 2, 0);
  const total = trueValues.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return total > 0 ? 1 - residual / total : NaN;
}

/** Mean over parts, each by its rows: `best_score_` of scikit-learn's GridSearchCV with `iid=True`, its way until 0.21. */
export function weightedMean(scores: readonly number[], rows: readonly number[]): number {
  const products = scores.map((score, part) => score * rows[part]);
  // An accuracy times its rows is a number of hits: made whole again, so that equal accuracies are equal.
  const points = products.map((value) =>
    Math.abs(value - Math.round(value)) < 1e-9 ? Math.round(value) : value,
  );
  return points.reduce((sum, value) => sum + value, 0) / rows.reduce((sum, count) => sum + count, 0);
}

/** Place of the highest, the first of equals; NaN counts as lowest. */
export function indexOfHighest(values: readonly number[]): number {
  return values.reduce(
    (best, value, i) => (value > values[best] || Number.isNaN(values[best]) ? i : best),
    0,
  );
}

/**
 * 95 % interval of the score of predictions: Wilson's for an accuracy; for R² the percentile bootstrap over rows, R²
 * taken within each part as in the score itself. It says how far chance in the rows tested on moves the figure, not how
 * another training set would.
 */
export function scoreInterval(
  kind: TaskKind,
  parts: readonly PartPredictions[],
  seed: number,
): [number, number] | null {
  const rows = parts.map(({ trueValues }) => trueValues.length);
  const all = rows.reduce((sum, count) => sum + count, 0);
  if (kind === 'classification') {
    const hits = parts.reduce((sum, part, i) => sum + Math.round(scorePart(kind, part) * rows[i]), 0);
    return wilsonInterval(hits, all);
  }
  const places = parts.flatMap(({ trueValues }, part) => Array.from(trueValues, (_, row) => ({ part, row })));
  const statistic = (drawn: Int32Array): number => {
    const members = parts.map((): number[] => []);
    for (const index of drawn) members[places[index].part].push(places[index].row);
    const scores = members.map((chosen, part) =>
      scorePart(kind, {
        trueValues: Float64Array.from(chosen, (row) => parts[part].trueValues[row]),
        predicted: Float64Array.from(chosen, (row) => parts[part].predicted[row]),
      }),
    );
    return weightedMean(
      scores,
      members.map((chosen) => chosen.length),
    );
  };
  return bootstrapInterval(all, statistic, { seed }).interval;
}
