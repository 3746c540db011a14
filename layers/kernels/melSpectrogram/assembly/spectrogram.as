// Frames of one waveform to rows of bins or mel bands. Four frames at a time go all the way, so that the power of a
// frame never leaves the cache.
import { multiplyAdd } from '../../simd/assembly/arithmetic';
import { decibelsOf } from './decibel';
import { subtractProduct, transformFrames } from './fourier';

/** Power of nFft / 2 + 1 bins from the points of `transformFrames`; `power` 1 takes the root. */
function powers(points: usize, count: i32, split: usize, power: i32, target: usize): void {
  const end = target + <usize>count * 16;
  let low = points;
  let high = points; // of bin M - k; that of bin M is bin 0
  let mirrored = end;
  for (; target <= mirrored; target += 16) {
    const lr = v128.load(low), li = v128.load(low, 16), hr = v128.load(high), hi = v128.load(high, 16);
    const sumR = f32x4.add(lr, hr), sumI = f32x4.sub(li, hi);
    const differenceR = f32x4.sub(lr, hr), differenceI = f32x4.add(li, hi);
    // -i W^k (difference)
    const c = v128.load32_splat(split), s = v128.load32_splat(split, 4);
    const turnedR = multiplyAdd(differenceR, s, f32x4.mul(differenceI, c));
    const turnedI = subtractProduct(differenceR, c, f32x4.mul(differenceI, s));
    storePower(target, f32x4.add(sumR, turnedR), f32x4.add(sumI, turnedI), power);
    storePower(mirrored, f32x4.sub(sumR, turnedR), f32x4.sub(sumI, turnedI), power);
    low += 32;
    high = high == points ? points + <usize>(count - 1) * 32 : high - 32;
    mirrored -= 16;
    split += 8;
  }
}

@inline
function storePower(target: usize, real: v128, imag: v128, power: i32): void {
  let p = multiplyAdd(real, real, f32x4.mul(imag, imag));
  // As the composite: magnitudes below 1e-15 read as 1e-15.
  if (power == 1) p = f32x4.sqrt(f32x4.max(p, f32x4.splat(1e-30)));
  v128.store(target, p);
}

/**
 * Bands of which each covers some bins, a multiple of four: one pair of i32 `[first, end)` for each in `spans`, weights in
 * that order. Four sums at a time, since each addition waits for the one before.
 */
function sparseBands(power: usize, spans: usize, weights: usize, bands: i32, target: usize): void {
  const end = target + <usize>bands * 16;
  for (; target < end; target += 16) {
    const last = power + <usize>load<i32>(spans, 4) * 16;
    let s0 = f32x4.splat(0), s1 = f32x4.splat(0), s2 = f32x4.splat(0), s3 = f32x4.splat(0);
    for (let bin = power + <usize>load<i32>(spans) * 16; bin < last; bin += 64) {
      s0 = multiplyAdd(v128.load(bin), v128.load32_splat(weights), s0);
      s1 = multiplyAdd(v128.load(bin, 16), v128.load32_splat(weights, 4), s1);
      s2 = multiplyAdd(v128.load(bin, 32), v128.load32_splat(weights, 8), s2);
      s3 = multiplyAdd(v128.load(bin, 48), v128.load32_splat(weights, 12), s3);
      weights += 16;
    }
    v128.store(target, f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3)));
    spans += 8;
  }
}

/** Bands that cover all `bins`; weights `[bands / 4, rounded up][bins][4]`, and `target` holds as many. */
function denseBands(power: usize, bins: i32, weights: usize, bands: i32, target: usize): void {
  const last = power + <usize>bins * 16;
  for (let band = 0; band < bands; band += 4) {
    let s0 = f32x4.splat(0), s1 = f32x4.splat(0), s2 = f32x4.splat(0), s3 = f32x4.splat(0);
    for (let bin = power; bin < last; bin += 16) {
      const p = v128.load(bin);
      s0 = multiplyAdd(p, v128.load32_splat(weights), s0);
      s1 = multiplyAdd(p, v128.load32_splat(weights, 4), s1);
      s2 = multiplyAdd(p, v128.load32_splat(weights, 8), s2);
      s3 = multiplyAdd(p, v128.load32_splat(weights, 12), s3);
      weights += 16;
    }
    v128.store(target, s0); v128.store(target, s1, 16); v128.store(target, s2, 32); v128.store(target, s3, 48);
    target += 64;
  }
}

/** [columns][4 lanes] to `rows` (1 to 4) rows of `columns` values. */
function storeRows(source: usize, columns: i32, target: usize, rows: i32): void {
  const row = <usize>columns * 4;
  let column = 0;
  for (; column + 4 <= columns; column += 4) {
    const x0 = v128.load(source), x1 = v128.load(source, 16), x2 = v128.load(source, 32), x3 = v128.load(source, 48);
    const low01 = v128.shuffle<i32>(x0, x1, 0, 4, 1, 5), low23 = v128.shuffle<i32>(x2, x3, 0, 4, 1, 5);
    const high01 = v128.shuffle<i32>(x0, x1, 2, 6, 3, 7), high23 = v128.shuffle<i32>(x2, x3, 2, 6, 3, 7);
    v128.store(target, v128.shuffle<i64>(low01, low23, 0, 2));
    if (rows > 1) v128.store(target + row, v128.shuffle<i64>(low01, low23, 1, 3));
    if (rows > 2) v128.store(target + 2 * row, v128.shuffle<i64>(high01, high23, 0, 2));
    if (rows > 3) v128.store(target + 3 * row, v128.shuffle<i64>(high01, high23, 1, 3));
    source += 64;
    target += 16;
  }
  for (; column < columns; column++) {
    for (let lane = 0; lane < rows; lane++) {
      store<f32>(target + <usize>lane * row, load<f32>(source + <usize>lane * 4));
    }
    source += 16;
    target += 4;
  }
}

/**
 * @param signal First sample of the first frame, of a waveform that is padded already.
 * @param hop Bytes.
 * @param tables Half of the window [nFft], W^k for k = 0 ... nFft / 4 (cosine, sine), then the twiddles of `transform`.
 * @param scratch Bytes: 2 x nFft x 16, (nFft / 2 + 1) x 16, (bands rounded up to 4) x 16.
 * @param spans Of the bands; 0 where they cover all bins.
 * @param bands 0 to put out all bins.
 * @param amin f32, for decibels; 0 for none.
 * @param peak f32, where the largest value of the output goes; 0 where nobody asks.
 * @param output Rows, one behind the other.
 */
export function spectrogram(
  signal: usize, hop: usize, frames: i32, nFft: i32, tables: usize, power: i32, scratch: usize,
  spans: usize, weights: usize, bands: i32, amin: usize, peak: usize, output: usize,
): void {
  const half = nFft >> 1;
  const split = tables + <usize>nFft * 4;
  const twiddles = split + <usize>((half >> 1) + 1) * 8;
  const other = scratch + <usize>nFft * 16;
  const powerBuffer = other + <usize>nFft * 16;
  const bandBuffer = powerBuffer + <usize>(half + 1) * 16;
  const columns = bands ? bands : half + 1;
  const rowsBuffer = bands ? bandBuffer : powerBuffer;
  const bufferEnd = rowsBuffer + <usize>columns * 16;
  const floor = amin ? v128.load32_splat(amin) : f32x4.splat(0);
  let largest = f32x4.splat(-Infinity);
  let sum = f32x4.splat(0); // NaN where a value is, which pmax does not see
  for (let frame = 0; frame < frames; frame += 4) {
    // The last frame again where there are not four more: lanes do not mix.
    const rows = min(4, frames - frame);
    const b = rows > 1 ? signal + hop : signal;
    const c = rows > 2 ? b + hop : b;
    const d = rows > 3 ? c + hop : c;
    const points = transformFrames(signal, b, c, d, nFft, tables, twiddles, scratch, other);
    powers(points, half, split, power, powerBuffer);
    if (bands) {
      if (spans) sparseBands(powerBuffer, spans, weights, bands, bandBuffer);
      else denseBands(powerBuffer, half + 1, weights, bands, bandBuffer);
    }
    if (amin) {
      for (let value = rowsBuffer; value < bufferEnd; value += 16) {
        const decibels = decibelsOf(v128.load(value), floor);
        v128.store(value, decibels);
        largest = f32x4.pmax(largest, decibels);
        sum = f32x4.add(sum, decibels);
      }
    }
    storeRows(rowsBuffer, columns, output, rows);
    output += <usize>(rows * columns) * 4;
    signal = d + hop;
  }
  if (peak) {
    largest = f32x4.add(largest, f32x4.mul(sum, f32x4.splat(0)));
    store<f32>(peak, max(
      max(f32x4.extract_lane(largest, 0), f32x4.extract_lane(largest, 1)),
      max(f32x4.extract_lane(largest, 2), f32x4.extract_lane(largest, 3)),
    ));
  }
}
