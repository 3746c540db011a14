/** Confidence intervals by resampling clips with replacement. */

import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

export interface BootstrapOptions {
  /** Seed of the resampling, an integer. */
  seed: number;
  /** Number of resamples, >= 1. Default 1000. */
  resamples?: number;
  /** Confidence in (0, 1). Default 0.95. */
  level?: number;
}

export interface BootstrapInterval {
  /** [lower, upper] end; null where the statistic was NaN in every resample. */
  interval: [number, number] | null;
  /** Resamples left out because the statistic was NaN there, e.g. no positive clip was drawn. */
  ignored: number;
}

/**
 * Percentile bootstrap interval of any statistic of n clips.
 *
 * Efron and Tibshirani, "An Introduction to the Bootstrap" (1993), chapter 13. Resamples where the statistic is NaN
 * are left out and counted. Too narrow where clips are few, and of no width where the statistic is at its maximum.
 *
 * @param n Number of clips, >= 1.
 * @param statistic Called with the `n` clip indices of a resample, each in [0, n); the array is reused between calls.
 * @throws RangeError if `n`, `seed`, `resamples` or `level` is out of range.
 * @example bootstrapInterval(hits.length, (clips) => mean(clips, hits), { seed: 1 })
 */
export function bootstrapInterval(
  n: number,
  statistic: (indices: Int32Array) => number,
  { seed, resamples = 1000, level = 0.95 }: BootstrapOptions,
): BootstrapInterval {
  const values = new Float64Array(resamples);
  let resample = 0;
  for (const indices of drawResamples(n, { seed, resamples })) values[resample++] = statistic(indices);
  return percentileInterval(values, level);
}

/**
 * Yields `resamples` times n clip indices drawn with replacement; the same array each time, refilled.
 *
 * @throws RangeError if `n` or `resamples` is not a whole number >= 1, or `seed` is not an integer.
 */
export function* drawResamples(
  n: number,
  { seed, resamples }: { seed: number; resamples: number },
): Generator<Int32Array> {
  requireCount('n', n);
  requireCount('resamples', resamples);
  if (!Number.isInteger(seed)) throw new RangeError(`bootstrap: seed must be an integer; got ${seed}.`);

  const random = xoroshiro128plus(seed);
  const indices = new Int32Array(n);
  for (let resample = 0; resample < resamples; resample++) {
    for (let i = 0; i < n; i++) indices[i] = uniformInt(random, 0, n - 1);
    yield indices;
  }
}

/**
 * The central `level` of the values, NaN left out; percentiles interpolate linearly, as numpy's do by default.
 *
 * @throws RangeError if `level` lies outside (0, 1).
 */
export function percentileInterval(values: Float64Array, level = 0.95): BootstrapInterval {
  if (!(level > 0 && level < 1)) {
    throw new RangeError(`bootstrap: level must lie between 0 and 1; got ${level}. Pass 0.95 for 95 %.`);
  }
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  const quantile = (q: number): number => {
    const position = q * (sorted.length - 1);
    const below = Math.floor(position);
    const above = Math.ceil(position);
    return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
  };
  const tail = (1 - level) / 2;
  return {
    interval: sorted.length === 0 ? null : [quantile(tail), quantile(1 - tail)],
    ignored: values.length - sorted.length,
  };
}

function requireCount(name: string, value: number): void {
  if (Number.isInteger(value) && value >= 1) return;
  throw new RangeError(`bootstrap: ${name} must be a whole number >= 1; got ${value}.`);
}
