// The two loops over all variables of sequential minimal optimisation. AssemblyScript; no arrays, strings or classes, so
// no runtime and no data segment. Pointers are in bytes; the kernel is float32, all else float64, `row` int32.
//
// Nothing is fused and no sum is reordered: every number has the bits of smoLoops.ts, so each choice is the same.

/** Two kernel values of a row, as float64: of the places t and t + 1. */
@inline
function pairAt(kernelRow: usize, row: usize, t: i32, inOrder: bool): v128 {
  if (inOrder) return f64x2.promote_low_f32x4(v128.load64_zero(kernelRow + (<usize>t << 2)));
  const at = row + (<usize>t << 2);
  const first = f64x2.splat(<f64>load<f32>(kernelRow + (<usize>load<i32>(at) << 2)));
  return f64x2.replace_lane(first, 1, <f64>load<f32>(kernelRow + (<usize>load<i32>(at, 4) << 2)));
}

@inline
function oneAt(kernelRow: usize, row: usize, t: i32): f64 {
  return <f64>load<f32>(kernelRow + (<usize>load<i32>(row + (<usize>t << 2)) << 2));
}

/** Of two lanes' best values and places, the place of the better, and of equals the later. */
@inline
function laterOfBest(values: v128, places: v128): i32 {
  const a = f64x2.extract_lane(values, 0);
  const b = f64x2.extract_lane(values, 1);
  const placeA = <i32>i64x2.extract_lane(places, 0);
  const placeB = <i32>i64x2.extract_lane(places, 1);
  if (a > b) return placeA;
  if (b > a) return placeB;
  return placeA > placeB ? placeA : placeB;
}

/**
 * gradient += kernel of row I · changeI + kernel of row J · changeJ; returns the place of the largest upward - gradient,
 * the last of equals.
 */
export function updateAndChooseFirst(
  gradient: usize,
  upward: usize,
  row: usize,
  kernelI: usize,
  kernelJ: usize,
  changeI: f64,
  changeJ: f64,
  active: i32,
  inOrder: bool,
): i32 {
  const byI = f64x2.splat(changeI);
  const byJ = f64x2.splat(changeJ);
  let best = f64x2.splat(-Infinity);
  let places = i64x2.splat(-1);
  let here = i64x2(0, 1);
  const two = i64x2.splat(2);
  const pairs = active & ~1;
  for (let t = 0; t < pairs; t += 2) {
    const at = <usize>t << 3;
    const sum = f64x2.add(
      f64x2.mul(pairAt(kernelI, row, t, inOrder), byI),
      f64x2.mul(pairAt(kernelJ, row, t, inOrder), byJ),
    );
    const value = f64x2.add(v128.load(gradient + at), sum);
    v128.store(gradient + at, value);
    const rise = f64x2.sub(v128.load(upward + at), value);
    const isBetter = f64x2.ge(rise, best);
    best = v128.bitselect(rise, best, isBetter);
    places = v128.bitselect(here, places, isBetter);
    here = i64x2.add(here, two);
  }
  let place = laterOfBest(best, places);
  if (pairs < active) {
    const at = <usize>pairs << 3;
    const value =
      load<f64>(gradient + at) + (oneAt(kernelI, row, pairs) * changeI + oneAt(kernelJ, row, pairs) * changeJ);
    store<f64>(gradient + at, value);
    const rise = load<f64>(upward + at) - value;
    if (place < 0 || rise >= load<f64>(upward + (<usize>place << 3)) - load<f64>(gradient + (<usize>place << 3))) {
      place = pairs;
    }
  }
  return place;
}

/**
 * The place of the largest gain beside a first one whose upward - gradient is `largest` and whose kernel with itself is
 * `own`, the last of equals; -1 where no violation reaches the tolerance.
 */
export function chooseSecond(
  gradient: usize,
  downward: usize,
  diagonal: usize,
  row: usize,
  kernelRow: usize,
  largest: f64,
  own: f64,
  tolerance: f64,
  active: i32,
  inOrder: bool,
): i32 {
  const top = f64x2.splat(largest);
  const owns = f64x2.splat(own);
  const zero = f64x2.splat(0);
  const tau = f64x2.splat(1e-12);
  const twice = f64x2.splat(2);
  let worst = f64x2.splat(-Infinity);
  let best = f64x2.splat(f64.MIN_VALUE);
  let places = i64x2.splat(-1);
  let here = i64x2(0, 1);
  const two = i64x2.splat(2);
  const pairs = active & ~1;
  for (let t = 0; t < pairs; t += 2) {
    const at = <usize>t << 3;
    const violation = f64x2.add(top, f64x2.add(v128.load(gradient + at), v128.load(downward + at)));
    worst = f64x2.max(worst, violation);
    const shared = f64x2.mul(twice, pairAt(kernelRow, row, t, inOrder));
    let curvature = f64x2.sub(f64x2.add(owns, v128.load(diagonal + at)), shared);
    curvature = v128.bitselect(curvature, tau, f64x2.gt(curvature, zero));
    const positive = f64x2.max(violation, zero);
    const gain = f64x2.div(f64x2.mul(positive, positive), curvature);
    const isBetter = f64x2.ge(gain, best);
    best = v128.bitselect(gain, best, isBetter);
    places = v128.bitselect(here, places, isBetter);
    here = i64x2.add(here, two);
  }
  let place = laterOfBest(best, places);
  let most = max(f64x2.extract_lane(worst, 0), f64x2.extract_lane(worst, 1));
  if (pairs < active) {
    const at = <usize>pairs << 3;
    const violation = largest + (load<f64>(gradient + at) + load<f64>(downward + at));
    most = max(most, violation);
    let curvature = own + load<f64>(diagonal + at) - 2 * oneAt(kernelRow, row, pairs);
    if (!(curvature > 0)) curvature = 1e-12;
    const highest = max(f64x2.extract_lane(best, 0), f64x2.extract_lane(best, 1));
    if (violation > 0 && (violation * violation) / curvature >= highest) place = pairs;
  }
  return most >= tolerance ? place : -1;
}
