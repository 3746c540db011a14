/**
 * Round numbers from `low` to `high` for an axis: multiples of 1, 2 or 5 times a power of ten.
 *
 * @param count About how many; the result holds at most `count + 1`.
 * @param smallestStep Ticks are at least this far apart, e.g. 1 for counts. Default 0.
 * @example niceTicks(0, 29, 6) // [0, 5, 10, 15, 20, 25]
 */
export function niceTicks(low: number, high: number, count: number, smallestStep = 0): number[] {
  if (!(high > low)) return [low];
  const rough = Math.max((high - low) / count, smallestStep);
  const power = Math.floor(Math.log10(rough) + 1e-9);
  const factor = [1, 2, 5, 10].find((candidate) => candidate * 10 ** power >= rough * (1 - 1e-9))!;
  // A power of ten below 1 is not exact in binary, its inverse is: divide, so that 3 · 0.1 comes out as 0.3.
  const times = (k: number) => (power < 0 ? (k * factor) / 10 ** -power : k * factor * 10 ** power);
  const step = times(1);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => times(first + i));
}
