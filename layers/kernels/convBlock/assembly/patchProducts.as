// Products of what two taps of the kernel see, for one input channel: statistics and gradients come from them.
import { multiplyAdd, sumLanes } from '../../simd/assembly/arithmetic';

/**
 * Adds to f64 [taps + 1][taps] the products of the inputs at two taps summed over pixels (upper triangle), and in the last
 * row the sums of the inputs themselves; all of (input - shift). A product belongs to two rows and two columns of the input,
 * whichever tap stands there: each is computed once for all taps, and once more only at the ends of the rows.
 *
 * @param shift Pointer to an f32.
 * @param rows Room for as many rows of the padded input as the kernel has.
 */
export function patchProducts(
  input: usize, inputRow: usize, kernelHeight: i32, kernelWidth: i32, height: i32, width: i32, shift: usize,
  rows: usize, target: usize,
): void {
  const taps = kernelHeight * kernelWidth;
  const inputs = height + kernelHeight - 1;
  const shifts = v128.load32_splat(shift);
  let shifted = 0;
  for (let row = 0; row < inputs; row++) {
    for (; shifted < min(inputs, row + kernelHeight); shifted++) {
      shiftRow(input + <usize>shifted * inputRow, inputRow, shifts, rows + <usize>(shifted % kernelHeight) * inputRow);
    }
    const here = rows + <usize>(row % kernelHeight) * inputRow;
    // The kernel's rows that stand on this row of the input, for some pixel.
    const first = max(0, row - height + 1);
    const last = min(row, kernelHeight - 1);
    addSums(here, kernelWidth, width, first, last, target + <usize>(taps * taps) * 8);
    for (let below = 0; below <= min(kernelHeight - 1 - first, inputs - 1 - row); below++) {
      const there = rows + <usize>((row + below) % kernelHeight) * inputRow;
      for (let right = below == 0 ? 0 : 1 - kernelWidth; right < kernelWidth; right++) {
        addProducts(here, there, kernelHeight, kernelWidth, width, below, right, first, last, target);
      }
    }
  }
}

/** Adds the sums over a row for each tap that stands on it: kernel rows `first` to `last`. */
function addSums(x: usize, kernelWidth: i32, width: i32, first: i32, last: i32, target: usize): void {
  const whole = <usize>(width & ~3) * 4;
  let total = f32x4.splat(0);
  let at: usize = 0;
  for (; at < whole; at += 16) total = f32x4.add(total, v128.load(x + at));
  let sum = <f64>sumLanes(total);
  for (; at < <usize>width * 4; at += 4) sum += <f64>load<f32>(x + at);
  for (let j = 0; j < kernelWidth; j++) {
    for (let i = first; i <= last; i++) add(target + <usize>(i * kernelWidth + j) * 8, sum);
    // From the pixels under tap j to those under the next.
    if (j + 1 < kernelWidth) sum += <f64>load<f32>(x + <usize>(j + width) * 4) - <f64>load<f32>(x + <usize>j * 4);
  }
}

/** The same for the products with what stands `below` rows below and `right` columns to the right. */
function addProducts(
  here: usize, there: usize, kernelHeight: i32, kernelWidth: i32, width: i32, below: i32, right: i32, first: i32, last: i32,
  target: usize,
): void {
  const taps = kernelHeight * kernelWidth;
  const start = max(0, -right);
  let x = here + <usize>start * 4;
  let y = there + <usize>(start + right) * 4;
  const whole = <usize>(width & ~3) * 4;
  let total = f32x4.splat(0);
  let at: usize = 0;
  for (; at < whole; at += 16) total = multiplyAdd(v128.load(x + at), v128.load(y + at), total);
  let sum = <f64>sumLanes(total);
  const bytes = <usize>width * 4;
  for (; at < bytes; at += 4) sum += product(x + at, y + at);
  const end = kernelWidth - max(0, right);
  for (let j = start; j < end; j++) {
    for (let i = first; i <= min(last, kernelHeight - 1 - below); i++) {
      const tap = i * kernelWidth + j;
      add(target + <usize>(tap * taps + tap + below * kernelWidth + right) * 8, sum);
    }
    if (j + 1 < end) sum += product(x + bytes, y + bytes) - product(x, y);
    x += 4;
    y += 4;
  }
}

function shiftRow(source: usize, bytes: usize, shifts: v128, target: usize): void {
  const whole = bytes & ~15;
  let at: usize = 0;
  for (; at < whole; at += 16) v128.store(target + at, f32x4.sub(v128.load(source + at), shifts));
  for (; at < bytes; at += 4) store<f32>(target + at, load<f32>(source + at) - f32x4.extract_lane(shifts, 0));
}

@inline
function product(x: usize, y: usize): f64 {
  return <f64>load<f32>(x) * <f64>load<f32>(y);
}

@inline
function add(target: usize, value: f64): void {
  store<f64>(target, load<f64>(target) + value);
}
