// Polyphase synthesis: ISO 11172-3 2.4.3.2.2, figure A.2. Four time slots at a time, one a lane.
//
// With C(n) = sum S(k) cos(n (2k+1) pi/64), the standard's V(i) is C(16+i), mirrored, and the outputs j and 32-j of a slot
// are sums over the same 16 values:
//   out(j)    = sum over i < 8:  D(64i+j)    C(16+j) of slot t-2i  -  D(64i+32+j) C(16-j) of slot t-2i-1
//   out(32-j) = sum over i < 8: -D(64i+32-j) C(16+j) of slot t-2i  -  D(64i+64-j) C(16-j) of slot t-2i-1
// Where only every second output is wanted, C(n) is computed for even n alone, or for odd n.

import { multiplyAdd } from '../../../../layers/kernels/simd/assembly/arithmetic';
import { COSINE_SUMS, SCRATCH, SECANTS, SLOTS, SPARE, SUBBANDS, SYNTHESIS } from './layout';

const SUBBAND_ROW: usize = 160;
/** Bytes of a row of COSINE_SUMS, and of its past. */
const ROW: usize = 208;
const PAST: usize = 64;
const FOLDED = SCRATCH; // [16]
const HALVES = SCRATCH + 256; // [16]

/**
 * Computes the outputs of the 36 slots in SUBBANDS.
 *
 * @param step 1 for all of them, 2 for every second.
 * @param phase With step 2: 0 for those of even number, 1 for odd.
 * @returns How many samples were written.
 */
export function synthesize(output: usize, step: i32, phase: i32): i32 {
  const wantsEven = step == 1 || phase == 0;
  const wantsOdd = step == 1 || phase == 1;
  for (let slot: usize = 0; slot < <usize>SLOTS << 2; slot += 16) {
    if (wantsEven) sumEvenCosines(SUBBANDS + slot, COSINE_SUMS + PAST + slot);
    if (wantsOdd) sumOddCosines(SUBBANDS + slot, COSINE_SUMS + PAST + slot);
  }
  const shift = step - 1;
  const slotBytes = <usize>(128 >> shift);
  if (wantsEven) {
    addWindowed(16, 16, SYNTHESIS, output, SPARE, slotBytes);
    addWindowed(0, 0, SYNTHESIS + 16 * 128, output + <usize>((16 >> shift) << 2), SPARE, slotBytes);
  }
  for (let j = wantsOdd ? 1 : 2; j < 16; j += step == 1 ? 1 : 2) {
    const first = (j >> shift) << 2;
    const second = ((32 - j) >> shift) << 2;
    addWindowed(16 + j, 16 - j, SYNTHESIS + <usize>(j << 7), output + <usize>first, output + <usize>second, slotBytes);
  }
  keepPast();
  return (SLOTS * 32) >> shift;
}

/** Rows 0, 2, … 30. */
function sumEvenCosines(subbands: usize, target: usize): void {
  for (let k: usize = 0; k < 16; k++) {
    const sum = f32x4.add(v128.load(subbands + k * SUBBAND_ROW), v128.load(subbands + (31 - k) * SUBBAND_ROW));
    v128.store(FOLDED + (k << 4), sum);
  }
  transform16();
  let odd = v128.load(HALVES, 128);
  for (let m: usize = 0; m < 8; m++) {
    const next = m < 7 ? v128.load(HALVES + (m << 4), 144) : f32x4.splat(0);
    v128.store(target + m * (4 * ROW), v128.load(HALVES + (m << 4)));
    v128.store(target + m * (4 * ROW), f32x4.add(odd, next), 2 * ROW);
    odd = next;
  }
}

/** Rows 1, 3, … 31: 2 cos(b) cos((2m+1) b) = cos(2m b) + cos((2m+2) b). */
function sumOddCosines(subbands: usize, target: usize): void {
  for (let k: usize = 0; k < 16; k++) {
    const difference = f32x4.sub(v128.load(subbands + k * SUBBAND_ROW), v128.load(subbands + (31 - k) * SUBBAND_ROW));
    v128.store(FOLDED + (k << 4), f32x4.mul(difference, v128.load32_splat(SECANTS + (k << 2))));
  }
  transform16();
  let value = v128.load(HALVES);
  let odd = v128.load(HALVES, 128);
  for (let m: usize = 0; m < 8; m++) {
    const nextValue = m < 7 ? v128.load(HALVES + (m << 4), 16) : f32x4.splat(0);
    const nextOdd = m < 7 ? v128.load(HALVES + (m << 4), 144) : f32x4.splat(0);
    const between = f32x4.add(odd, nextOdd); // of an odd number, between two even ones
    v128.store(target + m * (4 * ROW), f32x4.add(value, between), ROW);
    v128.store(target + m * (4 * ROW), f32x4.add(between, nextValue), 3 * ROW);
    value = nextValue;
    odd = nextOdd;
  }
}

/**
 * Cosine transform of FOLDED, n = 16: the even results are at HALVES, and odd ones are the sum of two in a row of those
 * 8 behind (zero after the last).
 */
function transform16(): void {
  for (let k: usize = 0; k < 8; k++) {
    const a = v128.load(FOLDED + (k << 4));
    const b = v128.load(FOLDED + ((15 - k) << 4));
    v128.store(HALVES + (k << 4), f32x4.add(a, b));
    v128.store(HALVES + (k << 4), f32x4.mul(f32x4.sub(a, b), v128.load32_splat(SECANTS + (k << 2), 64)), 128);
  }
  transform8(HALVES);
  transform8(HALVES + 128);
}

/** In place. */
function transform8(at: usize): void {
  const x0 = v128.load(at);
  const x1 = v128.load(at, 16);
  const x2 = v128.load(at, 32);
  const x3 = v128.load(at, 48);
  const x4 = v128.load(at, 64);
  const x5 = v128.load(at, 80);
  const x6 = v128.load(at, 96);
  const x7 = v128.load(at, 112);
  const outer = v128.load32_splat(SECANTS, 112); // of 4
  const inner = v128.load32_splat(SECANTS, 116);
  const half = v128.load32_splat(SECANTS, 120); // of 2
  // even results: the sums
  let a0 = f32x4.add(x0, x7);
  let a1 = f32x4.add(x1, x6);
  let a2 = f32x4.add(x2, x5);
  let a3 = f32x4.add(x3, x4);
  let s0 = f32x4.add(a0, a3);
  let s1 = f32x4.add(a1, a2);
  let d0 = f32x4.mul(f32x4.sub(a0, a3), outer);
  let d1 = f32x4.mul(f32x4.sub(a1, a2), inner);
  let odd = f32x4.mul(f32x4.sub(d0, d1), half);
  v128.store(at, f32x4.add(s0, s1));
  v128.store(at, f32x4.add(f32x4.add(d0, d1), odd), 32);
  v128.store(at, f32x4.mul(f32x4.sub(s0, s1), half), 64);
  v128.store(at, odd, 96);
  // odd results: two in a row of the differences'
  a0 = f32x4.mul(f32x4.sub(x0, x7), v128.load32_splat(SECANTS, 96));
  a1 = f32x4.mul(f32x4.sub(x1, x6), v128.load32_splat(SECANTS, 100));
  a2 = f32x4.mul(f32x4.sub(x2, x5), v128.load32_splat(SECANTS, 104));
  a3 = f32x4.mul(f32x4.sub(x3, x4), v128.load32_splat(SECANTS, 108));
  s0 = f32x4.add(a0, a3);
  s1 = f32x4.add(a1, a2);
  d0 = f32x4.mul(f32x4.sub(a0, a3), outer);
  d1 = f32x4.mul(f32x4.sub(a1, a2), inner);
  odd = f32x4.mul(f32x4.sub(d0, d1), half);
  const b0 = f32x4.add(s0, s1);
  const b1 = f32x4.add(f32x4.add(d0, d1), odd);
  const b2 = f32x4.mul(f32x4.sub(s0, s1), half);
  v128.store(at, f32x4.add(b0, b1), 16);
  v128.store(at, f32x4.add(b1, b2), 48);
  v128.store(at, f32x4.add(b2, odd), 80);
  v128.store(at, odd, 112);
}

/**
 * One output or two of each slot: 12 slots in registers at a time.
 *
 * @param a Row of the taps at t, t-2, …; @param b Row of those at t-1, t-3, …
 * @param window `[8][4]`: of `first` for a, of `second` for a, of `first` for b, of `second` for b.
 */
@inline
function addWindowed(a: i32, b: i32, window: usize, first: usize, second: usize, slotBytes: usize): void {
  const isSingle = second == SPARE;
  let x = COSINE_SUMS + <usize>a * ROW + PAST;
  let y = COSINE_SUMS + <usize>b * ROW + PAST - 4;
  for (let slot = 0; slot < SLOTS; slot += 12) {
    let p0 = f32x4.splat(0);
    let p1 = p0;
    let p2 = p0;
    let q0 = p0;
    let q1 = p0;
    let q2 = p0;
    let u = x;
    let v = y;
    for (let taps = window; taps < window + 128; taps += 16, u -= 8, v -= 8) {
      const u0 = v128.load(u);
      const u1 = v128.load(u, 16);
      const u2 = v128.load(u, 32);
      let w = v128.load32_splat(taps);
      p0 = multiplyAdd(u0, w, p0);
      p1 = multiplyAdd(u1, w, p1);
      p2 = multiplyAdd(u2, w, p2);
      w = v128.load32_splat(taps, 4);
      q0 = multiplyAdd(u0, w, q0);
      q1 = multiplyAdd(u1, w, q1);
      q2 = multiplyAdd(u2, w, q2);
      const v0 = v128.load(v);
      const v1 = v128.load(v, 16);
      const v2 = v128.load(v, 32);
      w = v128.load32_splat(taps, 8);
      p0 = multiplyAdd(v0, w, p0);
      p1 = multiplyAdd(v1, w, p1);
      p2 = multiplyAdd(v2, w, p2);
      w = v128.load32_splat(taps, 12);
      q0 = multiplyAdd(v0, w, q0);
      q1 = multiplyAdd(v1, w, q1);
      q2 = multiplyAdd(v2, w, q2);
    }
    first = scatter(p2, scatter(p1, scatter(p0, first, slotBytes), slotBytes), slotBytes);
    if (!isSingle) second = scatter(q2, scatter(q1, scatter(q0, second, slotBytes), slotBytes), slotBytes);
    x += 48;
    y += 48;
  }
}

/** Stores four slots' samples. */
@inline
function scatter(samples: v128, target: usize, slotBytes: usize): usize {
  v128.store_lane<f32>(target, samples, 0);
  target += slotBytes;
  v128.store_lane<f32>(target, samples, 1);
  target += slotBytes;
  v128.store_lane<f32>(target, samples, 2);
  target += slotBytes;
  v128.store_lane<f32>(target, samples, 3);
  return target + slotBytes;
}

/** The last 16 slots become the past of the next. */
function keepPast(): void {
  for (let row = COSINE_SUMS; row < COSINE_SUMS + 32 * ROW; row += ROW) {
    for (let i: usize = 0; i < PAST; i += 16) v128.store(row + i, v128.load(row + i + (<usize>SLOTS << 2)));
  }
}
