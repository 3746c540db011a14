/** The beta distribution: what intervals of proportions are made of. */

/**
 * The regularised incomplete beta function I_x(a, b): P(X <= x) for X ~ Beta(a, b).
 *
 * The continued fraction of DLMF 8.17.22, evaluated by Lentz's method as modified by Thompson and Barnett (1986), on
 * the side where it converges fast. Same numbers as scipy 1.17 `special.betainc` within 1e-12.
 *
 * @param x In [0, 1].
 * @param a > 0.
 * @param b > 0.
 * @throws RangeError if an argument is out of range.
 * @example incompleteBeta(0.5, 2, 2) // 0.5
 */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (!(x >= 0 && x <= 1 && a > 0 && b > 0)) {
    throw new RangeError(`incompleteBeta: needs x in [0, 1], a > 0 and b > 0; got x=${x}, a=${a}, b=${b}.`);
  }
  if (x === 0 || x === 1) return x;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) - logBeta(a, b)) / a;
  return front / continuedFraction(x, a, b);
}

/**
 * The x for which `incompleteBeta(x, a, b)` is `probability`, by bisection to the last bit.
 *
 * @throws RangeError if `probability` lies outside [0, 1], or a parameter is not > 0.
 * @example betaQuantile(0.975, 1, 1) // 0.975
 */
export function betaQuantile(probability: number, a: number, b: number): number {
  if (!(probability >= 0 && probability <= 1)) {
    throw new RangeError(`betaQuantile: probability must lie in [0, 1]; got ${probability}.`);
  }
  let [low, high] = [0, 1];
  for (let step = 0; step < 100; step++) {
    const middle = (low + high) / 2;
    if (incompleteBeta(middle, a, b) < probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** ln Γ(x) for x > 0: Stirling's series (DLMF 5.11.1) from x >= 10 on, reached by Γ(x + 1) = x · Γ(x). */
export function logGamma(x: number): number {
  let shift = 0;
  let z = x;
  for (; z < 10; z++) shift += Math.log(z);
  const r = 1 / (z * z);
  const series =
    (1 / 12 - r * (1 / 360 - r * (1 / 1260 - r * (1 / 1680 - r * (1 / 1188 - r * (691 / 360360)))))) / z;
  return (z - 0.5) * Math.log(z) - z + Math.log(2 * Math.PI) / 2 + series - shift;
}

function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b);
}

/** 1 + d1·x / (1 + d2·x / (1 + …)) with the coefficients of DLMF 8.17.23. */
function continuedFraction(x: number, a: number, b: number): number {
  let value = 1;
  let c = 1;
  let d = 0;
  for (let term = 1; term < 10_000; term++) {
    const m = term >> 1;
    const coefficient =
      term % 2 === 0
        ? (m * (b - m)) / ((a + 2 * m - 1) * (a + 2 * m))
        : (-(a + m) * (a + b + m)) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / awayFromZero(1 + coefficient * x * d);
    c = awayFromZero(1 + (coefficient * x) / c);
    value *= c * d;
    if (Math.abs(c * d - 1) < 1e-16) break;
  }
  return value;
}

function awayFromZero(value: number): number {
  return value === 0 ? 1e-300 : value;
}
