// Gradient of a spectrogram by its window or its waveform. With X the transform of a frame times the window and G = 2 dP X
// (for the magnitude dP X / |X|), the frame's gradient is g[n] = sum over bins of Re(G[k] exp(+2 pi i k n / nFft)).
import { multiplyAdd } from '../../simd/assembly/arithmetic';
import { subtractProduct, transform, transformFrames } from './fourier';

/** `rows` (1 to 4) rows of `columns` values to [columns][4 lanes], zeros in lanes without a row. */
function loadRows(source: usize, columns: i32, rows: i32, target: usize): void {
  const row = <usize>columns * 4;
  const end = source + row;
  for (; source < end; source += 4) {
    let value = v128.load32_zero(source);
    if (rows > 1) value = v128.load_lane<f32>(source + row, value, 1);
    if (rows > 2) value = v128.load_lane<f32>(source + 2 * row, value, 2);
    if (rows > 3) value = v128.load_lane<f32>(source + 3 * row, value, 3);
    v128.store(target, value);
    target += 16;
  }
}

/** What dP is to be multiplied by besides X, halved since a bin stands for its conjugate too. */
@inline
function slope(gradient: v128, real: v128, imag: v128, power: i32): v128 {
  if (power == 2) return gradient;
  const squared = multiplyAdd(real, real, f32x4.mul(imag, imag));
  // As the composite: below 1e-15 a magnitude is constant.
  const passes = f32x4.ge(squared, f32x4.splat(1e-30));
  const half = f32x4.mul(gradient, f32x4.splat(0.5));
  return v128.and(f32x4.div(half, f32x4.sqrt(f32x4.max(squared, f32x4.splat(1e-30)))), passes);
}

/**
 * Turns the points of `transformFrames` into points whose transform is the conjugate of the frames' gradients (even
 * samples real, odd ones imaginary), in place. With H = G / 2 (G where a bin is its own conjugate), that is
 * (conj(H[k]) + H[M - k]) - i W^k (conj(H[k]) - H[M - k]).
 *
 * @param count M = nFft / 2.
 * @param gradients dP, [M + 1][4 lanes].
 */
function pullBack(points: usize, count: i32, split: usize, power: i32, gradients: usize): void {
  let low = points;
  let high = points;
  let mirrored = gradients + <usize>count * 16;
  for (; gradients <= mirrored; gradients += 16) {
    const lr = v128.load(low), li = v128.load(low, 16), hr = v128.load(high), hi = v128.load(high, 16);
    const c = v128.load32_splat(split), s = v128.load32_splat(split, 4);
    // X[k] and the conjugate of X[M - k], as in the forward pass.
    const sumR = f32x4.add(lr, hr), sumI = f32x4.sub(li, hi);
    const differenceR = f32x4.sub(lr, hr), differenceI = f32x4.add(li, hi);
    const turnedR = multiplyAdd(differenceR, s, f32x4.mul(differenceI, c));
    const turnedI = subtractProduct(differenceR, c, f32x4.mul(differenceI, s));
    const xr = f32x4.add(sumR, turnedR), xi = f32x4.add(sumI, turnedI);
    const yr = f32x4.sub(sumR, turnedR), yi = f32x4.sub(sumI, turnedI);
    let p = slope(v128.load(gradients), xr, xi, power);
    let q = slope(v128.load(mirrored), yr, yi, power);
    if (low == points) {
      p = f32x4.add(p, p);
      q = f32x4.add(q, q);
    }
    const ar = f32x4.mul(p, xr), ai = f32x4.mul(p, xi), br = f32x4.mul(q, yr), bi = f32x4.mul(q, yi);
    // With b the conjugate of H[M - k]: conj(a) + conj(b), and i W^k (conj(a) - conj(b)).
    const totalR = f32x4.add(ar, br), totalI = f32x4.neg(f32x4.add(ai, bi));
    const restR = f32x4.sub(ar, br), restI = f32x4.sub(bi, ai);
    const partR = f32x4.neg(multiplyAdd(restR, s, f32x4.mul(restI, c)));
    const partI = subtractProduct(restI, s, f32x4.mul(restR, c));
    v128.store(low, f32x4.sub(totalR, partR));
    v128.store(low, f32x4.sub(totalI, partI), 16);
    if (low == points) high = points + <usize>(count - 1) * 32;
    else {
      v128.store(high, f32x4.add(totalR, partR));
      v128.store(high, f32x4.neg(f32x4.add(totalI, partI)), 16);
      high -= 32;
    }
    low += 32;
    mirrored -= 16;
    split += 8;
  }
}

@inline
function addProduct(target: usize, a: v128, b: v128): void {
  v128.store(target, multiplyAdd(a, b, v128.load(target)));
}

/**
 * @param signal Padded waveform and other parameters as in `spectrogram`; scratch as there with no bands.
 * @param gradient dP, rows of nFft / 2 + 1 values.
 * @param dWindow f32 [nFft], added to; 0 where nobody asks.
 * @param dSignal Where the gradient by the first frame's first sample is added to; 0 where nobody asks.
 */
export function spectrogramGradient(
  signal: usize, hop: usize, frames: i32, nFft: i32, tables: usize, power: i32, scratch: usize,
  gradient: usize, dWindow: usize, dSignal: usize,
): void {
  const half = nFft >> 1;
  const split = tables + <usize>nFft * 4;
  const twiddles = split + <usize>((half >> 1) + 1) * 8;
  const other = scratch + <usize>nFft * 16;
  const bins = other + <usize>nFft * 16;
  const two = f32x4.splat(2);
  for (let frame = 0; frame < frames; frame += 4) {
    const rows = min(4, frames - frame);
    const b = rows > 1 ? hop : 0;
    const c = rows > 2 ? b + hop : b;
    const d = rows > 3 ? c + hop : c;
    const points = transformFrames(signal, signal + b, signal + c, signal + d, nFft, tables, twiddles, scratch, other);
    loadRows(gradient, half + 1, rows, bins);
    pullBack(points, half, split, power, bins);
    let value = transform(points, points == scratch ? other : scratch, half, twiddles);
    for (let at: usize = 0; at < <usize>nFft * 4; at += 16) {
      const x0 = v128.load(value), x1 = f32x4.neg(v128.load(value, 16));
      const x2 = v128.load(value, 32), x3 = f32x4.neg(v128.load(value, 48));
      value += 64;
      const low01 = v128.shuffle<i32>(x0, x1, 0, 4, 1, 5), low23 = v128.shuffle<i32>(x2, x3, 0, 4, 1, 5);
      const high01 = v128.shuffle<i32>(x0, x1, 2, 6, 3, 7), high23 = v128.shuffle<i32>(x2, x3, 2, 6, 3, 7);
      const ga = v128.shuffle<i64>(low01, low23, 0, 2), gb = v128.shuffle<i64>(low01, low23, 1, 3);
      const gc = v128.shuffle<i64>(high01, high23, 0, 2), gd = v128.shuffle<i64>(high01, high23, 1, 3);
      const x = signal + at;
      if (dWindow) {
        // A lane without a row repeats the last frame, with a gradient of zeros.
        const target = dWindow + at;
        addProduct(target, ga, v128.load(x));
        addProduct(target, gb, v128.load(x + b));
        addProduct(target, gc, v128.load(x + c));
        addProduct(target, gd, v128.load(x + d));
      }
      if (dSignal) {
        const w = f32x4.mul(v128.load(tables + at), two);
        const target = dSignal + at;
        addProduct(target, ga, w);
        if (rows > 1) addProduct(target + b, gb, w);
        if (rows > 2) addProduct(target + c, gc, w);
        if (rows > 3) addProduct(target + d, gd, w);
      }
    }
    gradient += <usize>(rows * (half + 1)) * 4;
    signal += d + hop;
    if (dSignal) dSignal += d + hop;
  }
}
