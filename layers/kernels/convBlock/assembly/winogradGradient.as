// The gradient of a 3 x 3 kernel by the tiles of winograd.as: the same algorithm, transposed.
import { multiplyAdd } from '../../simd/assembly/arithmetic';
import { combine, far, mostTiles, near, transformColumns, transformRows } from './winograd';

/** Tiles whose products are summed up in registers. */
const tilesTogether = 32;

/**
 * Adds to `target` what `kernelGradient` adds.
 *
 * @param inputPixel Bytes of a pixel of the input: its channels are a multiple of 4, at least 16.
 * @param scratch As much as `winogradGradientScratch` says.
 */
export function kernelGradientByWinograd(
  input: usize, inputRow: usize, inputPixel: usize, dy: usize, dyRow: usize, tiles: i32, height: i32, width: i32,
  target: usize, scratch: usize,
): void {
  const pixel = <usize>tiles * 64;
  const across = min(mostTiles, (width + 3) >> 2);
  const down = tilesTogether / across;
  const spectra = scratch + 6 * <usize>(4 * across + 2) * inputPixel;
  const slopes = spectra + 36 * <usize>(across * down) * inputPixel;
  const sums = slopes + 36 * <usize>(across * down) * 64;
  const tileSums = 36 * inputPixel * 16;
  memory.fill(sums, 0, <usize>tiles * tileSums);
  for (let top = 0; top < height; top += 4 * down) {
    const bands = min(down, (height - top + 3) >> 2);
    for (let left = 0; left < width; left += 4 * across) {
      const count = min(across, (width - left + 3) >> 2);
      const columns = min(4 * count, width - left);
      const all = <usize>(count * bands);
      for (let band = 0; band < bands; band++) {
        const row = top + 4 * band;
        const corner = input + <usize>row * inputRow + <usize>left * inputPixel;
        transformRows(corner, inputRow, inputPixel, min(6, height + 2 - row), columns + 2, 4 * count + 2, scratch);
        transformColumns(scratch, inputPixel, count, spectra + <usize>(band * count) * inputPixel, all * inputPixel);
      }
      for (let tile = 0; tile < tiles; tile++) {
        for (let band = 0; band < bands; band++) {
          const row = top + 4 * band;
          const corner = dy + <usize>row * dyRow + <usize>left * pixel + <usize>tile * 64;
          spreadRows(corner, dyRow, pixel, min(4, height - row), columns, 4 * count, scratch);
          spreadColumns(scratch, count, slopes + <usize>(band * count) * 64, all * 64);
        }
        addProducts(spectra, inputPixel, slopes, all, sums + <usize>tile * tileSums);
      }
    }
  }
  for (let tile = 0; tile < tiles; tile++) {
    addTaps(sums + <usize>tile * tileSums, inputPixel, target + <usize>tile * 64, pixel);
  }
}

/** `rows` x `columns` pixels of 16 channels to [6][allColumns][16]; what is not there is 0. */
function spreadRows(
  dy: usize, dyRow: usize, pixel: usize, rows: i32, columns: i32, allColumns: i32, target: usize,
): void {
  const row = <usize>allColumns * 64;
  const zero = f32x4.splat(0);
  for (let column = 0; column < columns; column++) {
    for (let k: usize = 0; k < 64; k += 16) {
      const d = dy + k;
      const y0 = v128.load(d);
      const y1 = rows > 1 ? v128.load(d + dyRow) : zero;
      const y2 = rows > 2 ? v128.load(d + 2 * dyRow) : zero;
      const y3 = rows > 3 ? v128.load(d + 3 * dyRow) : zero;
      spread(y0, y1, y2, y3, target, row);
      target += 16;
    }
    dy += pixel;
  }
  for (let i: usize = 0; i < 6; i++) memory.fill(target + i * row, 0, <usize>(allColumns - columns) * 64);
}

/** [6][4 x count][16] to `count` rows of 16 in each of 36 planes. */
function spreadColumns(source: usize, count: i32, target: usize, plane: usize): void {
  for (let i = 0; i < 6; i++) {
    for (let at: usize = 0; at < <usize>count * 64; at += 16) {
      spread(v128.load(source), v128.load(source, 64), v128.load(source, 128), v128.load(source, 192), target + at, plane);
      source += 16;
      if ((at & 63) == 48) source += 192;
    }
    target += 6 * plane;
  }
}

/** Four values to the six by which the transformed input is multiplied. */
@inline
function spread(y0: v128, y1: v128, y2: v128, y3: v128, target: usize, step: usize): void {
  v128.store(target, y0);
  const nearEven = multiplyAdd(y2, f32x4.splat(0.5), y0), nearOdd = combine(y1, near, y3, 0.5 * near);
  v128.store(target + step, f32x4.add(nearEven, nearOdd));
  v128.store(target + 2 * step, f32x4.sub(nearEven, nearOdd));
  const farEven = multiplyAdd(y2, f32x4.splat(2), y0), farOdd = combine(y1, far, y3, 2 * far);
  v128.store(target + 3 * step, f32x4.add(farEven, farOdd));
  v128.store(target + 4 * step, f32x4.sub(farEven, farOdd));
  v128.store(target + 5 * step, y3);
}

/** Adds to each of 36 [channels][16] the product of a plane [all][channels], transposed, with [all][16]; 2 channels at a time. */
function addProducts(planes: usize, pixel: usize, slopes: usize, all: usize, sums: usize): void {
  for (let plane = 0; plane < 36; plane++) {
    for (let channel: usize = 0; channel < pixel; channel += 8) {
      let a0 = f32x4.splat(0), a1 = f32x4.splat(0), a2 = f32x4.splat(0), a3 = f32x4.splat(0);
      let b0 = f32x4.splat(0), b1 = f32x4.splat(0), b2 = f32x4.splat(0), b3 = f32x4.splat(0);
      let x = planes + channel;
      let d = slopes;
      const stop = d + all * 64;
      do {
        const d0 = v128.load(d), d1 = v128.load(d, 16), d2 = v128.load(d, 32), d3 = v128.load(d, 48);
        const xa = v128.load32_splat(x);
        a0 = multiplyAdd(xa, d0, a0);
        a1 = multiplyAdd(xa, d1, a1);
        a2 = multiplyAdd(xa, d2, a2);
        a3 = multiplyAdd(xa, d3, a3);
        const xb = v128.load32_splat(x, 4);
        b0 = multiplyAdd(xb, d0, b0);
        b1 = multiplyAdd(xb, d1, b1);
        b2 = multiplyAdd(xb, d2, b2);
        b3 = multiplyAdd(xb, d3, b3);
        x += pixel;
        d += 64;
      } while (d < stop);
      v128.store(sums, f32x4.add(v128.load(sums), a0));
      v128.store(sums, f32x4.add(v128.load(sums, 16), a1), 16);
      v128.store(sums, f32x4.add(v128.load(sums, 32), a2), 32);
      v128.store(sums, f32x4.add(v128.load(sums, 48), a3), 48);
      v128.store(sums, f32x4.add(v128.load(sums, 64), b0), 64);
      v128.store(sums, f32x4.add(v128.load(sums, 80), b1), 80);
      v128.store(sums, f32x4.add(v128.load(sums, 96), b2), 96);
      v128.store(sums, f32x4.add(v128.load(sums, 112), b3), 112);
      sums += 128;
    }
    planes += all * pixel;
    slopes += all * 64;
  }
}

/** Adds the 9 taps of [36][channels][16] to target[9][channels], `targetPixel` bytes apart. */
function addTaps(sums: usize, pixel: usize, target: usize, targetPixel: usize): void {
  const plane = pixel * 16;
  const channels = pixel >> 2;
  for (let channel: usize = 0; channel < channels; channel++) {
    for (let k: usize = 0; k < 64; k += 16) {
      const source = sums + channel * 64 + k;
      // Along the rows first, which leaves 6 x 3 in the place of the first three of each row.
      for (let i: usize = 0; i < 6; i++) gather(source + 6 * i * plane, plane);
      for (let j: usize = 0; j < 3; j++) {
        gather(source + j * plane, 6 * plane);
        for (let i: usize = 0; i < 3; i++) {
          const y = target + ((3 * i + j) * channels + channel) * targetPixel + k;
          v128.store(y, f32x4.add(v128.load(y), v128.load(source + (6 * i + j) * plane)));
        }
      }
    }
  }
}

/** Six values, `step` bytes apart, to the three taps, in the place of the first three. */
@inline
function gather(source: usize, step: usize): void {
  const m0 = v128.load(source), m1 = v128.load(source + step), m2 = v128.load(source + 2 * step);
  const m3 = v128.load(source + 3 * step), m4 = v128.load(source + 4 * step), m5 = v128.load(source + 5 * step);
  const nearSum = f32x4.add(m1, m2), farSum = f32x4.add(m3, m4);
  v128.store(source, f32x4.add(m0, combine(nearSum, -2.0 / 3.0, farSum, 1.0 / 6.0)));
  v128.store(source + step, combine(f32x4.sub(m1, m2), near * (-2.0 / 3.0), f32x4.sub(m3, m4), far / 6.0));
  v128.store(source + 2 * step, f32x4.add(m5, combine(nearSum, -1.0 / 3.0, farSum, 1.0 / 3.0)));
}
