/** Support vector regression on a kernel matrix that is there. */
import type { Kernel } from './kernel.ts';
import { solveSmo } from './solveSmo.ts';
import { mostIterations, requirePositive, supportOf, type SvmGridOptions, type SvmOptions } from './svc.ts';

export interface Svr {
  /** Rows of the training set, in order, that are support vectors. */
  rows: Int32Array;
  /** `[rows]`. */
  coefficients: Float64Array;
  rho: number;
  /** False where `maxIterations` ended the search. */
  converged: boolean;
}

export interface SvrOptions extends SvmOptions {
  /** Errors up to this cost nothing, >= 0. Default 0.1. */
  epsilon?: number;
}

/**
 * ε-SVR. Same support vectors as scikit-learn's `SVR(C, epsilon, tol)` on the same rows.
 *
 * Source: Chang and Lin, "LIBSVM: A Library for Support Vector Machines", ACM TIST 2(3), 2011, section 2.4.
 *
 * @param targets `[kernel.n]`
 * @throws RangeError if there is not one target a row, or an option is out of range.
 * @example predictSvr(fitSvr(kernel, arousal, { c: 2 }), crossKernel, kernel.n)
 */
export function fitSvr(
  kernel: Kernel,
  targets: Float64Array,
  { c, epsilon = 0.1, tolerance = 1e-3, maxIterations = mostIterations }: SvrOptions,
): Svr {
  return fitSvrs(kernel, targets, { penalties: [c], epsilon, tolerance, maxIterations })[0];
}

/** `fitSvr` for each of several penalties. */
export function fitSvrs(
  { values, diagonal, n }: Kernel,
  targets: Float64Array,
  { penalties, epsilon, tolerance, maxIterations }: SvmGridOptions & { epsilon: number },
): Svr[] {
  for (const c of penalties) requirePositive('fitSvr: c', c);
  if (!(epsilon >= 0)) throw new RangeError(`fitSvr: epsilon must be >= 0; got ${epsilon}.`);
  if (targets.length !== n) {
    throw new RangeError(
      `fitSvr: needs one target for each of the ${n} training rows; got ${targets.length}.`,
    );
  }
  // Two variables a row: α pulls the prediction up, α* down.
  const rows = Int32Array.from({ length: 2 * n }, (_, t) => t % n);
  const signs = new Int8Array(2 * n).fill(1, 0, n).fill(-1, n);
  const signedLinear = Float64Array.from(rows, (row, t) => (t < n ? epsilon : -epsilon) - targets[row]);
  const fillKernel = (kernel: Float32Array) => kernel.set(values);
  const problem = { fillKernel, n, diagonal, rows, signs, signedLinear, tolerance, maxIterations };
  return solveSmo(problem, penalties).map(({ coefficients: both, rho, converged }) => {
    const coefficients = Float64Array.from(targets, (_, row) => both[row] + both[row + n]);
    return { ...supportOf(rows.subarray(0, n), coefficients), rho, converged };
  });
}

/** @param cross kernel of the rows with the training rows, `[rows, n]` */
export function predictSvr(
  { rows, coefficients, rho }: Omit<Svr, 'converged'>,
  cross: Float64Array,
  n: number,
): Float64Array {
  const predicted = new Float64Array(cross.length / n);
  for (let row = 0; row < predicted.length; row++) {
    let sum = 0;
    for (let s = 0; s < rows.length; s++) sum += coefficients[s] * cross[row * n + rows[s]];
    predicted[row] = sum - rho;
  }
  return predicted;
}
