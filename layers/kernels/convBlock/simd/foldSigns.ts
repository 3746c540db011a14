/** Each filter `[…][filters]` times the sign of its gamma: with such a kernel the pool is always a maximum. */
export function foldSigns(kernel: ArrayLike<number>, gamma: Float32Array): Float32Array {
  const folded = Float32Array.from(kernel);
  const filters = gamma.length;
  for (let k = 0; k < filters; k++) {
    if (!(gamma[k] < 0)) continue;
    for (let i = k; i < folded.length; i += filters) folded[i] = -folded[i];
  }
  return folded;
}
