// From a spectrum to the samples of subbands: ISO 11172-3 2.4.3.4.9 (alias reduction) and 2.4.3.4.10 (IMDCT, windows,
// overlap, frequency inversion). Four subbands at a time, one a lane. All is linear: channels add up in the sums.

import { multiplyAdd } from '../../../../layers/kernels/simd/assembly/arithmetic';
import { ALIAS, OVERLAP, SCRATCH, SECANTS_18, SHORT_COSINES, SHORT_WINDOW, SUBBANDS, SUMS, WINDOWS } from './layout';

/** Bytes of a row of sums: 18 times four subbands. */
const GROUP: usize = 288;
const ALL_BYTES: usize = 8 * GROUP;
/** Bytes of a row of SUBBANDS. */
const SUBBAND_ROW: usize = 160;

// In SCRATCH
const INPUT = SCRATCH; // [18]
const FOLDED = SCRATCH + 288; // [9] and [9]
const RESULTS = SCRATCH + 576; // [18]

/** The sums of the next granule start with what the one before left over. */
export function beginGranule(): void {
  memory.copy(SUMS, OVERLAP, ALL_BYTES);
  memory.fill(OVERLAP, 0, ALL_BYTES);
}

/**
 * Adds one channel's spectrum to the sums.
 *
 * @param spectrum `[576]`, float32; changed.
 * @param count Coefficients that may differ from zero.
 * @param bands Subbands that are wanted, a multiple of 4.
 */
export function addSpectrum(spectrum: usize, count: i32, blockType: i32, isMixed: bool, bands: i32): void {
  if (count == 0) return;
  const reached = (count + 17) / 18; // subbands; alias reduction reaches one more
  const isShort = blockType == 2;
  reduceAlias(spectrum, isShort ? (isMixed ? 1 : 0) : min(min(reached, bands), 31));
  const groups = min(bands >> 2, (reached + 4) >> 2);
  const all = i32x4.splat(-1);
  for (let group = 0; group < groups; group++) {
    if (isMixed && group == 0) {
      addLong(spectrum, 0, 0, i32x4(-1, -1, 0, 0));
      addAny(spectrum, 0, blockType, i32x4(0, 0, -1, -1));
    } else {
      addAny(spectrum, group, blockType, all);
    }
  }
}

/** Moves the sums to the subbands' rows, to their first or second 18 time slots. */
export function storeSlots(half: i32, bands: i32): void {
  for (let group = 0; group < bands >> 2; group++) {
    const source = SUMS + <usize>group * GROUP;
    const target = SUBBANDS + <usize>(group << 2) * SUBBAND_ROW + <usize>(half * 72);
    // The last step moves two slots too many, to where the next granule's go, or nobody looks.
    for (let slot: usize = 0; slot < 80; slot += 16) {
      const from = source + (slot << 2);
      transpose(v128.load(from), v128.load(from, 16), v128.load(from, 32), v128.load(from, 48), target + slot, SUBBAND_ROW);
    }
  }
}

@inline
function transpose(a: v128, b: v128, c: v128, d: v128, target: usize, row: usize): void {
  const ab0 = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
  const ab1 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const cd0 = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
  const cd1 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  v128.store(target, v128.shuffle<f32>(ab0, cd0, 0, 1, 4, 5));
  v128.store(target + row, v128.shuffle<f32>(ab0, cd0, 2, 3, 6, 7));
  v128.store(target + 2 * row, v128.shuffle<f32>(ab1, cd1, 0, 1, 4, 5));
  v128.store(target + 3 * row, v128.shuffle<f32>(ab1, cd1, 2, 3, 6, 7));
}

/** Eight butterflies at each of the lowest `borders` borders of subbands. */
function reduceAlias(spectrum: usize, borders: i32): void {
  for (let border = 1; border <= borders; border++) {
    const upper = spectrum + <usize>(border * 72);
    for (let i: usize = 0; i < 32; i += 16) {
      const cs = v128.load(ALIAS + i);
      const ca = v128.load(ALIAS + i, 32);
      const below = v128.load(upper - 16 - i);
      const a = v128.shuffle<f32>(below, below, 3, 2, 1, 0);
      const b = v128.load(upper + i);
      const lower = f32x4.sub(f32x4.mul(a, cs), f32x4.mul(b, ca));
      v128.store(upper - 16 - i, v128.shuffle<f32>(lower, lower, 3, 2, 1, 0));
      v128.store(upper + i, multiplyAdd(b, cs, f32x4.mul(a, ca)));
    }
  }
}

function addAny(spectrum: usize, group: i32, blockType: i32, mask: v128): void {
  if (blockType == 2) addShort(spectrum, group, mask);
  else addLong(spectrum, group, blockType, mask);
}

/** INPUT[k] becomes coefficient k of four subbands, those outside the mask zero. */
function gather(spectrum: usize, group: i32, mask: v128): void {
  const from = spectrum + <usize>(group * 288);
  for (let k: usize = 0; k < 80; k += 16) {
    const a = v128.load(from + k);
    const b = v128.load(from + k, 72);
    const c = v128.load(from + k, 144);
    const d = v128.load(from + k, 216);
    transpose(a, b, c, d, INPUT + (k << 2), 16);
  }
  for (let k: usize = 0; k < 288; k += 16) v128.store(INPUT + k, v128.and(v128.load(INPUT + k), mask));
}

/**
 * IMDCT of 18 coefficients. With a = (2n+1) pi/72, its values are those of y(n) = sum X(k) cos((2k+1) a), mirrored, and
 *   2 cos(a) y(n) = sum (X(k) + X(k-1)) cos(2k a);
 * even k make a cosine transform of 9, and odd ones after the same step again. The window's table holds 1 / (2 cos a).
 */
function addLong(spectrum: usize, group: i32, blockType: i32, mask: v128): void {
  gather(spectrum, group, mask);
  let last = v128.load(INPUT);
  v128.store(FOLDED, last);
  let lastOdd = f32x4.splat(0);
  for (let m: usize = 0; m < 144; m += 16) {
    const odd = v128.load(INPUT + 2 * m, 16);
    const sum = f32x4.add(odd, last); // X(2m+1) + X(2m)
    v128.store(FOLDED + m, f32x4.add(sum, lastOdd), 144);
    lastOdd = sum;
    if (m < 128) {
      last = v128.load(INPUT + 2 * m, 32);
      v128.store(FOLDED + m, f32x4.add(last, odd), 16); // X(2m+2) + X(2m+1)
    }
  }
  transform9(FOLDED);
  transform9(FOLDED + 144);
  for (let n: usize = 0; n < 9; n++) {
    const even = v128.load(FOLDED + (n << 4));
    const odd = f32x4.mul(v128.load(FOLDED + (n << 4), 144), v128.load32_splat(SECANTS_18 + (n << 2)));
    v128.store(RESULTS + (n << 4), f32x4.add(even, odd));
    v128.store(RESULTS + ((17 - n) << 4), f32x4.sub(even, odd));
  }
  const window = WINDOWS + <usize>(blockType * 576);
  const sums = SUMS + <usize>group * GROUP;
  const overlap = OVERLAP + <usize>group * GROUP;
  for (let i: usize = 0; i < 144; i += 16) {
    const y = v128.load(RESULTS + 144 + i); // y(9) on
    const z = v128.load(RESULTS + 128 - i); // y(8) down
    const mirror: usize = 272 - i; // sums 17 down
    v128.store(sums + i, multiplyAdd(y, v128.load(window + i), v128.load(sums + i)));
    v128.store(sums + mirror, multiplyAdd(y, v128.load(window + mirror), v128.load(sums + mirror)));
    v128.store(overlap + i, multiplyAdd(z, v128.load(window + i, 288), v128.load(overlap + i)));
    v128.store(overlap + mirror, multiplyAdd(z, v128.load(window + mirror, 288), v128.load(overlap + mirror)));
  }
}

/** In place: T(n) = sum z(m) cos(m (2n+1) pi/18), n and m from 0 to 8; cN is cos(N pi/18). */
@inline
function transform9(at: usize): void {
  const c1 = f32x4.splat(0.984807753012208);
  const c2 = f32x4.splat(0.9396926207859084);
  const c3 = f32x4.splat(0.8660254037844387);
  const c4 = f32x4.splat(0.766044443118978);
  const c5 = f32x4.splat(0.6427876096865394);
  const c7 = f32x4.splat(0.3420201433256688);
  const c8 = f32x4.splat(0.17364817766693041);
  const half = f32x4.splat(0.5);
  const z0 = v128.load(at);
  const z1 = v128.load(at, 16);
  const z2 = v128.load(at, 32);
  const z3 = f32x4.mul(v128.load(at, 48), c3);
  const z4 = v128.load(at, 64);
  const z5 = v128.load(at, 80);
  const z6 = v128.load(at, 96);
  const z7 = v128.load(at, 112);
  const z8 = v128.load(at, 128);
  const first = multiplyAdd(z6, half, z0);
  const even0 = multiplyAdd(z2, c2, multiplyAdd(z4, c4, multiplyAdd(z8, c8, first)));
  const even2 = f32x4.sub(multiplyAdd(z8, c4, first), multiplyAdd(z2, c8, f32x4.mul(z4, c2)));
  const even3 = f32x4.sub(multiplyAdd(z4, c8, first), multiplyAdd(z2, c4, f32x4.mul(z8, c2)));
  const rest = f32x4.sub(z2, f32x4.add(z4, z8));
  const even1 = multiplyAdd(rest, half, f32x4.sub(z0, z6));
  const odd0 = multiplyAdd(z1, c1, multiplyAdd(z5, c5, multiplyAdd(z7, c7, z3)));
  const odd1 = f32x4.mul(f32x4.sub(z1, f32x4.add(z5, z7)), c3);
  const odd2 = f32x4.sub(multiplyAdd(z1, c5, f32x4.mul(z7, c1)), multiplyAdd(z5, c7, z3));
  const odd3 = f32x4.sub(multiplyAdd(z1, c7, f32x4.mul(z5, c1)), multiplyAdd(z7, c5, z3));
  v128.store(at, f32x4.add(even0, odd0));
  v128.store(at, f32x4.add(even1, odd1), 16);
  v128.store(at, f32x4.add(even2, odd2), 32);
  v128.store(at, f32x4.add(even3, odd3), 48);
  v128.store(at, f32x4.sub(f32x4.sub(z0, z6), rest), 64);
  v128.store(at, f32x4.sub(even3, odd3), 80);
  v128.store(at, f32x4.sub(even2, odd2), 96);
  v128.store(at, f32x4.sub(even1, odd1), 112);
  v128.store(at, f32x4.sub(even0, odd0), 128);
}

/** Three IMDCTs of 6 coefficients each, as they stand in the standard; 12 values of each, 6 later than the one before. */
function addShort(spectrum: usize, group: i32, mask: v128): void {
  gather(spectrum, group, mask);
  // SUMS and OVERLAP of a group are one line of 36.
  for (let window = 0; window < 3; window++) {
    const x = INPUT + <usize>(window << 4);
    for (let n: usize = 0; n < 6; n++) {
      let sum = f32x4.splat(0);
      for (let k: usize = 0; k < 6; k++) {
        sum = multiplyAdd(v128.load(x + k * 48), v128.load32_splat(SHORT_COSINES + n * 24 + (k << 2)), sum);
      }
      v128.store(RESULTS + (n << 4), sum);
    }
    for (let i = 0; i < 12; i++) {
      const place = 6 + 6 * window + i;
      const line = (place < 18 ? SUMS : OVERLAP - 288) + <usize>group * GROUP + <usize>(place << 4);
      const y = i < 3 ? i + 3 : i < 9 ? 8 - i : i - 9;
      const factor = v128.load(SHORT_WINDOW + <usize>(i << 4)); // its sign is the mirror's
      v128.store(line, multiplyAdd(v128.load(RESULTS + <usize>(y << 4)), factor, v128.load(line)));
    }
  }
}
