import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { Magnitude } from '../../layers/magnitude.ts';
import { expectClose } from '../support/expectClose.ts';
import { onEngines } from '../support/onEngines.ts';

onEngines(() => {
  test('is the length of each pair; silence is exactly 0 and has the gradient 0', () => {
    const layer = new Magnitude();
    const x = tf.tensor2d([[3, -4], [0, 0], [-5, 12]]); // prettier-ignore
    expectClose(layer.apply(x) as tf.Tensor, [5, 0, 13], { rtol: 1e-6 });
    const gradient = tf.grad((v) => tf.sum(layer.apply(v) as tf.Tensor))(x);
    expectClose(gradient, [0.6, -0.8, 0, 0, -5 / 13, 12 / 13], { atol: 1e-6 });
  });

  test('NaN stays where it is', () => {
    const out = new Magnitude().apply(tf.tensor2d([[NaN, 1], [0, 2]])) as tf.Tensor; // prettier-ignore
    expect(Array.from(out.dataSync())).toEqual([NaN, 2]);
  });
});

test('a tensor without parts is refused', () => {
  expect(() => new Magnitude().apply(tf.zeros([1, 3, 4, 1]))).toThrow(
    'Magnitude needs a complex spectrogram',
  );
});
