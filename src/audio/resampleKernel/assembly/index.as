// The convolutions of the resampler. AssemblyScript; no arrays, strings or classes, so no runtime and no data segment.
// Pointers and strides are in bytes, samples and coefficients float32. Every output is summed in an order that depends
// on its place in its period alone, never on where a call starts, so that any part has the bits of the whole.

import { multiplyAdd, sumLanes } from '../../../../layers/kernels/simd/assembly/arithmetic';

/** Four sums, one a lane, of the lanes of four vectors. */
@inline
function sumEach(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 4, 2, 6), v128.shuffle<f32>(a, b, 1, 5, 3, 7)); // a02 b02 a.. b..
  const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 4, 2, 6), v128.shuffle<f32>(c, d, 1, 5, 3, 7));
  return f32x4.add(v128.shuffle<f32>(ab, cd, 0, 1, 4, 5), v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
}

/**
 * Exact phases: `triples` times three periods of output, four outputs of three periods at a time: 12 sums in registers,
 * 7 loads for 12 multiplications.
 *
 * @param input The first input sample of the first period.
 * @param output `[3 triples, period]`, and room for 3 samples more.
 * @param periodBytes One period of output: `groups` times 16, or up to 12 less where the last group is not full.
 * @param stride One period of input.
 * @param groups Groups of four outputs in a period.
 * @param offsets `[groups]`, int32: where the input of a group starts in its period, in bytes.
 * @param table `[groups, blocks, 4 outputs, 4 taps]`
 * @param blocks Groups of four taps.
 */
export function resampleExact(
  input: usize,
  output: usize,
  triples: i32,
  periodBytes: i32,
  stride: i32,
  groups: i32,
  offsets: usize,
  table: usize,
  blocks: i32,
): void {
  for (let triple = 0; triple < triples; triple++) {
    // From the last group on: what it writes past the end of its period is overwritten by the next period's first.
    for (let group = groups - 1; group >= 0; group--) {
      let x0 = input + <usize>load<i32>(offsets + (group << 2));
      let x1 = x0 + stride;
      let x2 = x1 + stride;
      let row = table + <usize>(group * blocks) * 64;
      const end = row + <usize>blocks * 64;
      let a0 = f32x4.splat(0);
      let a1 = a0;
      let a2 = a0;
      let a3 = a0;
      let b0 = a0;
      let b1 = a0;
      let b2 = a0;
      let b3 = a0;
      let c0 = a0;
      let c1 = a0;
      let c2 = a0;
      let c3 = a0;
      while (row < end) {
        const u = v128.load(x0);
        const v = v128.load(x1);
        const w = v128.load(x2);
        const h0 = v128.load(row);
        a0 = multiplyAdd(u, h0, a0);
        b0 = multiplyAdd(v, h0, b0);
        c0 = multiplyAdd(w, h0, c0);
        const h1 = v128.load(row, 16);
        a1 = multiplyAdd(u, h1, a1);
        b1 = multiplyAdd(v, h1, b1);
        c1 = multiplyAdd(w, h1, c1);
        const h2 = v128.load(row, 32);
        a2 = multiplyAdd(u, h2, a2);
        b2 = multiplyAdd(v, h2, b2);
        c2 = multiplyAdd(w, h2, c2);
        const h3 = v128.load(row, 48);
        a3 = multiplyAdd(u, h3, a3);
        b3 = multiplyAdd(v, h3, b3);
        c3 = multiplyAdd(w, h3, c3);
        x0 += 16;
        x1 += 16;
        x2 += 16;
        row += 64;
      }
      const target = output + (group << 4);
      v128.store(target, sumEach(a0, a1, a2, a3));
      v128.store(target + periodBytes, sumEach(b0, b1, b2, b3));
      v128.store(target + 2 * periodBytes, sumEach(c0, c1, c2, c3));
    }
    input += 3 * stride;
    output += 3 * periodBytes;
  }
}

/**
 * Interpolated phases: `count` outputs, each between two rows of the table.
 *
 * @param input The first input sample of the first output.
 * @param output `[count]`
 * @param remainder Place of the first output after that of `input` plus the filter's reach, in 1 / upFactor samples.
 * @param table `[phases + 1, 4 blocks]`
 */
export function resampleInterpolated(
  input: usize,
  output: usize,
  count: i32,
  remainder: i32,
  upFactor: i32,
  downFactor: i32,
  phases: i32,
  table: usize,
  blocks: i32,
): void {
  const rowBytes = <usize>blocks << 4;
  for (let i = 0; i < count; i++) {
    const phase = (<f64>remainder / <f64>upFactor) * <f64>phases;
    const whole = <i32>phase;
    let row = table + <usize>whole * rowBytes;
    const end = row + rowBytes;
    let x = input;
    let before = f32x4.splat(0);
    let after = before;
    let before2 = before;
    let after2 = before;
    for (; row + 16 < end; row += 32, x += 32) {
      const u = v128.load(x);
      const v = v128.load(x, 16);
      before = multiplyAdd(u, v128.load(row), before);
      after = multiplyAdd(u, v128.load(row + rowBytes), after);
      before2 = multiplyAdd(v, v128.load(row, 16), before2);
      after2 = multiplyAdd(v, v128.load(row + rowBytes, 16), after2);
    }
    if (row < end) {
      const u = v128.load(x);
      before = multiplyAdd(u, v128.load(row), before);
      after = multiplyAdd(u, v128.load(row + rowBytes), after);
    }
    const low = <f64>sumLanes(f32x4.add(before, before2));
    const high = <f64>sumLanes(f32x4.add(after, after2));
    store<f32>(output + (i << 2), <f32>(low + (phase - <f64>whole) * (high - low)));
    remainder += downFactor;
    const step = remainder / upFactor;
    remainder -= step * upFactor;
    input += <usize>step << 2;
  }
}
