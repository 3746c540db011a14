/** Sums and means over all axes but the last against sums in float64. */
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { onWebgpu, relativeError, useWebgpu } from '../../../support/webgpuAdapter.ts';

await onWebgpu(() => {
  beforeAll(useWebgpu);

  test.each([
    [[2, 3, 4, 5], [0, 1, 2], false],
    [[1, 1], [0], true],
    [[7, 1], [0], false],
    [[3, 200, 20, 33], [0, 1, 2], true],
    [[5000, 70], [0], false],
    [[600_000, 2], [0], false],
    [[4, 6, 3], [2], false], // another axis: the stock kernel
    [[4, 6, 3], [0], true],
    [[4, 6, 3], [0, 1, 2], false],
  ] as [number[], number[], boolean][])(
    'sum and mean of %o over axes %o, axes kept: %s, are those of float64 within 1e-6',
    async (shape, axes, keepDims) => {
      const x = tf.randomUniform(shape, 0, 2, 'float32', 3);
      const values = await x.data();
      const outShape = shape.flatMap((length, i) => (axes.includes(i) ? (keepDims ? [1] : []) : [length]));
      const sums = new Float64Array(tf.util.sizeFromShape(outShape));
      const strides = [...tf.util.computeStrides(shape), 1];
      const kept = shape.map((_, i) => i).filter((i) => !axes.includes(i));
      for (let at = 0; at < values.length; at++) {
        const place = kept.reduce((sum, i) => sum * shape[i] + (Math.floor(at / strides[i]) % shape[i]), 0);
        sums[place] += values[at];
      }
      const sum = tf.sum(x, axes, keepDims);
      const mean = tf.mean(x, axes, keepDims);
      expect([sum.shape, mean.shape]).toEqual([outShape, outShape]);
      expect(relativeError(await sum.data<'float32'>(), Float32Array.from(sums))).toBeLessThan(1e-6);
      const count = values.length / sums.length;
      const means = Float32Array.from(sums, (total) => total / count);
      expect(relativeError(await mean.data<'float32'>(), means)).toBeLessThan(1e-6);
      tf.dispose([x, sum, mean]);
    },
  );

  test('a sum of integers stays one of integers', async () => {
    const sum = tf.sum(tf.tensor2d([1, 2, 3, 4], [2, 2], 'int32'), 0);
    expect(sum.dtype).toBe('int32');
    expect([...(await sum.data())]).toEqual([4, 6]);
  });
});
