import { expect } from 'vitest';
import type * as tf from '@tensorflow/tfjs';

export interface Tolerance {
  /** Absolute. Default 0. */
  atol?: number;
  /** Relative to the expected value. Default 0. */
  rtol?: number;
}

type Nested = number | ArrayLike<number> | Nested[];

/** Fails unless `|actual - expected| <= atol + rtol * |expected|` everywhere, naming the worst place. */
export function expectClose(
  actual: tf.Tensor | Nested,
  expected: tf.Tensor | Nested,
  tolerance: Tolerance,
): void {
  const { atol = 0, rtol = 0 } = tolerance;
  const a = flat(actual);
  const b = flat(expected);
  expect(a.length).toBe(b.length);
  let worst = { excess: -Infinity, index: -1 };
  for (let index = 0; index < a.length; index++) {
    const excess = Math.abs(a[index] - b[index]) - (atol + rtol * Math.abs(b[index]));
    if (!(excess <= worst.excess)) worst = { excess, index };
  }
  const { excess, index } = worst;
  if (!(excess <= 0) && a.length > 0) {
    expect.fail(`at ${index}: got ${a[index]}, expected ${b[index]} (atol ${atol}, rtol ${rtol})`);
  }
}

function flat(values: tf.Tensor | Nested): number[] {
  if (typeof values === 'number') return [values];
  if ('dataSync' in values) return Array.from(values.dataSync());
  return Array.from(values as ArrayLike<Nested>).flatMap((value) =>
    typeof value === 'number' ? value : flat(value),
  );
}
