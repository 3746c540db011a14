/**
 * Solves A x = b for a symmetric positive definite A by Cholesky's factorisation A = L Lᵀ.
 *
 * Golub and Van Loan, "Matrix Computations" (4th ed., 2013), section 4.2.
 *
 * @param matrix A, row-major `[n, n]`; only the lower triangle is read, and it is overwritten by L.
 * @param rightSide b, `[n]`.
 * @returns x, `[n]`; null where A is not positive definite to working precision.
 */
export function solveCholesky(matrix: Float64Array, rightSide: Float64Array): Float64Array | null {
  const n = rightSide.length;
  for (let row = 0; row < n; row++) {
    for (let column = 0; column <= row; column++) {
      let rest = matrix[row * n + column];
      for (let k = 0; k < column; k++) rest -= matrix[row * n + k] * matrix[column * n + k];
      if (row > column) {
        matrix[row * n + column] = rest / matrix[column * n + column];
      } else {
        if (!(rest > 0)) return null;
        matrix[row * n + row] = Math.sqrt(rest);
      }
    }
  }

  const solution = rightSide.slice();
  for (let row = 0; row < n; row++) {
    for (let k = 0; k < row; k++) solution[row] -= matrix[row * n + k] * solution[k];
    solution[row] /= matrix[row * n + row];
  }
  for (let row = n - 1; row >= 0; row--) {
    for (let k = row + 1; k < n; k++) solution[row] -= matrix[k * n + row] * solution[k];
    solution[row] /= matrix[row * n + row];
  }
  return solution;
}
