// Convolution, the sums for the statistics, and the pool, a few rows at a time so that they stay in the cache.
import { addToDoubles, multiplyAdd } from '../../simd/assembly/arithmetic';
import { poolRow } from './pool';
import { convolveByWinograd } from './winograd';

/**
 * Convolution of `rows` x `width` pixels: by `convolveByWinograd` where there is `scratch`, with its weights; else plainly.
 *
 * @param input The padded image at the first window's corner.
 * @param windowRow Bytes of one row of a window: kernel width x channels x 4.
 * @param weights [tiles][kernel height x kernel width x channels][16].
 */
export function convolve(
  input: usize, inputRow: usize, inputPixel: usize, kernelHeight: i32, windowRow: usize,
  weights: usize, tiles: i32, output: usize, outputRow: usize, outputPixel: usize, rows: i32, width: i32, scratch: usize,
): void {
  if (scratch) {
    convolveByWinograd(input, inputRow, inputPixel, weights, tiles, output, outputRow, outputPixel, rows, width, scratch);
  } else {
    convolvePlainly(input, inputRow, inputPixel, kernelHeight, windowRow, weights, tiles, output, outputRow, outputPixel, rows, width);
  }
}

/**
 * Tiles of 2 pixels x 16 channels: 8 sums, 4 weights and a splat are all the
 * registers there are. The two pixels have pointers of their own, so that rows of any width, one included, fill them.
 */
function convolvePlainly(
  input: usize, inputRow: usize, inputPixel: usize, kernelHeight: i32, windowRow: usize,
  weights: usize, tiles: i32, output: usize, outputRow: usize, outputPixel: usize, rows: i32, width: i32,
): void {
  const total = rows * width;
  const weightsTile = <usize>kernelHeight * windowRow * 16;
  for (let tile = 0; tile < tiles; tile++) {
    let row = 0;
    let column = 0;
    for (let done = 0; done < total; done += 2) {
      const inputA = input + <usize>row * inputRow + <usize>column * inputPixel;
      const outputA = output + <usize>row * outputRow + <usize>column * outputPixel;
      if (++column == width) { column = 0; row++; }
      let inputB = inputA;
      let outputB = outputA;
      if (done + 1 < total) {
        inputB = input + <usize>row * inputRow + <usize>column * inputPixel;
        outputB = output + <usize>row * outputRow + <usize>column * outputPixel;
        if (++column == width) { column = 0; row++; }
      }
      let a0 = f32x4.splat(0), a1 = f32x4.splat(0), a2 = f32x4.splat(0), a3 = f32x4.splat(0);
      let b0 = f32x4.splat(0), b1 = f32x4.splat(0), b2 = f32x4.splat(0), b3 = f32x4.splat(0);
      let w = weights;
      for (let i = 0; i < kernelHeight; i++) {
        let x = inputA + <usize>i * inputRow;
        const ahead = inputB - inputA;
        const end = x + windowRow;
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
        } while (x < end);
      }
      v128.store(outputA, a0); v128.store(outputA, a1, 16); v128.store(outputA, a2, 32); v128.store(outputA, a3, 48);
      v128.store(outputB, b0); v128.store(outputB, b1, 16); v128.store(outputB, b2, 32); v128.store(outputB, b3, 48);
    }
    weights += weightsTile;
    output += 64;
  }
}

/**
 * One image forward: convolution ▸ sums ▸ pool.
 *
 * @param values Where the convolution goes: all of it (`keep` 1), or room for `together` rows of windows, used again and again.
 * @param together Rows of windows that are convolved at a time.
 * @param index u16 per pooled value: its place in the window; 0 where nobody asks.
 * @param sums f64 [2][channels], added to: sums of (y - pivot) and of its square; 0 where nobody asks.
 */
export function forward(
  input: usize, inputRow: usize, inputPixel: usize, kernelHeight: i32, windowRow: usize,
  weights: usize, tiles: i32, height: i32, width: i32, values: usize, valuesRow: usize, keep: i32, together: i32,
  poolHeight: i32, poolWidth: i32, pooledHeight: i32, pooledWidth: i32,
  pooled: usize, index: usize, sums: usize, pivot: usize, scratch: usize,
): void {
  const pixel = <usize>tiles * 64;
  const pooledRow = <usize>pooledWidth * pixel;
  const whole = pooledHeight * poolHeight;
  const end = keep || sums ? height : whole; // the rows that no window has count in the statistics
  for (let row = 0; row < end; ) {
    const rows = min(row < whole ? min(together * poolHeight, whole - row) : together * poolHeight, end - row);
    convolve(input, inputRow, inputPixel, kernelHeight, windowRow, weights, tiles, values, valuesRow, pixel, rows, width, scratch);
    if (sums) addSums(values, valuesRow, rows, width, tiles, sums, pivot);
    for (let start = 0; row < whole && start < rows; start += poolHeight) {
      poolRow(values + <usize>start * valuesRow, valuesRow, tiles, poolHeight, poolWidth, pooledWidth, pooled, index);
      pooled += pooledRow;
      if (index) index += pooledRow >> 1;
    }
    row += rows;
    input += <usize>rows * inputRow;
    if (keep) values += <usize>rows * valuesRow;
  }
}

/** Adds the sums of (value - pivot) and of its square, channel by channel. */
function addSums(values: usize, valuesRow: usize, rows: i32, width: i32, tiles: i32, sums: usize, pivot: usize): void {
  const pixel = <usize>tiles * 64;
  const squares = <usize>tiles * 128;
  for (let tile = 0; tile < tiles; tile++) {
    const p0 = v128.load(pivot), p1 = v128.load(pivot, 16), p2 = v128.load(pivot, 32), p3 = v128.load(pivot, 48);
    let s0 = f32x4.splat(0), s1 = f32x4.splat(0), s2 = f32x4.splat(0), s3 = f32x4.splat(0);
    let q0 = f32x4.splat(0), q1 = f32x4.splat(0), q2 = f32x4.splat(0), q3 = f32x4.splat(0);
    for (let row = 0; row < rows; row++) {
      let value = values + <usize>row * valuesRow;
      const end = value + <usize>width * pixel;
      for (; value < end; value += pixel) {
        let v = f32x4.sub(v128.load(value), p0);
        s0 = f32x4.add(s0, v);
        q0 = multiplyAdd(v, v, q0);
        v = f32x4.sub(v128.load(value, 16), p1);
        s1 = f32x4.add(s1, v);
        q1 = multiplyAdd(v, v, q1);
        v = f32x4.sub(v128.load(value, 32), p2);
        s2 = f32x4.add(s2, v);
        q2 = multiplyAdd(v, v, q2);
        v = f32x4.sub(v128.load(value, 48), p3);
        s3 = f32x4.add(s3, v);
        q3 = multiplyAdd(v, v, q3);
      }
    }
    addToDoubles(sums, s0); addToDoubles(sums + 32, s1); addToDoubles(sums + 64, s2); addToDoubles(sums + 96, s3);
    const q = sums + squares;
    addToDoubles(q, q0); addToDoubles(q + 32, q1); addToDoubles(q + 64, q2); addToDoubles(q + 96, q3);
    values += 64;
    pivot += 64;
    sums += 128;
  }
}
