import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { Delta } from '../../layers/delta.ts';
import { expectClose } from '../support/expectClose.ts';
import { onEngines } from '../support/onEngines.ts';

/** One bin over time. */
const line = (values: number[]) => tf.tensor4d(values, [1, values.length, 1, 1]);

onEngines(() => {
  test('the ends are mirrored, with or without the edge frame, or zero', () => {
    const squares = line([0, 1, 4, 9]);
    const deltaOf = (mode: 'symmetric' | 'reflect' | 'constant') =>
      new Delta({ winLength: 3, mode }).apply(squares) as tf.Tensor;
    // half the difference of both neighbours
    expectClose(deltaOf('symmetric'), [0.5, 2, 4, 2.5], { atol: 1e-6 });
    expectClose(deltaOf('reflect'), [0, 2, 4, 0], { atol: 1e-6 });
    expectClose(deltaOf('constant'), [0.5, 2, 4, -2], { atol: 1e-6 });
  });

  test('a straight line has its slope, a constant none, at any winLength', () => {
    const rising = line([0, 3, 6, 9, 12, 15, 18]);
    for (const winLength of [3, 5, 7]) {
      const inner = tf.slice(new Delta({ winLength }).apply(rising) as tf.Tensor, [0, 3], [1, 1]);
      expectClose(inner, [3], { rtol: 1e-6 });
      expectClose(new Delta({ winLength }).apply(line([5, 5, 5, 5])) as tf.Tensor, [0, 0, 0, 0], { atol: 0 });
    }
  });

  test('each channel has its own slopes, in both data formats', () => {
    const x = tf.randomNormal([2, 6, 3, 2], 0, 1, 'float32', 1);
    const layer = new Delta({ winLength: 5, mode: 'reflect' });
    const apart = tf.split(x, 2, 3).map((channel) => layer.apply(channel) as tf.Tensor);
    expectClose(layer.apply(x) as tf.Tensor, tf.concat(apart, 3), { atol: 0 });
    const first = new Delta({ winLength: 5, mode: 'reflect', dataFormat: 'channelsFirst' });
    const swapped = first.apply(tf.transpose(x, [0, 3, 1, 2])) as tf.Tensor;
    expectClose(tf.transpose(swapped, [0, 2, 3, 1]), layer.apply(x) as tf.Tensor, { atol: 0 });
  });
});

test('an even winLength and too few frames to mirror are refused; zeros need none', () => {
  expect(() => new Delta({ winLength: 4 })).toThrow('winLength must be odd and >= 3 frames; got 4');
  expect(() => new Delta({ winLength: 7, mode: 'reflect' }).apply(line([1, 2, 3]))).toThrow(
    'at least 4 frames; got 3',
  );
  expect((new Delta({ winLength: 7, mode: 'constant' }).apply(line([1])) as tf.Tensor).shape).toEqual([
    1, 1, 1, 1,
  ]);
});
