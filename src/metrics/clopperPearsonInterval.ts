import { betaQuantile } from './incompleteBeta.ts';

/**
 * The exact interval of a proportion: it covers the truth in at least `level` of the cases, whatever the truth is, and
 * so in more than that on average.
 *
 * Clopper and Pearson, "The use of confidence or fiducial limits illustrated in the case of the binomial", Biometrika
 * 26 (1934): the ends are the quantiles (1 - level) / 2 of Beta(k, n - k + 1) and (1 + level) / 2 of Beta(k + 1, n - k).
 * Same numbers as scipy 1.17 `binomtest(k, n).proportion_ci(level, 'exact')`.
 *
 * @param successes Count in [0, n].
 * @param n Trials; 0 tells nothing and gives [0, 1].
 * @param level Confidence in (0, 1). Default 0.95.
 * @throws RangeError if a count is not whole, `successes` lies outside [0, n], or `level` outside (0, 1).
 * @example clopperPearsonInterval(8, 10) // [0.444, 0.975]
 */
export function clopperPearsonInterval(successes: number, n: number, level = 0.95): [number, number] {
  if (!(Number.isInteger(successes) && Number.isInteger(n) && successes >= 0 && successes <= n)) {
    throw new RangeError(
      `clopperPearsonInterval: needs whole counts with 0 <= successes <= n; got ${successes} successes of ${n}.`,
    );
  }
  if (!(level > 0 && level < 1)) {
    throw new RangeError(
      `clopperPearsonInterval: level must lie between 0 and 1; got ${level}. Pass 0.95 for 95 %.`,
    );
  }
  const tail = (1 - level) / 2;
  return [
    successes === 0 ? 0 : betaQuantile(tail, successes, n - successes + 1),
    successes === n ? 1 : betaQuantile(1 - tail, successes + 1, n - successes),
  ];
}
