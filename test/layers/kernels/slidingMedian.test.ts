import * as tf from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';
import { slidingMedianByTopK } from '../../../layers/kernels/slidingMedian/composite.ts';
import { slidingMedian } from '../../../layers/kernels/slidingMedian/index.ts';
import { onEngines } from '../../support/onEngines.ts';

/** The middle of each window put in order. */
function mediansBySorting(row: number[], size: number): number[] {
  return Array.from(
    { length: row.length - size + 1 },
    (_, at) => row.slice(at, at + size).sort((a, b) => a - b)[(size - 1) / 2],
  );
}

onEngines(() => {
  describe.each([slidingMedian, slidingMedianByTopK])('%s', (medians) => {
    test.each([1, 3, 7, 31, 33])('the median of %i neighbours is the middle of them in order', (size) => {
      const x = tf.randomNormal([3, 37], 0, 1, 'float32', size);
      const rows = tf.concat([x, tf.round(tf.abs(x))]).arraySync() as number[][]; // the latter with equal values
      const expected = rows.map((row) => mediansBySorting(row, size));
      expect(medians(tf.tensor2d(rows), 1, size).arraySync()).toEqual(expected);
      const columns = medians(tf.transpose(tf.tensor2d(rows)), 0, size);
      expect(tf.transpose(columns).arraySync()).toEqual(expected);
    });

    test('an axis between others, a window as long as the axis, and nothing left behind', () => {
      const x = tf.tensor3d([[[1, 9], [5, 8], [3, 7]], [[4, 0], [4, 2], [-6, 1]]]); // prettier-ignore
      const before = tf.memory().numTensors;
      const output = medians(x, 1, 3);
      expect(output.arraySync()).toEqual([[[3, 8]], [[4, 1]]]);
      expect(tf.memory().numTensors).toBe(before + 1);
    });
  });

  test('NaN is the median of the windows that hold it, and of no other', () => {
    const rows = tf.tensor2d([[1, 2, NaN, 4, 5, 9, 7], [3, 1, 2, 6, 5, 4, 0]]); // prettier-ignore
    const expected = [[NaN, NaN, NaN, 5, 7], [2, 2, 5, 5, 4]]; // prettier-ignore
    expect(slidingMedian(rows, 1, 3).arraySync()).toEqual(expected);
  });
});
