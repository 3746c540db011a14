/** The quadratic program of support vector machines, solved two variables at a time. */
import { fastSmoLoops, tau, type SmoLoops, type SmoSizes } from './smoLoops.ts';

export interface SmoProblem {
  /** Fills in the kernel of the training rows, `[n, n]`, symmetric; in float32, as in LIBSVM's cache. */
  fillKernel: (kernel: Float32Array) => void;
  /** Rows of the kernel. */
  n: number;
  /** Kernel of each row with itself, `[n]`, in float64. */
  diagonal: Float64Array;
  /** The row of the kernel that each variable belongs to, `[variables]`. */
  rows: Int32Array;
  /** y, 1 or -1, `[variables]`. */
  signs: Int8Array;
  /** y · p, p being the linear term of the objective, `[variables]`. */
  signedLinear: Float64Array;
  /** Ends where the Karush-Kuhn-Tucker conditions are violated by less, > 0. */
  tolerance: number;
  /** Ends after so many steps, or 100 a variable where that is more. */
  maxIterations: number;
}

export interface SmoSolution {
  /** y · alpha, `[variables]`: 0 for what is no support vector. */
  coefficients: Float64Array;
  /** The decision is Σ coefficient · kernel - rho. */
  rho: number;
  iterations: number;
  /** False where `maxIterations` ended it. */
  converged: boolean;
}

/** A variable can go up along its sign (is in I_up of the papers), down (I_low), or both where it is free. */
const up = 1;
const low = 2;
const free = up | low;

/**
 * Minimises ½ αᵀQα + pᵀα subject to yᵀα = 0 and 0 <= α <= C, where Q_st = y_s y_t K_st, for each C of a list.
 *
 * Sequential minimal optimisation with second-order choice of the pair ("WSS 2": Fan, Chen and Lin, "Working Set
 * Selection Using Second Order Information for Training Support Vector Machines", JMLR 6, 2005) and shrinking (Chang
 * and Lin, "LIBSVM: A Library for Support Vector Machines", ACM TIST 2(3), 2011, sections 4.1 and 5.1). After a step the
 * two gradients of the pair agree but for rounding, and rounding then decides which goes first. So sums are added up in
 * the order of LIBSVM, and ties go to the last of the equals: each step is the step that LIBSVM takes.
 *
 * All is written in the gradient times the sign, F = y ∇f, so that both signs share one formula.
 *
 * @param penalties C, > 0
 * @param makeLoops the loops to use; plain ones serve tests
 * @example solveSmo({ fillKernel, n, diagonal, rows, signs, signedLinear, tolerance: 1e-3 }, [1, 8])[1].rho
 */
export function solveSmo(
  problem: SmoProblem,
  penalties: readonly number[],
  makeLoops: (sizes: SmoSizes) => SmoLoops = fastSmoLoops,
): SmoSolution[] {
  const loops = makeLoops({ n: problem.n, variables: problem.rows.length });
  problem.fillKernel(loops.kernel);
  const solved: { c: number; smo: Smo; solution: SmoSolution }[] = [];
  return penalties.map((c) => {
    // Where no variable ever came to a smaller C, the same steps are taken under this one.
    const same = solved.find((before) => before.c < c && !before.smo.cameToBound);
    if (same) return { ...same.solution, coefficients: same.solution.coefficients.slice() };
    const smo = new Smo(problem, c, loops);
    const solution = smo.solve();
    solved.push({ c, smo, solution });
    return solution;
  });
}

class Smo {
  private readonly loops: SmoLoops;
  private readonly n: number;
  private readonly c: number;
  private readonly tolerance: number;
  private readonly maxIterations: number;
  private readonly size: number;
  // By place: those at 0 … active - 1 take part, those behind them are shrunk.
  private readonly variable: Int32Array;
  private readonly sign: Int8Array;
  private readonly state: Uint8Array;
  private readonly alpha: Float64Array;
  private readonly linear: Float64Array;
  /** The part of the gradient that comes from variables at C; `bar` knows the first `told` of the arrivals. */
  private readonly bar: Float64Array;
  private readonly arrivals = { rows: [] as number[], changes: [] as number[] };
  private told = 0;
  private active: number;
  private unshrunk = false;
  /** Whether each place's row of the kernel is that of its number. */
  private inOrder = true;

  constructor(problem: SmoProblem, c: number, loops: SmoLoops) {
    const { n, diagonal, rows, signs, signedLinear, tolerance, maxIterations } = problem;
    this.loops = loops;
    this.n = n;
    this.c = c;
    this.tolerance = tolerance;
    this.size = rows.length;
    this.maxIterations = Math.max(maxIterations, 100 * this.size);
    this.active = this.size;
    this.variable = new Int32Array(this.size);
    this.sign = signs.slice();
    this.state = new Uint8Array(this.size);
    this.alpha = new Float64Array(this.size);
    this.linear = signedLinear.slice();
    this.bar = new Float64Array(this.size);
    loops.row.set(rows);
    loops.gradient.set(signedLinear);
    // A plain loop: TypedArray.from takes longer than the solution of a small problem.
    for (let t = 0; t < this.size; t++) {
      this.variable[t] = t;
      loops.diagonal[t] = diagonal[rows[t]];
      this.inOrder &&= rows[t] === t;
      this.setState(t, 0);
    }
  }

  get cameToBound(): boolean {
    return this.arrivals.rows.length > 0;
  }

  solve(): SmoSolution {
    const shrinkEvery = Math.min(this.size, 1000);
    let untilShrinking = shrinkEvery + 1;
    let iterations = 0;
    let first = this.chooseFirst();
    while (iterations < this.maxIterations) {
      if (--untilShrinking === 0) {
        untilShrinking = shrinkEvery;
        this.shrink();
        first = this.chooseFirst();
      }
      let second = this.chooseSecond(first);
      if (second === -1) {
        this.activateAll();
        first = this.chooseFirst();
        second = this.chooseSecond(first);
        if (second === -1) break;
        untilShrinking = 1;
      }
      iterations++;
      first = this.step(first, second);
    }
    const converged = this.chooseSecond(first) === -1;
    this.activateAll();
    const coefficients = new Float64Array(this.size);
    for (let t = 0; t < this.size; t++) coefficients[this.variable[t]] = this.sign[t] * this.alpha[t];
    return { coefficients, rho: this.rho(), iterations, converged };
  }

  private chooseFirst(): number {
    return this.loops.updateAndChooseFirst(0, 0, 0, 0, this.active, this.inOrder);
  }

  private chooseSecond(first: number): number {
    if (first === -1 || this.loops.upward[first] === -Infinity) return -1;
    return this.loops.chooseSecond(first, this.active, this.tolerance, this.inOrder);
  }

  /** Solves for the two variables, within their bounds; returns the first of the next pair. */
  private step(i: number, j: number): number {
    const { alpha, sign, c, n } = this;
    const { kernel, row, gradient, diagonal } = this.loops;
    const curvature = diagonal[i] + diagonal[j] - 2 * kernel[row[i] * n + row[j]];
    const length = (gradient[j] - gradient[i]) / (curvature > 0 ? curvature : tau);
    const [oldI, oldJ] = [alpha[i], alpha[j]];
    let newI = oldI + sign[i] * length;
    let newJ = oldJ - sign[j] * length;
    if (sign[i] !== sign[j]) {
      const difference = oldI - oldJ;
      if (difference > 0) {
        if (newJ < 0) [newI, newJ] = [difference, 0];
        if (newI > c) [newI, newJ] = [c, c - difference];
      } else {
        if (newI < 0) [newI, newJ] = [0, -difference];
        if (newJ > c) [newI, newJ] = [c + difference, c];
      }
    } else {
      const sum = oldI + oldJ;
      if (sum > c) {
        if (newI > c) [newI, newJ] = [c, sum - c];
        if (newJ > c) [newI, newJ] = [sum - c, c];
      } else {
        if (newJ < 0) [newI, newJ] = [sum, 0];
        if (newI < 0) [newI, newJ] = [0, sum];
      }
    }
    alpha[i] = newI;
    alpha[j] = newJ;
    this.noteArrival(i, oldI, newI);
    this.noteArrival(j, oldJ, newJ);
    this.setState(i, newI);
    this.setState(j, newJ);
    const [changeI, changeJ] = [sign[i] * (newI - oldI), sign[j] * (newJ - oldJ)];
    return this.loops.updateAndChooseFirst(row[i], row[j], changeI, changeJ, this.active, this.inOrder);
  }

  /** Keeps in mind that a variable has come to C, or left it. */
  private noteArrival(t: number, before: number, after: number): void {
    const { c, sign } = this;
    if (before >= c === after >= c) return;
    this.arrivals.rows.push(this.loops.row[t]);
    this.arrivals.changes.push((after >= c ? c : -c) * sign[t]);
  }

  private setState(t: number, alpha: number): void {
    const [atZero, atBound] = [alpha <= 0, alpha >= this.c];
    const onlyUp = this.sign[t] > 0 ? atZero : atBound;
    const onlyLow = this.sign[t] > 0 ? atBound : atZero;
    this.state[t] = onlyUp ? up : onlyLow ? low : free;
    this.loops.upward[t] = onlyLow ? -Infinity : 0;
    this.loops.downward[t] = onlyUp ? -Infinity : 0;
  }

  /** Puts aside variables at a bound that are not likely to leave it. */
  private shrink(): void {
    const { state } = this;
    const { gradient } = this.loops;
    let highestUp = -Infinity; // of -F over I_up
    let highestLow = -Infinity; // of F over I_low
    for (let t = 0; t < this.active; t++) {
      if ((state[t] & up) !== 0) highestUp = Math.max(highestUp, -gradient[t]);
      if ((state[t] & low) !== 0) highestLow = Math.max(highestLow, gradient[t]);
    }
    if (!this.unshrunk && highestUp + highestLow <= 10 * this.tolerance) {
      this.unshrunk = true; // once, near the end, all are looked at again
      this.activateAll();
    }
    const isSettled = (t: number): boolean => {
      if (state[t] === up) return gradient[t] > highestLow;
      if (state[t] === low) return -gradient[t] > highestUp;
      return false;
    };
    for (let t = 0; t < this.active; t++) {
      if (!isSettled(t)) continue;
      this.active--;
      while (this.active > t) {
        if (!isSettled(this.active)) {
          this.swap(t, this.active);
          break;
        }
        this.active--;
      }
    }
  }

  private swap(a: number, b: number): void {
    const { variable, sign, state, alpha, linear, bar } = this;
    const { row, gradient, upward, downward, diagonal } = this.loops;
    for (const values of [
      variable,
      sign,
      state,
      alpha,
      linear,
      bar,
      row,
      gradient,
      upward,
      downward,
      diagonal,
    ]) {
      [values[a], values[b]] = [values[b], values[a]];
    }
    this.inOrder = false;
  }

  /** Takes the shrunk ones in again, with the gradient that they missed. */
  private activateAll(): void {
    const { alpha, linear, sign, state, bar, active, size, n } = this;
    const { gradient, kernel, row } = this.loops;
    if (active === size) return;
    const { rows, changes } = this.arrivals;
    for (; this.told < rows.length; this.told++) {
      const from = rows[this.told] * n;
      const change = changes[this.told];
      for (let t = 0; t < size; t++) bar[t] += change * kernel[from + row[t]];
    }
    for (let t = active; t < size; t++) {
      let sum = bar[t] + linear[t];
      const base = row[t] * n;
      for (let s = 0; s < active; s++) {
        if (state[s] === free) sum += sign[s] * alpha[s] * kernel[base + row[s]];
      }
      gradient[t] = sum;
    }
    this.active = size;
  }

  /** Mean of F over the free variables; where none is, the middle of what the others allow. */
  private rho(): number {
    let [sum, count, upper, lower] = [0, 0, Infinity, -Infinity];
    for (let t = 0; t < this.size; t++) {
      const value = this.loops.gradient[t];
      if (this.state[t] === free) {
        sum += value;
        count++;
      } else if (this.state[t] === up) upper = Math.min(upper, value);
      else lower = Math.max(lower, value);
    }
    return count > 0 ? sum / count : (upper + lower) / 2;
  }
}
