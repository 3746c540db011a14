// Fourier transform of four frames at a time, one in each lane of a vector. A complex point is two vectors, 32 bytes.
import { multiplyAdd } from '../../simd/assembly/arithmetic';

/** c - a * b in as many roundings as multiplyAdd takes. */
@inline
export function subtractProduct(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_nmadd(a, b, c);
  return f32x4.sub(c, f32x4.mul(a, b));
}

/**
 * Four frames times the window, as nFft / 2 points: even samples are the real parts, odd ones the imaginary parts.
 *
 * @param a First sample of a frame, and so `b`, `c`, `d`. nFft is a multiple of 4.
 */
function loadFrames(a: usize, b: usize, c: usize, d: usize, window: usize, nFft: i32, target: usize): void {
  const end = window + <usize>nFft * 4;
  for (; window < end; window += 16) {
    const w = v128.load(window);
    const xa = f32x4.mul(v128.load(a), w), xb = f32x4.mul(v128.load(b), w);
    const xc = f32x4.mul(v128.load(c), w), xd = f32x4.mul(v128.load(d), w);
    const ab = v128.shuffle<i32>(xa, xb, 0, 4, 1, 5), cd = v128.shuffle<i32>(xc, xd, 0, 4, 1, 5);
    const abHigh = v128.shuffle<i32>(xa, xb, 2, 6, 3, 7), cdHigh = v128.shuffle<i32>(xc, xd, 2, 6, 3, 7);
    v128.store(target, v128.shuffle<i64>(ab, cd, 0, 2));
    v128.store(target, v128.shuffle<i64>(ab, cd, 1, 3), 16);
    v128.store(target, v128.shuffle<i64>(abHigh, cdHigh, 0, 2), 32);
    v128.store(target, v128.shuffle<i64>(abHigh, cdHigh, 1, 3), 48);
    a += 16; b += 16; c += 16; d += 16;
    target += 64;
  }
}

/**
 * One radix-4 pass of Stockham's algorithm, which sorts as it goes: `groups` butterflies of different twiddle factors,
 * each over `stride` bytes of points.
 *
 * @param quarter Bytes of a quarter of all points.
 * @param twiddles w, w^2, w^3 for each group but the first, which has ones.
 */
function radix4(source: usize, target: usize, groups: i32, stride: usize, quarter: usize, twiddles: usize): void {
  for (let at: usize = 0; at < stride; at += 32) butterfly(source + at, target + at, stride, quarter, 0);
  for (let group = 1; group < groups; group++) {
    source += stride;
    target += 4 * stride;
    for (let at: usize = 0; at < stride; at += 32) butterfly(source + at, target + at, stride, quarter, twiddles);
    twiddles += 24;
  }
}

@inline
function butterfly(x: usize, y: usize, stride: usize, quarter: usize, twiddles: usize): void {
  const x1 = x + quarter;
  const x2 = x1 + quarter;
  const x3 = x2 + quarter;
  const ar = v128.load(x), ai = v128.load(x, 16), cr = v128.load(x2), ci = v128.load(x2, 16);
  const sumR = f32x4.add(ar, cr), sumI = f32x4.add(ai, ci);
  const differenceR = f32x4.sub(ar, cr), differenceI = f32x4.sub(ai, ci);
  const br = v128.load(x1), bi = v128.load(x1, 16), dr = v128.load(x3), di = v128.load(x3, 16);
  const otherSumR = f32x4.add(br, dr), otherSumI = f32x4.add(bi, di);
  // i * (b - d)
  const turnedR = f32x4.sub(di, bi), turnedI = f32x4.sub(br, dr);
  v128.store(y, f32x4.add(sumR, otherSumR));
  v128.store(y, f32x4.add(sumI, otherSumI), 16);
  storeTimes(y + stride, f32x4.sub(differenceR, turnedR), f32x4.sub(differenceI, turnedI), twiddles);
  storeTimes(y + 2 * stride, f32x4.sub(sumR, otherSumR), f32x4.sub(sumI, otherSumI), twiddles ? twiddles + 8 : 0);
  storeTimes(y + 3 * stride, f32x4.add(differenceR, turnedR), f32x4.add(differenceI, turnedI), twiddles ? twiddles + 16 : 0);
}

/** The product of a point and a factor, the same for all lanes; 0 for a factor of one. */
@inline
function storeTimes(target: usize, real: v128, imag: v128, factor: usize): void {
  if (factor) {
    const c = v128.load32_splat(factor), s = v128.load32_splat(factor, 4);
    v128.store(target, subtractProduct(imag, s, f32x4.mul(real, c)));
    v128.store(target, multiplyAdd(real, s, f32x4.mul(imag, c)), 16);
  } else {
    v128.store(target, real);
    v128.store(target, imag, 16);
  }
}

/** The last pass where the number of points is no power of four. */
function radix2(source: usize, target: usize, half: usize): void {
  for (let at: usize = 0; at < half; at += 16) {
    const a = v128.load(source + at), b = v128.load(source + half + at);
    v128.store(target + at, f32x4.add(a, b));
    v128.store(target + half + at, f32x4.sub(a, b));
  }
}

/**
 * Transform of `points` complex points (a power of two) in `source`; `other` is as large.
 *
 * @param twiddles Pass by pass, as `radix4` takes them.
 * @returns Where the result is, one of the two.
 */
export function transform(source: usize, other: usize, points: i32, twiddles: usize): usize {
  const quarter = <usize>points * 8;
  let stride: usize = 32;
  let left = points;
  for (; left >= 4; left >>= 2) {
    const groups = left >> 2;
    radix4(source, other, groups, stride, quarter, twiddles);
    twiddles += <usize>(groups - 1) * 24;
    stride <<= 2;
    const swap = source;
    source = other;
    other = swap;
  }
  if (left < 2) return source;
  radix2(source, other, quarter * 2);
  return other;
}

/**
 * Transform of four real frames, still to be split: with Z its points, X[k] = (Z[k] + conj(Z[M - k])) - i W^k (Z[k] -
 * conj(Z[M - k])), M = nFft / 2, W = exp(-2 pi i / nFft), where `window` is half of the window.
 */
export function transformFrames(
  a: usize, b: usize, c: usize, d: usize, nFft: i32, window: usize, twiddles: usize, buffer: usize, other: usize,
): usize {
  loadFrames(a, b, c, d, window, nFft, buffer);
  return transform(buffer, other, nFft >> 1, twiddles);
}
