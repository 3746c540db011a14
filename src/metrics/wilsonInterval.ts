/**
 * Wilson score interval of a proportion; honest at small n and near 0 and 1, where the normal interval is not.
 *
 * Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", JASA 22 (1927), without
 * continuity correction. Same numbers as scipy 1.17 `binomtest(k, n).proportion_ci(level, 'wilson')`.
 *
 * @param successes Count in [0, n].
 * @param n Trials; 0 tells nothing and gives [0, 1].
 * @param level Confidence in (0, 1). Default 0.95.
 * @throws RangeError if a count is not whole, `successes` lies outside [0, n], or `level` outside (0, 1).
 * @example wilsonInterval(8, 10) // [0.490, 0.943]
 */
export function wilsonInterval(successes: number, n: number, level = 0.95): [number, number] {
  if (!(Number.isInteger(successes) && Number.isInteger(n) && successes >= 0 && successes <= n)) {
    throw new RangeError(
      `wilsonInterval: needs whole counts with 0 <= successes <= n; got ${successes} successes of ${n}.`,
    );
  }
  if (!(level > 0 && level < 1)) {
    throw new RangeError(`wilsonInterval: level must lie between 0 and 1; got ${level}. Pass 0.95 for 95 %.`);
  }
  if (n === 0) return [0, 1];

  const z = twoSidedNormalQuantile(level);
  const p = successes / n;
  const centre = (p + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const halfWidth = ((z / n) * Math.sqrt(n * p * (1 - p) + (z * z) / 4)) / (1 + (z * z) / n);
  return [
    successes === 0 ? 0 : Math.max(0, centre - halfWidth),
    successes === n ? 1 : Math.min(1, centre + halfWidth),
  ];
}

/** The z for which a standard normal variable lies in [-z, z] with probability `level`, by bisection. */
function twoSidedNormalQuantile(level: number): number {
  let [low, high] = [0, 8];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (probabilityWithin(middle) < level) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** P(|Z| <= z) for z >= 0, by the series of Marsaglia, "Evaluating the Normal Distribution", J. Stat. Softw. 11(4), 2004. */
function probabilityWithin(z: number): number {
  let sum = 0;
  for (let term = z, k = 1; term > sum * Number.EPSILON; k += 2, term *= (z * z) / k) sum += term;
  return sum * Math.sqrt(2 / Math.PI) * Math.exp((-z * z) / 2);
}
