/** The two loops over all variables that take the time of sequential minimal optimisation: plain, and with SIMD. */
import { simdSmoLoops } from './smoKernel/simdSmoLoops.ts';

/** What the loops work on, by place; the kernel is `[n, n]`. */
export interface SmoArrays {
  kernel: Float32Array;
  /** The row of the kernel that each place belongs to. */
  row: Int32Array;
  /** y ∇f. */
  gradient: Float64Array;
  /** 0 where the variable can go up (down) along its sign, else -Infinity: added, it takes the place of a branch. */
  upward: Float64Array;
  downward: Float64Array;
  /** Kernel of each place's row with itself. */
  diagonal: Float64Array;
}

export interface SmoLoops extends SmoArrays {
  /**
   * Carries the gradient of the first `active` places along: + kernel of `rowI` · `changeI` + kernel of `rowJ` ·
   * `changeJ`. Returns the place of the largest upward - gradient, the last of equals.
   *
   * @param inOrder whether row[t] is t: what is read then lies side by side
   */
  updateAndChooseFirst(
    rowI: number,
    rowJ: number,
    changeI: number,
    changeJ: number,
    active: number,
    inOrder: boolean,
  ): number;
  /**
   * The place that gains most beside `first`, by second-order information, the last of equals; -1 where no violation
   * reaches the tolerance.
   */
  chooseSecond(first: number, active: number, tolerance: number, inOrder: boolean): number;
}

/** Sizes of the arrays. */
export interface SmoSizes {
  /** Rows of the kernel. */
  n: number;
  variables: number;
}

/** In the place of a curvature that is not positive; LIBSVM's. */
export const tau = 1e-12;

/** Loops with SIMD; one set is at work at a time in a thread, and the next takes over its arrays. */
export function fastSmoLoops(sizes: SmoSizes): SmoLoops {
  return simdSmoLoops(sizes);
}

/** The same in TypeScript, to test against. */
export function plainSmoLoops({ n, variables }: SmoSizes): SmoLoops {
  const arrays: SmoArrays = {
    kernel: new Float32Array(n * n),
    row: new Int32Array(variables),
    gradient: new Float64Array(variables),
    upward: new Float64Array(variables),
    downward: new Float64Array(variables),
    diagonal: new Float64Array(variables),
  };
  const { kernel, row, gradient, upward, downward, diagonal } = arrays;
  return {
    ...arrays,
    updateAndChooseFirst(rowI, rowJ, changeI, changeJ, active) {
      let largest = -Infinity;
      let first = -1;
      for (let t = 0; t < active; t++) {
        gradient[t] += kernel[rowI * n + row[t]] * changeI + kernel[rowJ * n + row[t]] * changeJ;
        const rise = upward[t] - gradient[t];
        if (rise >= largest) [largest, first] = [rise, t];
      }
      return first;
    },
    chooseSecond(first, active, tolerance) {
      const largest = upward[first] - gradient[first];
      let worst = -Infinity;
      let best = 0;
      let second = -1;
      for (let t = 0; t < active; t++) {
        const violation = largest + (gradient[t] + downward[t]);
        if (violation > worst) worst = violation;
        if (!(violation > 0)) continue;
        const curvature = diagonal[first] + diagonal[t] - 2 * kernel[row[first] * n + row[t]];
        const gain = (violation * violation) / (curvature > 0 ? curvature : tau);
        if (gain >= best) [best, second] = [gain, t];
      }
      return worst >= tolerance ? second : -1;
    },
  };
}
