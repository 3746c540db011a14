/** Names of vector norms as options take them; Infinity would not survive JSON. */

/** 1 the sum of magnitudes, 2 the root of the sum of squares, `'inf'` the largest magnitude, null no division at all. */
export const norms = [1, 2, 'inf', null] as const;
export type Norm = (typeof norms)[number];

/** The norm of some numbers; 1 where it is null. */
export function normOf(values: ArrayLike<number>, norm: Norm): number {
  if (norm === null) return 1;
  const magnitudes = Array.from(values, Math.abs);
  if (norm === 'inf') return Math.max(...magnitudes);
  if (norm === 1) return magnitudes.reduce((sum, value) => sum + value, 0);
  return Math.sqrt(magnitudes.reduce((sum, value) => sum + value ** 2, 0));
}
