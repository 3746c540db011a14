/** The quadratic program of support vector machines, solved two variables at a time. */

export interface SmoProblem {
  /** Kernel of the training rows, `[n, n]`, symmetric; its float32 is that of LIBSVM's cache. */
  kernel: Float32Array;
  /** Rows of `kernel`. */
  n: number;
  /** Kernel of each row with itself, `[n]`, in float64. */
  diagonal: Float64Array;
  /** The row of `kernel` that each variable belongs to, `[variables]`. */
  rows: Int32Array;
  /** y, 1 or -1, `[variables]`. */
  signs: Int8Array;
  /** y · p, p being the linear term of the objective, `[variables]`. */
  signedLinear: Float64Array;
  /** Upper bound of every variable, > 0. */
  c: number;
  /** Ends where the Karush-Kuhn-Tucker conditions are violated by less, > 0. */
  tolerance: number;
}

export interface SmoSolution {
  /** y · alpha, `[variables]`: 0 for what is no support vector. */
  coefficients: Float64Array;
  /** The decision is Σ coefficient · kernel - rho. */
  rho: number;
  iterations: number;
}

/** A variable can go up along its sign (is in I_up of the papers), down (I_low), or both where it is free. */
const up = 1;
const low = 2;
const free = up | low;

/** In the place of a curvature that is not positive. */
const tau = 1e-12;

/**
 * Minimises ½ αᵀQα + pᵀα subject to yᵀα = 0 and 0 <= α <= C, where Q_st = y_s y_t K_st.
 *
 * Sequential minimal optimisation with second-order choice of the pair ("WSS 2": Fan, Chen and Lin, "Working Set
 * Selection Using Second Order Information for Training Support Vector Machines", JMLR 6, 2005) and shrinking (Chang
 * and Lin, "LIBSVM: A Library for Support Vector Machines", ACM TIST 2(3), 2011, sections 4.1 and 5.1). After a step the
 * two gradients of the pair agree but for rounding, and rounding then decides which goes first. So sums are added up in
 * the order of LIBSVM, and ties go to the last of the equals: each step is the step that LIBSVM takes.
 *
 * All is written in the gradient times the sign, F = y ∇f, so that both signs share one formula.
 *
 * @example solveSmo({ kernel, n, diagonal, rows, signs, signedLinear, c: 1, tolerance: 1e-3 }).rho
 */
export function solveSmo(problem: SmoProblem): SmoSolution {
  const solver = new Smo(problem);
  return solver.solve();
}

class Smo {
  private readonly kernel: Float32Array;
  private readonly n: number;
  private readonly c: number;
  private readonly tolerance: number;
  private readonly size: number;
  // By place: those at 0 … active - 1 take part, those behind them are shrunk.
  private readonly variable: Int32Array;
  private readonly row: Int32Array;
  private readonly sign: Int8Array;
  private readonly state: Uint8Array;
  private readonly alpha: Float64Array;
  private readonly gradient: Float64Array;
  private readonly linear: Float64Array;
  private readonly diagonal: Float64Array;
  /** The part of the gradient that comes from variables at C; `bar` knows the first `told` of the arrivals. */
  private readonly bar: Float64Array;
  private readonly arrivals: { row: number; change: number }[] = [];
  private told = 0;
  private active: number;
  private unshrunk = false;
  private first = -1;
  private second = -1;

  constructor({ kernel, n, diagonal, rows, signs, signedLinear, c, tolerance }: SmoProblem) {
    this.kernel = kernel;
    this.n = n;
    this.c = c;
    this.tolerance = tolerance;
    this.size = rows.length;
    this.active = this.size;
    this.variable = new Int32Array(this.size);
    this.row = rows.slice();
    this.sign = signs.slice();
    this.state = new Uint8Array(this.size);
    this.alpha = new Float64Array(this.size);
    this.gradient = signedLinear.slice();
    this.linear = signedLinear.slice();
    this.diagonal = new Float64Array(this.size);
    this.bar = new Float64Array(this.size);
    // A plain loop: TypedArray.from takes longer than the solution of a small problem.
    for (let t = 0; t < this.size; t++) {
      this.variable[t] = t;
      this.state[t] = signs[t] > 0 ? up : low; // all α are 0
      this.diagonal[t] = diagonal[rows[t]];
    }
  }

  solve(): SmoSolution {
    const shrinkEvery = Math.min(this.size, 1000);
    const most = Math.max(10_000_000, 100 * this.size);
    let untilShrinking = shrinkEvery + 1;
    let iterations = 0;
    while (iterations < most) {
      if (--untilShrinking === 0) {
        untilShrinking = shrinkEvery;
        this.shrink();
      }
      if (!this.choosePair()) {
        this.activateAll();
        if (!this.choosePair()) break;
        untilShrinking = 1;
      }
      iterations++;
      this.step();
    }
    if (this.active < this.size) this.activateAll();
    const coefficients = new Float64Array(this.size);
    for (let t = 0; t < this.size; t++) coefficients[this.variable[t]] = this.sign[t] * this.alpha[t];
    return { coefficients, rho: this.rho(), iterations };
  }

  /** Sets `first` and `second`, the most promising violating pair; false where no violation exceeds the tolerance. */
  private choosePair(): boolean {
    const { active, gradient, state, diagonal, kernel, row } = this;
    let largest = -Infinity;
    let i = -1;
    for (let t = 0; t < active; t++) {
      const value = -gradient[t];
      if (value >= largest && (state[t] & up) !== 0) {
        largest = value;
        i = t;
      }
    }
    if (i === -1) return false;
    const base = row[i] * this.n;
    const own = diagonal[i];
    let highest = -Infinity;
    let best = Infinity;
    let j = -1;
    for (let t = 0; t < active; t++) {
      if ((state[t] & low) === 0) continue;
      const value = gradient[t];
      if (value > highest) highest = value;
      const violation = largest + value;
      if (violation <= 0) continue;
      const curvature = own + diagonal[t] - 2 * kernel[base + row[t]];
      const gain = -(violation * violation) / (curvature > 0 ? curvature : tau);
      if (gain <= best) {
        best = gain;
        j = t;
      }
    }
    this.first = i;
    this.second = j;
    return j !== -1 && largest + highest >= this.tolerance;
  }

  /** Solves for the two variables, within their bounds, and carries the gradient along. */
  private step(): void {
    const { first: i, second: j, alpha, gradient, row, sign, kernel, c, active } = this;
    const [baseI, baseJ] = [row[i] * this.n, row[j] * this.n];
    const curvature = this.diagonal[i] + this.diagonal[j] - 2 * kernel[baseI + row[j]];
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
    this.state[i] = this.stateOf(newI, sign[i]);
    this.state[j] = this.stateOf(newJ, sign[j]);
    const [changeI, changeJ] = [sign[i] * (newI - oldI), sign[j] * (newJ - oldJ)];
    for (let t = 0; t < active; t++) {
      const at = row[t];
      gradient[t] += kernel[baseI + at] * changeI + kernel[baseJ + at] * changeJ;
    }
  }

  /** Keeps in mind that a variable has come to C, or left it. */
  private noteArrival(t: number, before: number, after: number): void {
    const { c, row, sign } = this;
    if (before >= c === after >= c) return;
    this.arrivals.push({ row: row[t], change: (after >= c ? c : -c) * sign[t] });
  }

  private stateOf(alpha: number, sign: number): number {
    if (alpha <= 0) return sign > 0 ? up : low;
    if (alpha >= this.c) return sign > 0 ? low : up;
    return free;
  }

  /** Puts aside variables at a bound that are not likely to leave it. */
  private shrink(): void {
    const { gradient, state } = this;
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
    const { variable, row, sign, state, alpha, gradient, linear, diagonal, bar } = this;
    for (const values of [variable, row, sign, state, alpha, gradient, linear, diagonal, bar]) {
      [values[a], values[b]] = [values[b], values[a]];
    }
  }

  /** Takes the shrunk ones in again, with the gradient that they missed. */
  private activateAll(): void {
    const { alpha, gradient, linear, kernel, row, sign, state, bar, active, size, n } = this;
    if (active === size) return;
    for (; this.told < this.arrivals.length; this.told++) {
      const { row: from, change } = this.arrivals[this.told];
      for (let t = 0; t < size; t++) bar[t] += change * kernel[from * n + row[t]];
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
      const value = this.gradient[t];
      if (this.state[t] === free) {
        sum += value;
        count++;
      } else if (this.state[t] === up) upper = Math.min(upper, value);
      else lower = Math.max(lower, value);
    }
    return count > 0 ? sum / count : (upper + lower) / 2;
  }
}
