/** What overlapping windows sum to: needed to undo a short-time Fourier transform. */

/**
 * Sum of the squares of `nFrames` windows `hopLength` apart, from the first sample of the first to the last of the last.
 * Same numbers as librosa 0.11 `filters.window_sumsquare`.
 *
 * @example overlappedSquares(Float64Array.of(1, 2), 3, 1) // [1, 5, 5, 4]
 */
export function overlappedSquares(window: Float64Array, nFrames: number, hopLength: number): Float64Array {
  const sum = new Float64Array(window.length + hopLength * (nFrames - 1));
  for (let frame = 0; frame < nFrames; frame++) {
    window.forEach((value, n) => (sum[frame * hopLength + n] += value * value));
  }
  return sum;
}

/**
 * The window that undoes `window` in an endless row of frames: each sample by the sum of the squares of all that meet
 * there; 0 where they are all 0. Griffin & Lim 1984, "Signal estimation from modified short-time Fourier transform",
 * equation 7; same numbers as TensorFlow 2.20 `signal.inverse_stft_window_fn`.
 *
 * @example inverseWindow(Float64Array.of(1, 2), 1) // [0.2, 0.4]
 */
export function inverseWindow(window: Float64Array, hopLength: number): Float64Array {
  const squares = new Float64Array(hopLength);
  window.forEach((value, n) => (squares[n % hopLength] += value * value));
  return window.map((value, n) => (squares[n % hopLength] === 0 ? 0 : value / squares[n % hopLength]));
}
