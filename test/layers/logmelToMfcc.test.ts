import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { LogmelToMFCC } from '../../layers/logmelToMfcc.ts';
import { expectClose } from '../support/expectClose.ts';
import { onEngines } from '../support/onEngines.ts';

onEngines(() => {
  test('a flat spectrum has coefficient 0 alone: √N times its level, and √2 times that with htk', () => {
    const flat = tf.fill([1, 1, 8, 1], 3);
    const ortho = new LogmelToMFCC({ nMfccs: 3 }).apply(flat) as tf.Tensor;
    expectClose(ortho, [3 * Math.sqrt(8), 0, 0], { atol: 1e-5 });
    const htk = new LogmelToMFCC({ nMfccs: 3, norm: 'htk' }).apply(flat) as tf.Tensor;
    expectClose(htk, [3 * Math.sqrt(16), 0, 0], { atol: 1e-5 });
  });

  test('all coefficients with ortho keep the length of a frame', () => {
    const x = tf.randomNormal([1, 1, 12, 1], 0, 1, 'float32', 2);
    const mfccs = new LogmelToMFCC({ nMfccs: 12 }).apply(x) as tf.Tensor;
    expectClose(tf.sum(tf.square(mfccs)), tf.sum(tf.square(x)), { rtol: 1e-5 });
  });
});

test('more coefficients than mel bands are refused, with the way out', () => {
  const layer = new LogmelToMFCC({ nMfccs: 21 });
  expect(() => layer.build([null, 5, 20, 1])).toThrow('Lower nMfccs or raise nMels');
  expect(() => new LogmelToMFCC({ nMfccs: 0 })).toThrow('nMfccs must be an integer >= 1');
});
