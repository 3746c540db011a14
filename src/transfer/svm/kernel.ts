/** Kernel matrices from dot products, which all kernels and penalties share. */

/** Kernel of training rows among themselves. */
export interface Kernel {
  /** `[n, n]`, symmetric. */
  values: Float32Array;
  /** Of each row with itself, in float64, `[n]`. */
  diagonal: Float64Array;
  n: number;
}

/** exp(-gamma · ‖a - b‖²), or a · b. */
export type KernelChoice = { kernel: 'rbf'; gamma: number } | { kernel: 'linear' };

export interface Dots {
  /** Training rows. */
  n: number;
  /** Dot products of the training rows: row by row the lower triangle, `[n (n + 1) / 2]`. */
  train: Float64Array;
  /** Dot products of other rows with the training rows, `[others, n]`. */
  cross: Float64Array;
  /** Squared lengths, `[n]` and `[others]`. */
  trainSquares: Float64Array;
  otherSquares: Float64Array;
}

/**
 * All that kernels need to know of the rows.
 *
 * @param train row-major `[n, nFeatures]`
 * @param others row-major `[others, nFeatures]`
 */
export function dotProducts(train: Float64Array, others: Float64Array, nFeatures: number): Dots {
  const n = train.length / nFeatures;
  const nOthers = others.length / nFeatures;
  const lower = new Float64Array((n * (n + 1)) / 2);
  for (let i = 0; i < n; i++) {
    multiplyRow(train, i, train, i + 1, nFeatures, lower, (i * (i + 1)) / 2);
  }
  const cross = new Float64Array(nOthers * n);
  for (let i = 0; i < nOthers; i++) multiplyRow(others, i, train, n, nFeatures, cross, i * n);
  const trainSquares = Float64Array.from({ length: n }, (_, i) => lower[(i * (i + 1)) / 2 + i]);
  const otherSquares = new Float64Array(nOthers);
  for (let i = 0; i < others.length; i++) otherSquares[Math.floor(i / nFeatures)] += others[i] * others[i];
  return { n, train: lower, cross, trainSquares, otherSquares };
}

/** Dot products of row `i` of `a` with the first `count` rows of `b`, four at a time, into `out` from `at` on. */
function multiplyRow(
  a: Float64Array,
  i: number,
  b: Float64Array,
  count: number,
  nFeatures: number,
  out: Float64Array,
  at: number,
): void {
  const start = i * nFeatures;
  let j = 0;
  for (; j + 4 <= count; j += 4) {
    let [s0, s1, s2, s3] = [0, 0, 0, 0];
    let p0 = j * nFeatures;
    let p1 = p0 + nFeatures;
    let p2 = p1 + nFeatures;
    let p3 = p2 + nFeatures;
    for (let k = 0; k < nFeatures; k++) {
      const value = a[start + k];
      s0 += value * b[p0++];
      s1 += value * b[p1++];
      s2 += value * b[p2++];
      s3 += value * b[p3++];
    }
    out[at + j] = s0;
    out[at + j + 1] = s1;
    out[at + j + 2] = s2;
    out[at + j + 3] = s3;
  }
  for (; j < count; j++) {
    let sum = 0;
    for (let k = 0; k < nFeatures; k++) sum += a[start + k] * b[j * nFeatures + k];
    out[at + j] = sum;
  }
}

/** Rows and columns of a piece of the matrix that stays in the processor's cache while it is mirrored. */
const tile = 64;

/** @param values where to put the matrix, `[n, n]`, so that a grid needs one; made where it is not given */
export function kernelOf(
  { n, train, trainSquares }: Dots,
  choice: KernelChoice,
  values = new Float32Array(n * n),
): Kernel {
  const isLinear = choice.kernel === 'linear';
  const gamma = isLinear ? 0 : choice.gamma;
  for (let top = 0; top < n; top += tile) {
    for (let left = 0; left <= top; left += tile) {
      for (let i = top; i < Math.min(n, top + tile); i++) {
        const base = (i * (i + 1)) / 2;
        const end = Math.min(i + 1, left + tile);
        for (let j = left; j < end; j++) {
          const dot = train[base + j];
          const value = isLinear ? dot : Math.exp(-gamma * (trainSquares[i] + trainSquares[j] - 2 * dot));
          values[i * n + j] = value;
          values[j * n + i] = value;
        }
      }
    }
  }
  return { values, diagonal: isLinear ? trainSquares : new Float64Array(n).fill(1), n };
}

/** Kernel of the other rows with the training rows, `[others, n]`, in float64. */
export function crossKernelOf(
  { n, cross, trainSquares, otherSquares }: Dots,
  choice: KernelChoice,
): Float64Array {
  if (choice.kernel === 'linear') return cross;
  const { gamma } = choice;
  const values = new Float64Array(cross.length);
  for (let i = 0; i < otherSquares.length; i++) {
    for (let j = 0; j < n; j++) {
      values[i * n + j] = Math.exp(-gamma * (otherSquares[i] + trainSquares[j] - 2 * cross[i * n + j]));
    }
  }
  return values;
}
