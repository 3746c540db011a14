/** Interval of a mean of few values. */

/** A mean with the ends of its interval. */
export interface MeanInterval {
  mean: number;
  /** Null where a single value tells nothing of its spread. */
  interval: [number, number] | null;
}

/**
 * The mean of a few independent values, such as one a seed, with Student's interval: mean ± t · s / √n.
 *
 * Student (Gosset) 1908, "The probable error of a mean", Biometrika 6. Same numbers as scipy 1.17
 * `t.interval(level, n - 1, loc=mean, scale=sem(values))`.
 *
 * @param values At least one.
 * @param level Confidence in (0, 1). Default 0.95.
 * @throws RangeError if there are no values, or `level` lies outside (0, 1).
 * @example studentInterval([1, 2, 3]) // { mean: 2, interval: [-0.484, 4.484] }
 */
export function studentInterval(values: readonly number[], level = 0.95): MeanInterval {
  const n = values.length;
  if (n === 0) throw new RangeError('studentInterval: needs at least one value; got none.');
  if (!(level > 0 && level < 1)) {
    throw new RangeError(
      `studentInterval: level must lie between 0 and 1; got ${level}. Pass 0.95 for 95 %.`,
    );
  }
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  if (n === 1) return { mean, interval: null };
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  const halfWidth = studentQuantile(n - 1, level) * Math.sqrt(variance / n);
  return { mean, interval: [mean - halfWidth, mean + halfWidth] };
}

/** The t for which Student's variable lies in [-t, t] with probability `level`, by bisection of its angle. */
function studentQuantile(degrees: number, level: number): number {
  let [low, high] = [0, Math.PI / 2];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (probabilityWithin(middle, degrees) < level) low = middle;
    else high = middle;
  }
  return Math.sqrt(degrees) * Math.tan((low + high) / 2);
}

/** P(|T| <= √degrees · tan(angle)): Abramowitz & Stegun 1964, 26.7.3 and 26.7.4. */
function probabilityWithin(angle: number, degrees: number): number {
  const cosine = Math.cos(angle);
  const isOdd = degrees % 2 === 1;
  let sum = 0;
  let term = isOdd ? cosine : 1;
  for (let power = isOdd ? 1 : 0; power <= degrees - 2; power += 2) {
    sum += term;
    term *= ((power + 1) / (power + 2)) * cosine ** 2;
  }
  return isOdd ? (2 / Math.PI) * (angle + Math.sin(angle) * sum) : Math.sin(angle) * sum;
}
