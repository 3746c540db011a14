import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { Phase } from '../../layers/phase.ts';
import { expectClose } from '../support/expectClose.ts';
import { expectGradient } from '../support/expectGradient.ts';
import { onEngines } from '../support/onEngines.ts';

/** Both half axes of each part, one point in each quadrant and eighth, and 0. */
const points = [
  [1, 0], [-1, 0], [0, 1], [0, -1], [3, 4], [4, 3], [-3, 4], [-4, 3], [-3, -4], [-4, -3], [3, -4], [4, -3], [0, 0],
]; // prettier-ignore
const angles = points.map(([re, im]) => Math.atan2(im, re));

onEngines(() => {
  test('is atan2, ±π/2 on the imaginary axis, exact and approximated', () => {
    const x = tf.tensor2d(points);
    expectClose(new Phase().apply(x) as tf.Tensor, angles, { atol: 1e-6 });
    expectClose(new Phase({ approxAtanAccuracy: 10 }).apply(x) as tf.Tensor, angles, { atol: 1e-6 });
  });

  test('approximations of depth 1 and 2 are those of the continued fraction', () => {
    const diagonal = tf.tensor2d([[1, 1]]);
    const depth = (n: number) => new Phase({ approxAtanAccuracy: n }).apply(diagonal) as tf.Tensor;
    expectClose(depth(1), [1 / (1 + 1 / 3)], { rtol: 1e-6 });
    expectClose(depth(2), [1 / (1 + 1 / (3 + 4 / 5))], { rtol: 1e-6 });
  });

  test('the gradient is finite at 0 and that of finite differences elsewhere', () => {
    const x = tf.tensor2d(points);
    for (const approxAtanAccuracy of [null, 20]) {
      const layer = new Phase({ approxAtanAccuracy });
      const gradient = tf.grad((v) => tf.sum(layer.apply(v) as tf.Tensor))(x);
      expect(Array.from(gradient.dataSync()).every(Number.isFinite)).toBe(true);
      expectClose(tf.slice(gradient, 12), [0, 0], { atol: 0 });
      // away from the cut along the negative real axis
      const right = tf.add(tf.randomUniform([2, 3, 2], -0.4, 0.4, 'float32', 2), tf.tensor1d([1, 0]));
      expectGradient((v) => layer.apply(v) as tf.Tensor, right as tf.Tensor, { step: 3e-3 });
    }
  });
});

test('a depth below 1 and a tensor without parts are refused', () => {
  expect(() => new Phase({ approxAtanAccuracy: 0 })).toThrow(
    'approxAtanAccuracy, unless null, must be an integer >= 1',
  );
  expect(() => new Phase().apply(tf.zeros([1, 3]))).toThrow('Phase needs a complex spectrogram');
});
