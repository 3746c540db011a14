/** How alike two lists of numbers are. */

/**
 * Pearson's correlation: the covariance over the product of the standard deviations. NaN where a list is constant.
 * Same number as scipy 1.17 `pearsonr`.
 *
 * @throws RangeError if the lengths differ or are below 2.
 * @example pearson([1, 2, 3], [1, 2, 4]) // 0.982
 */
export function pearson(x: ArrayLike<number>, y: ArrayLike<number>): number {
  requirePairs('pearson', x, y);
  const [meanX, meanY] = [mean(x), mean(y)];
  let [xx, yy, xy] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    xx += (x[i] - meanX) ** 2;
    yy += (y[i] - meanY) ** 2;
    xy += (x[i] - meanX) * (y[i] - meanY);
  }
  const constant = (squares: number, middle: number) => squares <= (x.length * Number.EPSILON * middle) ** 2;
  if (constant(xx, meanX) || constant(yy, meanY)) return NaN;
  return Math.min(1, Math.max(-1, xy / Math.sqrt(xx * yy)));
}

/**
 * Spearman's correlation: Pearson's of the ranks, equal values sharing their average rank. Same number as scipy 1.17
 * `spearmanr`.
 */
export function spearman(x: ArrayLike<number>, y: ArrayLike<number>): number {
  requirePairs('spearman', x, y);
  return pearson(averageRanks(x), averageRanks(y));
}

/**
 * Kendall's τ-b: (agreeing pairs − disagreeing pairs) / √((pairs not tied in x) · (pairs not tied in y)); M. G. Kendall,
 * "The Treatment of Ties in Ranking Problems", Biometrika 33 (1945). NaN where a list is constant. Time ∝ n². Same
 * number as scipy 1.17 `kendalltau`.
 */
export function kendallTau(x: ArrayLike<number>, y: ArrayLike<number>): number {
  requirePairs('kendallTau', x, y);
  let [agreement, untiedX, untiedY] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    for (let j = 0; j < i; j++) {
      const [dx, dy] = [Math.sign(x[i] - x[j]), Math.sign(y[i] - y[j])];
      agreement += dx * dy;
      untiedX += Math.abs(dx);
      untiedY += Math.abs(dy);
    }
  }
  return agreement / Math.sqrt(untiedX * untiedY);
}

/** Ranks from 1, equal values sharing the average of theirs. */
export function averageRanks(values: ArrayLike<number>): Float64Array {
  const order = Array.from({ length: values.length }, (_, i) => i).sort((a, b) => values[a] - values[b]);
  const ranks = new Float64Array(values.length);
  for (let start = 0; start < order.length;) {
    let end = start + 1;
    while (end < order.length && values[order[end]] === values[order[start]]) end++;
    for (let i = start; i < end; i++) ranks[order[i]] = (start + 1 + end) / 2;
    start = end;
  }
  return ranks;
}

function requirePairs(name: string, x: ArrayLike<number>, y: ArrayLike<number>): void {
  if (x.length === y.length && x.length >= 2) return;
  throw new RangeError(`${name}: needs two lists of one length >= 2; got ${x.length} and ${y.length}.`);
}

function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}
