/** Random numbers of the distributions that an audit's posterior is drawn from. */
import type { Random } from '../../datasets/random.ts';
import { logGamma } from '../metrics/incompleteBeta.ts';

/** Beta(a, b) with a, b > 0, as the share of one gamma variable in the sum of two. */
export function drawBeta(random: Random, a: number, b: number): number {
  const x = drawGamma(random, a);
  return x / (x + drawGamma(random, b));
}

/** Gamma(shape, 1): Marsaglia and Tsang, "A simple method for generating gamma variables", ACM TOMS 26 (2000). */
function drawGamma(random: Random, shape: number): number {
  if (shape < 1) return drawGamma(random, shape + 1) * (1 - random.uniform(0, 1)) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = drawNormal(random);
    const v = (1 + c * x) ** 3;
    if (v <= 0) continue;
    const u = 1 - random.uniform(0, 1); // in (0, 1], so that the logarithm is finite
    if (Math.log(u) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}

/** Box and Muller 1958; one of the two is enough. */
function drawNormal(random: Random): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random.uniform(0, 1)));
  return radius * Math.cos(2 * Math.PI * random.uniform(0, 1));
}

/**
 * Binomial(n, p) by inversion that starts at the mode and walks outward, so that it takes about one standard deviation
 * of steps: Kemp, "A modal method for generating binomial variables", Communications in Statistics 15 (1986).
 */
export function drawBinomial(random: Random, n: number, p: number): number {
  if (n === 0 || p <= 0) return 0;
  if (p >= 1) return n;
  const mode = Math.min(n, Math.floor((n + 1) * p));
  const atMode = Math.exp(
    logGamma(n + 1) -
      logGamma(mode + 1) -
      logGamma(n - mode + 1) +
      mode * Math.log(p) +
      (n - mode) * Math.log1p(-p),
  );
  const odds = p / (1 - p);
  let left = random.uniform(0, 1) - atMode;
  let [low, high] = [mode, mode];
  let [atLow, atHigh] = [atMode, atMode];
  while (left > 0 && (low > 0 || high < n)) {
    if (high < n) {
      atHigh *= (odds * (n - high)) / (high + 1);
      high++;
      left -= atHigh;
      if (left <= 0) return high;
    }
    if (low > 0) {
      atLow *= low / (odds * (n - low + 1));
      low--;
      left -= atLow;
      if (left <= 0) return low;
    }
    if (atLow < 1e-300 && atHigh < 1e-300) break; // what is left is rounding
  }
  return mode;
}
