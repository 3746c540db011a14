// The logarithm, and decibels relative to a clip's own peak.
import { multiplyAdd } from '../../simd/assembly/arithmetic';

/**
 * ln(x) for x >= 2^-126, to a few units in the last place: x = 2^e (1 + f), f between sqrt(1/2) - 1 and sqrt(2) - 1.
 * Infinity and NaN become NaN. Coefficients and the split of ln 2: Moshier, Cephes Mathematical Library, logf.
 */
@inline
function naturalLog(x: v128): v128 {
  const small = f32x4.lt(
    v128.or(v128.and(x, i32x4.splat(0x007fffff)), i32x4.splat(0x3f000000)), f32x4.splat(0.707106781186547524),
  );
  const mantissa = v128.or(v128.and(x, i32x4.splat(0x007fffff)), i32x4.splat(0x3f000000));
  // A true comparison is -1.
  const e = f32x4.convert_i32x4_s(i32x4.add(i32x4.sub(i32x4.shr_u(x, 23), i32x4.splat(126)), small));
  const f = f32x4.sub(f32x4.add(mantissa, v128.and(mantissa, small)), f32x4.splat(1));
  const z = f32x4.mul(f, f);
  let p = f32x4.splat(7.0376836292e-2);
  p = multiplyAdd(p, f, f32x4.splat(-1.1514610310e-1));
  p = multiplyAdd(p, f, f32x4.splat(1.1676998740e-1));
  p = multiplyAdd(p, f, f32x4.splat(-1.2420140846e-1));
  p = multiplyAdd(p, f, f32x4.splat(1.4249322787e-1));
  p = multiplyAdd(p, f, f32x4.splat(-1.6668057665e-1));
  p = multiplyAdd(p, f, f32x4.splat(2.0000714765e-1));
  p = multiplyAdd(p, f, f32x4.splat(-2.4999993993e-1));
  p = multiplyAdd(p, f, f32x4.splat(3.3333331174e-1));
  p = f32x4.mul(f32x4.mul(p, f), z);
  p = multiplyAdd(e, f32x4.splat(-2.12194440e-4), p);
  p = multiplyAdd(z, f32x4.splat(-0.5), p);
  p = multiplyAdd(e, f32x4.splat(0.693359375), f32x4.add(f, p));
  return multiplyAdd(x, f32x4.splat(0), p);
}

/** 10 log10(max(x, amin)); a NaN stays. */
@inline
export function decibelsOf(x: v128, amin: v128): v128 {
  // pmax(x, y) is one instruction where max, which looks after NaNs in y and zeros of either sign, is eight.
  return f32x4.mul(naturalLog(f32x4.pmax(x, amin)), f32x4.splat(4.342944819032518));
}

/**
 * values = max(values - reference, floor).
 *
 * @param parameters f32 reference, floor.
 */
export function limitDecibels(values: usize, count: i32, parameters: usize): void {
  const reference = v128.load32_splat(parameters), floor = v128.load32_splat(parameters, 4);
  const end = values + <usize>count * 4;
  for (; values + 16 <= end; values += 16) {
    v128.store(values, f32x4.max(f32x4.sub(v128.load(values), reference), floor));
  }
  for (; values < end; values += 4) {
    store<f32>(values, max(load<f32>(values) - load<f32>(parameters), load<f32>(parameters, 4)));
  }
}
