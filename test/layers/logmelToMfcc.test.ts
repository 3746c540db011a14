import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { LogmelToMFCC } from '../../layers/logmelToMfcc.ts';
import { checkLayer } from '../support/checkLayer.ts';
import { expectClose } from '../support/expectClose.ts';
import { expectGradient } from '../support/expectGradient.ts';
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

  test('owes what every layer owes, in both data formats, with the gradient of finite differences', async () => {
    const x = tf.randomNormal([2, 3, 9, 2], 0, 1, 'float32', 1);
    await checkLayer(() => new LogmelToMFCC({ nMfccs: 5 }), x);
    const first = tf.transpose(x, [0, 3, 1, 2]);
    const create = () => new LogmelToMFCC({ nMfccs: 5, norm: 'htk', dataFormat: 'channelsFirst' });
    await checkLayer(create, first);
    expectGradient((v) => create().apply(v) as tf.Tensor, first);
  });
});

test('more coefficients than mel bands are refused, with the way out', () => {
  const layer = new LogmelToMFCC({ nMfccs: 21 });
  expect(() => layer.build([null, 5, 20, 1])).toThrow('Lower nMfccs or raise nMels');
  expect(() => new LogmelToMFCC({ nMfccs: 0 })).toThrow('nMfccs must be an integer >= 1');
});
