// Arithmetic that the kernels share.

/** a * b + c: one rounding where the build has relaxed SIMD, two elsewhere. */
@inline
export function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

/** Adds four float32 to four float64 in memory. */
@inline
export function addToDoubles(target: usize, value: v128): void {
  const high = v128.shuffle<i64>(value, value, 1, 0);
  v128.store(target, f64x2.add(v128.load(target), f64x2.promote_low_f32x4(value)));
  v128.store(target, f64x2.add(v128.load(target, 16), f64x2.promote_low_f32x4(high)), 16);
}

/** Sum of the four lanes. */
@inline
export function sumLanes(value: v128): f32 {
  return (
    f32x4.extract_lane(value, 0) + f32x4.extract_lane(value, 1) + (f32x4.extract_lane(value, 2) + f32x4.extract_lane(value, 3))
  );
}

/**
 * exp(x) - 1 for x <= 0, to a few units in the last place: x = n ln 2 + r, then 2^n (exp(r) - 1) + (2^n - 1).
 * Coefficients and the split of ln 2: Moshier, Cephes Mathematical Library, expf.
 */
@inline
export function expMinusOne(x: v128): v128 {
  // Below -87 the result is -1 and 2^n would leave the range of float32. pmax(x, floor) keeps a NaN.
  const bounded = f32x4.pmax(x, f32x4.splat(-87));
  const n = f32x4.nearest(f32x4.mul(bounded, f32x4.splat(1.44269504088896341)));
  let r = multiplyAdd(n, f32x4.splat(-0.693359375), bounded);
  r = multiplyAdd(n, f32x4.splat(2.12194440e-4), r);
  let p = f32x4.splat(1.9875691500e-4);
  p = multiplyAdd(p, r, f32x4.splat(1.3981999507e-3));
  p = multiplyAdd(p, r, f32x4.splat(8.3334519073e-3));
  p = multiplyAdd(p, r, f32x4.splat(4.1665795894e-2));
  p = multiplyAdd(p, r, f32x4.splat(1.6666665459e-1));
  p = multiplyAdd(p, r, f32x4.splat(5.0000001201e-1));
  p = multiplyAdd(f32x4.mul(p, r), r, r);
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
  return multiplyAdd(power, p, f32x4.sub(power, f32x4.splat(1)));
}
