import { expect, test } from 'vitest';
import { solveCholesky } from '../../../src/transfer/solveCholesky.ts';

test('a 3 × 3 system is solved, reading the lower triangle only', () => {
  // [[4, 2, 0], [2, 5, 4], [0, 4, 9]] · [1, -2, 3] = [0, 4, 19]
  const solution = solveCholesky(
    Float64Array.of(4, NaN, NaN, 2, 5, NaN, 0, 4, 9),
    Float64Array.of(0, 4, 19),
  )!;
  [1, -2, 3].forEach((value, i) => expect(solution[i]).toBeCloseTo(value, 12));
});

test('a matrix that is not positive definite gives null', () => {
  expect(solveCholesky(Float64Array.of(1, 2, 2, 1), Float64Array.of(1, 1))).toBeNull();
});
