/**
 * Row-major `[from, to]`: each of `to` columns is the mean of an equal stretch of `from` rows, a row at an edge counting
 * by the part that lies within.
 *
 * @example averagingMatrix(3, 2) // [2/3, 0,  1/3, 1/3,  0, 2/3]
 */
export function averagingMatrix(from: number, to: number): Float32Array {
  const matrix = new Float32Array(from * to);
  const width = from / to;
  for (let column = 0; column < to; column++) {
    const [start, end] = [column * width, (column + 1) * width];
    for (let row = Math.floor(start); row < Math.min(from, Math.ceil(end)); row++) {
      matrix[row * to + column] = (Math.min(end, row + 1) - Math.max(start, row)) / width;
    }
  }
  return matrix;
}
