// 3 x 3 convolution with a quarter of the products: F(4x4, 3x3) of Lavin and Gray, "Fast Algorithms for Convolutional
// Neural Networks", CVPR 2016. 4 x 4 values come from the 36 products of a transformed 6 x 6 piece of the input and a
// transformed kernel. The points are 0, +-sqrt(1/2), +-sqrt(2) and infinity: with them rounding errors are twice those of
// the plain sum, with the usual 0, +-1, +-2 four times, by a float32 simulation of 32 channels.
import { multiplyAdd } from '../../simd/assembly/arithmetic';

export const near: f32 = 0.70710678118654752;
export const far: f32 = 1.41421356237309505;

/** Tiles of 4 x 4 values that are worked on together, side by side. */
export const mostTiles = 16;

/**
 * Convolution of `rows` x `width` pixels as `convolve` has it, of a 3 x 3 kernel.
 *
 * @param inputPixel Bytes of a pixel of the input: its channels are a multiple of 4, at least 16.
 * @param weights [tiles][36][channels][16], by `transformKernel`.
 * @param scratch As much as `planConvolution` of winograd.ts gives.
 */
export function convolveByWinograd(
  input: usize, inputRow: usize, inputPixel: usize, weights: usize, tiles: i32,
  output: usize, outputRow: usize, outputPixel: usize, rows: i32, width: i32, scratch: usize,
): void {
  const across = min(mostTiles, (width + 3) >> 2);
  // The rows of results lie where the input's transformed rows did.
  const spectra = scratch + 6 * <usize>(4 * across + 2) * inputPixel;
  const products = spectra + 36 * <usize>across * inputPixel;
  for (let row = 0; row < rows; row += 4) {
    for (let left = 0; left < width; left += 4 * across) {
      const count = min(across, (width - left + 3) >> 2);
      const corner = input + <usize>row * inputRow + <usize>left * inputPixel;
      transformRows(corner, inputRow, inputPixel, min(6, rows + 2 - row), min(4 * count, width - left) + 2, 4 * count + 2, scratch);
      transformColumns(scratch, inputPixel, count, spectra, <usize>count * inputPixel);
      for (let tile = 0; tile < tiles; tile++) {
        multiply(spectra, inputPixel, count, weights + <usize>tile * 36 * inputPixel * 16, products);
        joinColumns(products, count, scratch);
        const target = output + <usize>row * outputRow + <usize>left * outputPixel + <usize>tile * 64;
        joinRows(scratch, <usize>count * 256, min(4, rows - row), min(4 * count, width - left), target, outputRow, outputPixel);
      }
    }
  }
}

/** The transform of the input down its columns: `rows` x `columns` pixels to [6][allColumns][channels]. */
export function transformRows(
  input: usize, inputRow: usize, pixel: usize, rows: i32, columns: i32, allColumns: i32, target: usize,
): void {
  const bytes = <usize>columns * pixel;
  const row = <usize>allColumns * pixel;
  // What lies beyond the last row or column enters values only that are not asked for; so these stand in for it.
  const x1 = <usize>min(1, rows - 1) * inputRow, x2 = <usize>min(2, rows - 1) * inputRow, x3 = <usize>min(3, rows - 1) * inputRow;
  const x4 = <usize>min(4, rows - 1) * inputRow, x5 = <usize>min(5, rows - 1) * inputRow;
  for (let at: usize = 0; at < bytes; at += 16) {
    const x = input + at;
    const y = target + at;
    const d0 = v128.load(x), d1 = v128.load(x + x1), d2 = v128.load(x + x2);
    const d3 = v128.load(x + x3), d4 = v128.load(x + x4), d5 = v128.load(x + x5);
    v128.store(y, end(d0, d2, d4));
    const nearEven = even(d2, d4, -2), nearOdd = odd(d1, d3, -far, near);
    v128.store(y + row, f32x4.add(nearEven, nearOdd));
    v128.store(y + 2 * row, f32x4.sub(nearEven, nearOdd));
    const farEven = even(d2, d4, -0.5), farOdd = odd(d1, d3, -near, far);
    v128.store(y + 3 * row, f32x4.add(farEven, farOdd));
    v128.store(y + 4 * row, f32x4.sub(farEven, farOdd));
    v128.store(y + 5 * row, end(d1, d3, d5));
  }
  for (let column = <usize>columns; column < <usize>allColumns; column++) {
    for (let i: usize = 0; i < 6; i++) memory.copy(target + i * row + column * pixel, target + i * row + bytes - pixel, pixel);
  }
}

/** The transform along its rows: [6][4 x count + 2][channels] to `count` rows of channels in each of 36 planes. */
export function transformColumns(input: usize, pixel: usize, count: i32, target: usize, plane: usize): void {
  for (let i = 0; i < 6; i++) {
    let x = input + <usize>i * <usize>(4 * count + 2) * pixel;
    let y = target + 6 * <usize>i * plane;
    for (let t = 0; t < count; t++) {
      for (const stop = x + pixel; x < stop; x += 16) {
        const d0 = v128.load(x), d1 = v128.load(x + pixel), d2 = v128.load(x + 2 * pixel);
        const d3 = v128.load(x + 3 * pixel), d4 = v128.load(x + 4 * pixel), d5 = v128.load(x + 5 * pixel);
        v128.store(y, end(d0, d2, d4));
        const nearEven = even(d2, d4, -2), nearOdd = odd(d1, d3, -far, near);
        v128.store(y + plane, f32x4.add(nearEven, nearOdd));
        v128.store(y + 2 * plane, f32x4.sub(nearEven, nearOdd));
        const farEven = even(d2, d4, -0.5), farOdd = odd(d1, d3, -near, far);
        v128.store(y + 3 * plane, f32x4.add(farEven, farOdd));
        v128.store(y + 4 * plane, f32x4.sub(farEven, farOdd));
        v128.store(y + 5 * plane, end(d1, d3, d5));
        y += 16;
      }
      x += 3 * pixel;
    }
  }
}

@inline
function end(a: v128, b: v128, c: v128): v128 {
  return f32x4.add(multiplyAdd(b, f32x4.splat(-2.5), a), c);
}

@inline
function even(d2: v128, d4: v128, factor: f32): v128 {
  return multiplyAdd(d2, f32x4.splat(factor), d4);
}

@inline
function odd(d1: v128, d3: v128, first: f32, third: f32): v128 {
  return multiplyAdd(d1, f32x4.splat(first), f32x4.mul(d3, f32x4.splat(third)));
}

/** Of each of the 36 planes [count][channels] the product with [channels][16], to [36][count][16]; 2 rows at a time. */
function multiply(planes: usize, pixel: usize, count: i32, weights: usize, target: usize): void {
  for (let plane = 0; plane < 36; plane++) {
    for (let t = 0; t < count; t += 2) {
      const ahead = t + 1 < count ? pixel : 0;
      let a0 = f32x4.splat(0), a1 = f32x4.splat(0), a2 = f32x4.splat(0), a3 = f32x4.splat(0);
      let b0 = f32x4.splat(0), b1 = f32x4.splat(0), b2 = f32x4.splat(0), b3 = f32x4.splat(0);
      let w = weights;
      let x = planes + <usize>t * pixel;
      const stop = x + pixel;
      do {
        const w0 = v128.load(w), w1 = v128.load(w, 16), w2 = v128.load(w, 32), w3 = v128.load(w, 48);
        const xa = v128.load32_splat(x);
        a0 = multiplyAdd(xa, w0, a0);
        a1 = multiplyAdd(xa, w1, a1);
        a2 = multiplyAdd(xa, w2, a2);
        a3 = multiplyAdd(xa, w3, a3);
        const xb = v128.load32_splat(x + ahead);
        b0 = multiplyAdd(xb, w0, b0);
        b1 = multiplyAdd(xb, w1, b1);
        b2 = multiplyAdd(xb, w2, b2);
        b3 = multiplyAdd(xb, w3, b3);
        x += 4;
        w += 64;
      } while (x < stop);
      v128.store(target, a0); v128.store(target, a1, 16); v128.store(target, a2, 32); v128.store(target, a3, 48);
      target += 64;
      if (ahead) {
        v128.store(target, b0); v128.store(target, b1, 16); v128.store(target, b2, 32); v128.store(target, b3, 48);
        target += 64;
      }
    }
    planes += <usize>count * pixel;
    weights += pixel * 16;
  }
}

/** [36][count][16] to 6 rows of 4 x count pixels. */
function joinColumns(products: usize, count: i32, target: usize): void {
  const plane = <usize>count * 64;
  for (let i = 0; i < 6; i++) {
    for (let t = 0; t < count; t++) {
      for (let k = 0; k < 4; k++) {
        const m0 = v128.load(products), m1 = v128.load(products + plane), m2 = v128.load(products + 2 * plane);
        const m3 = v128.load(products + 3 * plane), m4 = v128.load(products + 4 * plane), m5 = v128.load(products + 5 * plane);
        const nearSum = f32x4.add(m1, m2), nearDifference = f32x4.sub(m1, m2);
        const farSum = f32x4.add(m3, m4), farDifference = f32x4.sub(m3, m4);
        v128.store(target, f32x4.add(f32x4.add(m0, nearSum), farSum));
        v128.store(target, combine(nearDifference, near, farDifference, far), 64);
        v128.store(target, combine(nearSum, 0.5, farSum, 2), 128);
        v128.store(target, f32x4.add(combine(nearDifference, 0.5 * near, farDifference, 2 * far), m5), 192);
        products += 16;
        target += 16;
      }
      target += 192;
    }
    products += 5 * plane;
  }
}

/** 6 rows, `row` bytes apart, to the first `rows` of 4 rows of `columns` pixels. */
function joinRows(
  source: usize, row: usize, rows: i32, columns: i32, target: usize, targetRow: usize, targetPixel: usize,
): void {
  for (let column = 0; column < columns; column++) {
    for (let k: usize = 0; k < 64; k += 16) {
      const m0 = v128.load(source), m1 = v128.load(source + row), m2 = v128.load(source + 2 * row);
      const m3 = v128.load(source + 3 * row), m4 = v128.load(source + 4 * row), m5 = v128.load(source + 5 * row);
      const nearSum = f32x4.add(m1, m2), nearDifference = f32x4.sub(m1, m2);
      const farSum = f32x4.add(m3, m4), farDifference = f32x4.sub(m3, m4);
      const y = target + k;
      v128.store(y, f32x4.add(f32x4.add(m0, nearSum), farSum));
      if (rows > 1) v128.store(y + targetRow, combine(nearDifference, near, farDifference, far));
      if (rows > 2) v128.store(y + 2 * targetRow, combine(nearSum, 0.5, farSum, 2));
      if (rows > 3) v128.store(y + 3 * targetRow, f32x4.add(combine(nearDifference, 0.5 * near, farDifference, 2 * far), m5));
      source += 16;
    }
    target += targetPixel;
  }
}

@inline
export function combine(a: v128, byA: f32, b: v128, byB: f32): v128 {
  return multiplyAdd(a, f32x4.splat(byA), f32x4.mul(b, f32x4.splat(byB)));
}

/** Kernels [tiles][9][channels][16] to [tiles][36][channels][16]. */
export function transformKernel(weights: usize, channels: i32, tiles: i32, target: usize): void {
  const plane = <usize>channels * 64;
  for (let tile = 0; tile < tiles; tile++) {
    for (let at: usize = 0; at < plane; at += 16) {
      const y = target + at;
      // Down the columns to 6 rows of 3, which for a while lie where the last 18 of 36 planes will.
      for (let j: usize = 0; j < 3; j++) {
        const g = weights + at + j * plane;
        transformTaps(v128.load(g), v128.load(g + 3 * plane), v128.load(g + 6 * plane), y + (18 + j) * plane, 3 * plane);
      }
      for (let i: usize = 0; i < 6; i++) {
        const g = y + (18 + 3 * i) * plane;
        transformTaps(v128.load(g), v128.load(g + plane), v128.load(g + 2 * plane), y + 6 * i * plane, plane);
      }
    }
    weights += 9 * plane;
    target += 36 * plane;
  }
}

@inline
function transformTaps(g0: v128, g1: v128, g2: v128, target: usize, step: usize): void {
  v128.store(target, g0);
  const nearEven = f32x4.mul(multiplyAdd(g2, f32x4.splat(0.5), g0), f32x4.splat(-2.0 / 3.0));
  const nearOdd = f32x4.mul(g1, f32x4.splat(near * (-2.0 / 3.0)));
  v128.store(target + step, f32x4.add(nearEven, nearOdd));
  v128.store(target + 2 * step, f32x4.sub(nearEven, nearOdd));
  const farEven = f32x4.mul(multiplyAdd(g2, f32x4.splat(2), g0), f32x4.splat(1.0 / 6.0));
  const farOdd = f32x4.mul(g1, f32x4.splat(far / 6.0));
  v128.store(target + 3 * step, f32x4.add(farEven, farOdd));
  v128.store(target + 4 * step, f32x4.sub(farEven, farOdd));
  v128.store(target + 5 * step, g2);
}
