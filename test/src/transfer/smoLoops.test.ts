import { expect, test } from 'vitest';
import { createRandom } from '../../../datasets/random.ts';
import { dotProducts, kernelOf, type KernelChoice } from '../../../src/transfer/svm/kernel.ts';
import {
  fastSmoLoops,
  plainSmoLoops,
  type SmoLoops,
  type SmoSizes,
} from '../../../src/transfer/svm/smoLoops.ts';
import { solveSmo } from '../../../src/transfer/svm/solveSmo.ts';

/** Loops on random arrays, half of the variables at a bound. */
function filled(make: (sizes: SmoSizes) => SmoLoops, n: number, order: number[]): SmoLoops {
  const random = createRandom(n, order.length);
  const loops = make({ n, variables: order.length });
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      loops.kernel[i * n + j] = i === j ? 1 : random.uniform(-1, 1);
      loops.kernel[j * n + i] = loops.kernel[i * n + j];
    }
  }
  order.forEach((row, t) => {
    loops.row[t] = row;
    loops.gradient[t] = random.integer(-4, 4) / 4; // ties
    loops.upward[t] = random.chance(0.3) ? -Infinity : 0;
    loops.downward[t] = random.chance(0.3) && loops.upward[t] === 0 ? -Infinity : 0;
    loops.diagonal[t] = 1;
  });
  return loops;
}

const reversed = (n: number) => Array.from({ length: n }, (_, i) => n - 1 - i);
const cases: [name: string, n: number, order: number[], active: number][] = [
  ['two places', 2, [0, 1], 2],
  ['one place', 1, [0], 1],
  ['an even number of places', 24, [...Array(24).keys()], 24],
  ['an odd number of places', 31, [...Array(31).keys()], 31],
  ['places out of order', 31, reversed(31), 31],
  ['two variables a row, of which some are shrunk', 12, [...Array(12).keys(), ...reversed(12)], 17],
];

test.each(cases)('with %s, SIMD has the bits and the choices of the plain loops', (_, n, order, active) => {
  const inOrder = order.every((row, t) => row === t);
  const outcomes = [plainSmoLoops, fastSmoLoops].map((make) => {
    const loops = filled(make, n, order);
    const choices: number[] = [];
    for (let round = 0; round < 20; round++) {
      const [rowI, rowJ] = [round % n, (3 * round + 1) % n];
      const first = loops.updateAndChooseFirst(rowI, rowJ, round / 7, -round / 9, active, inOrder);
      const second = loops.chooseSecond(first, active, 0.1, inOrder);
      choices.push(first, second, loops.chooseSecond(first, active, 1e9, inOrder));
    }
    return { choices, gradient: Array.from(loops.gradient) };
  });
  expect(outcomes[1]).toEqual(outcomes[0]);
  expect(outcomes[0].choices).toContain(-1);
});

test.each<[string, KernelChoice]>([
  ['rbf', { kernel: 'rbf', gamma: 0.5 }],
  ['linear, on large features', { kernel: 'linear' }],
])('whole solutions are the same to the bit: %s', (_, choice) => {
  const random = createRandom(3);
  const n = 161;
  const rows = Float64Array.from({ length: 4 * n }, () => random.uniform(-3, 3));
  const kernel = kernelOf(dotProducts(rows, new Float64Array(0), 4), choice);
  const signs = Int8Array.from({ length: n }, () => (random.chance(0.5) ? 1 : -1));
  const problem = {
    fillKernel: (target: Float32Array) => target.set(kernel.values),
    ...{ n, diagonal: kernel.diagonal, signs, tolerance: 1e-3, maxIterations: 20_000 },
    rows: Int32Array.from({ length: n }, (_, i) => i),
    signedLinear: Float64Array.from(signs, (sign) => -sign),
  };
  const [plain, fast] = [plainSmoLoops, fastSmoLoops].map((make) => solveSmo(problem, [0.1, 8], make));
  expect(fast).toEqual(plain);
  expect(plain[1].iterations).toBeGreaterThan(n); // shrunk at least once
});

test('under a larger C that no variable comes to, the solution is that of the smaller one, to the bit', () => {
  const random = createRandom(4);
  const n = 60;
  const rows = Float64Array.from({ length: 3 * n }, () => random.uniform(-2, 2));
  const kernel = kernelOf(dotProducts(rows, new Float64Array(0), 3), { kernel: 'rbf', gamma: 3 });
  const signs = Int8Array.from({ length: n }, (_, i) => (i % 2 === 0 ? 1 : -1));
  const problem = {
    fillKernel: (target: Float32Array) => target.set(kernel.values),
    ...{ n, diagonal: kernel.diagonal, signs, tolerance: 1e-3, maxIterations: 20_000 },
    rows: Int32Array.from({ length: n }, (_, i) => i),
    signedLinear: Float64Array.from(signs, (sign) => -sign),
  };
  const penalties = [1e5, 0.5, 1e3, 1e4]; // at 0.5 some are at the bound
  const together = solveSmo(problem, penalties);
  expect(together).toEqual(penalties.map((c) => solveSmo(problem, [c])[0]));
  expect(together[2]).toEqual(together[3]);
  expect(together[1].coefficients).not.toEqual(together[2].coefficients);
});

test('a bound on the steps ends the search, and says so', () => {
  const kernel = kernelOf(dotProducts(Float64Array.of(0, 1, 2, 3), new Float64Array(0), 1), {
    kernel: 'linear',
  });
  const signs = Int8Array.of(1, -1, 1, -1);
  const problem = {
    fillKernel: (target: Float32Array) => target.set(kernel.values),
    ...{ n: 4, diagonal: kernel.diagonal, signs, tolerance: 1e-12 },
    rows: Int32Array.of(0, 1, 2, 3),
    signedLinear: Float64Array.of(-1, 1, -1, 1),
  };
  const [bounded] = solveSmo({ ...problem, maxIterations: 1 }, [1e9]);
  expect([bounded.iterations, bounded.converged]).toEqual([400, false]); // 100 a variable
  const [free] = solveSmo({ ...problem, maxIterations: 1 }, [0.1]);
  expect(free.converged).toBe(true);
});
