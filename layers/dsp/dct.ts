/** The discrete cosine transform as a matrix. */

export const dctNorms = ['ortho', 'htk'] as const;
export type DctNorm = (typeof dctNorms)[number];

/**
 * DCT-II, row-major `[inputs, outputs]`, to be multiplied from the right: `√(2/N) · Σ x[n]·cos(π·k·(2n + 1) / 2N)`.
 * `'ortho'` scales output 0 by √½ more, which makes the whole matrix orthogonal, as SciPy and librosa do; `'htk'`
 * leaves it, as HTK, TensorFlow and Kapre do.
 *
 * @example dctMatrix(2, 1, 'ortho') // [√½, √½]
 */
export function dctMatrix(inputs: number, outputs: number, norm: DctNorm): Float32Array {
  const matrix = new Float32Array(inputs * outputs);
  for (let n = 0; n < inputs; n++) {
    for (let k = 0; k < outputs; k++) {
      const gain = Math.sqrt((k === 0 && norm === 'ortho' ? 1 : 2) / inputs);
      matrix[n * outputs + k] = gain * Math.cos((Math.PI * k * (2 * n + 1)) / (2 * inputs));
    }
  }
  return matrix;
}
