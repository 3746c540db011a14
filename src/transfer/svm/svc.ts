/** Support vector classification on a kernel matrix that is there: one-vs-one, as LIBSVM and scikit-learn have it. */
import type { Kernel } from './kernel.ts';
import { solveSmo, type SmoProblem } from './solveSmo.ts';

/** What tells one class from another: the decision is Σ coefficient · kernel(row) - rho, > 0 for the first. */
export interface PairDecision {
  first: number;
  second: number;
  /** Rows of the training set, in order, that are support vectors of this pair. */
  rows: Int32Array;
  /** `[rows]`. */
  coefficients: Float64Array;
  rho: number;
}

export interface Svc {
  nClasses: number;
  /** False where `maxIterations` ended the search of a pair. */
  converged: boolean;
  /** (0, 1), (0, 2), …, (1, 2), …; a class without training rows has no pairs. */
  pairs: PairDecision[];
}

/** What predictions take. */
export type Decisions = Pick<Svc, 'nClasses' | 'pairs'>;

/** LIBSVM's own bound of the steps. */
export const mostIterations = 10_000_000;

export interface SvmOptions {
  /** Penalty on errors, > 0. */
  c: number;
  /** LIBSVM's `eps`, scikit-learn's `tol`. Default 1e-3. */
  tolerance?: number;
  /** Steps at most for two classes, or 100 a variable where that is more. Default 10 million, as LIBSVM has it. */
  maxIterations?: number;
}

/** What several fits on one kernel share. */
export interface SvmGridOptions {
  /** C, one a fit. */
  penalties: readonly number[];
  tolerance: number;
  maxIterations: number;
}

/**
 * C-SVC. Same support vectors and predictions as scikit-learn's `SVC(C, tol)` on the same rows.
 *
 * Source: Chang and Lin, "LIBSVM: A Library for Support Vector Machines", ACM TIST 2(3), 2011, sections 2.1 and 7.
 *
 * @param kernel of the training rows, which stand class by class
 * @param classes of the training rows, rising, `[kernel.n]`
 * @throws RangeError if the classes do not rise, are not one a row, or `c` is not > 0.
 * @example predictSvc(fitSvc(kernel, classes, { c: 8 }), crossKernel)
 */
export function fitSvc(
  kernel: Kernel,
  classes: Int32Array,
  { c, tolerance = 1e-3, maxIterations = mostIterations }: SvmOptions,
): Svc {
  return fitSvcs(kernel, classes, { penalties: [c], tolerance, maxIterations })[0];
}

/** `fitSvc` for each of several penalties, which share the work of bringing a pair's rows together. */
export function fitSvcs(
  kernel: Kernel,
  classes: Int32Array,
  { penalties, tolerance, maxIterations }: SvmGridOptions,
): Svc[] {
  for (const c of penalties) requirePositive('fitSvc: c', c);
  const starts = startsOf(classes, kernel.n);
  const nClasses = starts.length - 1;
  const fits = penalties.map((): Svc => ({ nClasses, converged: true, pairs: [] }));
  for (let first = 0; first < nClasses; first++) {
    for (let second = first + 1; second < nClasses; second++) {
      const nFirst = starts[first + 1] - starts[first];
      const nSecond = starts[second + 1] - starts[second];
      if (nFirst === 0 || nSecond === 0) continue;
      const problem = pairProblem(kernel, [starts[first], starts[second]], [nFirst, nSecond]);
      solveSmo({ ...problem, tolerance, maxIterations }, penalties).forEach(
        ({ coefficients, rho, converged }, place) => {
          fits[place].converged &&= converged;
          const support = supportOf(problem.rows, coefficients);
          const rows = support.rows.map((t) =>
            t < nFirst ? starts[first] + t : starts[second] + t - nFirst,
          );
          fits[place].pairs.push({ first, second, rows, coefficients: support.coefficients, rho });
        },
      );
    }
  }
  return fits;
}

/** The rows of two classes as a problem of its own; its kernel is small enough to stay in the processor's cache. */
function pairProblem(
  { values, diagonal, n }: Kernel,
  starts: [number, number],
  counts: [number, number],
): Omit<SmoProblem, 'tolerance' | 'maxIterations'> {
  const size = counts[0] + counts[1];
  const own = new Float64Array(size);
  const rows = new Int32Array(size);
  const rowOf = (t: number) => (t < counts[0] ? starts[0] + t : starts[1] + t - counts[0]);
  for (let t = 0; t < size; t++) {
    rows[t] = t;
    own[t] = diagonal[rowOf(t)];
  }
  const fillKernel = (kernel: Float32Array) => {
    for (let t = 0; t < size; t++) {
      const from = rowOf(t) * n;
      kernel.set(values.subarray(from + starts[0], from + starts[0] + counts[0]), t * size);
      kernel.set(values.subarray(from + starts[1], from + starts[1] + counts[1]), t * size + counts[0]);
    }
  };
  const signs = new Int8Array(size).fill(1, 0, counts[0]).fill(-1, counts[0]);
  const signedLinear = new Float64Array(size).fill(-1, 0, counts[0]).fill(1, counts[0]);
  return { fillKernel, n: size, diagonal: own, rows, signs, signedLinear };
}

/**
 * The class of each row: that which wins most pairs, and of equals the first.
 *
 * @param cross kernel of the rows with the training rows, `[rows, n]`
 * @param n training rows
 */
export function predictSvc(svc: Decisions, cross: Float64Array, n: number): Int32Array {
  const predicted = new Int32Array(cross.length / n);
  for (let row = 0; row < predicted.length; row++) {
    const votes = countVotes(svc, cross, row * n);
    let winner = svc.pairs.length === 0 ? svc.nClasses - 1 : 0; // the only class there is
    for (let k = 1; k < votes.length; k++) if (votes[k] > votes[winner]) winner = k;
    predicted[row] = winner;
  }
  return predicted;
}

/** Pairs that each class wins, `[nClasses]`; `start` is where the row's kernel values begin in `cross`. */
export function countVotes({ pairs, nClasses }: Decisions, cross: Float64Array, start: number): Int32Array {
  const votes = new Int32Array(nClasses);
  for (const { first, second, rows, coefficients, rho } of pairs) {
    let sum = 0;
    for (let s = 0; s < rows.length; s++) sum += coefficients[s] * cross[start + rows[s]];
    votes[sum - rho > 0 ? first : second]++;
  }
  return votes;
}

/** Rows with a coefficient other than 0. */
export function supportOf(
  rows: Int32Array,
  coefficients: Float64Array,
): { rows: Int32Array; coefficients: Float64Array } {
  let count = 0;
  for (let t = 0; t < rows.length; t++) if (coefficients[t] !== 0) count++;
  const support = { rows: new Int32Array(count), coefficients: new Float64Array(count) };
  for (let t = 0, at = 0; t < rows.length; t++) {
    if (coefficients[t] === 0) continue;
    support.rows[at] = rows[t];
    support.coefficients[at++] = coefficients[t];
  }
  return support;
}

export function requirePositive(name: string, value: number): void {
  if (!(value > 0 && Number.isFinite(value))) throw new RangeError(`${name} must be > 0; got ${value}.`);
}

/** Where each class begins, and the end. */
function startsOf(classes: Int32Array, n: number): number[] {
  if (classes.length !== n || classes.some((value, i) => value < (i === 0 ? 0 : classes[i - 1]))) {
    throw new RangeError(
      `fitSvc: needs one class >= 0 for each of the ${n} training rows, which stand class by class; ` +
        `got ${classes.length} classes. Sort the rows by class, stably.`,
    );
  }
  const nClasses = n === 0 ? 0 : classes[n - 1] + 1;
  const starts = new Array<number>(nClasses + 1).fill(n);
  for (let i = n - 1; i >= 0; i--) starts[classes[i]] = i;
  for (let k = nClasses - 1; k >= 0; k--) if (classes[starts[k]] !== k) starts[k] = starts[k + 1];
  return starts;
}
