import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { expect, test } from 'vitest';
import { prepareKernels } from '../../../layers/kernels/index.ts';

async function poolGradients(
  backend: string,
  filter: [number, number],
  strides: [number, number],
  pad: 'same' | 'valid',
) {
  await tf.setBackend(backend);
  await prepareKernels(backend);
  return tf.tidy(() => {
    const x = tf.sub(tf.randomNormal([2, 9, 7, 3], 0, 1, 'float32', 1), 1) as tf.Tensor4D;
    const pooled = tf.maxPool(x, filter, strides, pad);
    const dy = tf.randomNormal(pooled.shape, 0, 1, 'float32', 2);
    return [
      ...tf
        .grad((input: tf.Tensor) => tf.maxPool(input as tf.Tensor4D, filter, strides, pad))(x, dy)
        .dataSync(),
    ];
  });
}

test.each([
  ['no rest', [3, 7], [3, 7], 'valid'],
  ['rows and columns left over', [2, 3], [2, 3], 'valid'],
  ['overlapping windows', [3, 3], [2, 1], 'same'],
] as const)(
  'max-pooling passes gradients on wasm as on cpu, negative maxima included: %s',
  async (_, filter, strides, pad) => {
    const got = await poolGradients('wasm', [...filter], [...strides], pad);
    const expected = await poolGradients('cpu', [...filter], [...strides], pad);
    expect(expected.filter((value) => value !== 0).length).toBeGreaterThan(5);
    got.forEach((value, i) => expect(value).toBeCloseTo(expected[i], 6));
  },
);

test('a window of negative values gives its gradient to the largest, and of equals to the first', async () => {
  await tf.setBackend('wasm');
  await prepareKernels('wasm');
  const x = tf.tensor4d([-3, -1, -2, -2, -5, -5], [1, 3, 2, 1]);
  const dy = tf.tensor4d([4, 6, 8], [1, 3, 1, 1]);
  const dx = tf.grad((input: tf.Tensor) => tf.maxPool(input as tf.Tensor4D, [1, 2], [1, 2], 'valid'))(x, dy);
  expect([...dx.dataSync()]).toEqual([0, 4, 6, 0, 8, 0]);
});
