import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, expect, test } from 'vitest';
import { prepareKernels } from '../../../layers/kernels/index.ts';

beforeAll(async () => {
  await tf.setBackend('wasm');
  await prepareKernels('wasm');
});

const cube = () => tf.tensor3d(Array.from({ length: 24 }, (_, i) => i), [2, 3, 4]); // prettier-ignore

test.each([
  { what: 'one image of two', begin: [1, 0, 0], size: [1, 3, 4], values: [12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23] }, // prettier-ignore
  { what: 'rows of one image', begin: [0, 1, 0], size: [1, 2, 4], values: [4, 5, 6, 7, 8, 9, 10, 11] },
  { what: 'a part of one row', begin: [1, 2, 1], size: [1, 1, 2], values: [21, 22] },
  { what: 'a column of each, which lies in pieces', begin: [0, 0, 3], size: [2, 3, 1], values: [3, 7, 11, 15, 19, 23] }, // prettier-ignore
  { what: 'rows of each, which lie in pieces', begin: [0, 2, 0], size: [2, 1, 4], values: [8, 9, 10, 11, 20, 21, 22, 23] }, // prettier-ignore
  { what: 'up to the end, by -1', begin: [1, 1, 0], size: [-1, -1, -1], values: [16, 17, 18, 19, 20, 21, 22, 23] }, // prettier-ignore
  { what: 'all', begin: [0, 0, 0], size: [2, 3, 4], values: Array.from({ length: 24 }, (_, i) => i) },
  { what: 'nothing, at the start', begin: [0, 0, 0], size: [0, 3, 4], values: [] },
  { what: 'nothing, at the end', begin: [2, 0, 0], size: [0, 3, 4], values: [] },
])('a slice holds what it is cut from: $what', ({ begin, size, values }) => {
  tf.tidy(() => {
    const sliced = tf.slice(cube(), begin, size);
    expect([...sliced.dataSync()]).toEqual(values);
    expect(sliced.shape).toEqual(size.map((length, axis) => (length < 0 ? [2, 3, 4][axis] - begin[axis] : length))); // prettier-ignore
  });
});

test('integers, booleans and text are cut too, and keep their type', () => {
  tf.tidy(() => {
    const integers = tf.slice(tf.tensor1d([1, -2, 3], 'int32'), 1, 2);
    expect([integers.dtype, ...integers.dataSync()]).toEqual(['int32', -2, 3]);
    const booleans = tf.slice(tf.tensor1d([true, false, true], 'bool'), 0, 2);
    expect([booleans.dtype, ...booleans.dataSync()]).toEqual(['bool', 1, 0]);
    expect(tf.slice(tf.tensor1d(['a', 'é', 'c'], 'string'), 1, 1).dataSync()).toEqual(['é']);
  });
});

test('a slice outlives what it was cut from, and is not changed with it', () => {
  const variable = tf.variable(tf.tensor1d([1, 2, 3]));
  const piece = tf.slice(variable, 1, 2);
  variable.assign(tf.tensor1d([7, 8, 9]));
  variable.dispose();
  expect([...piece.dataSync()]).toEqual([2, 3]);
  piece.dispose();
});

test('the gradient of a slice is zero outside it', () => {
  tf.tidy(() => {
    const gradient = tf.grad((x) => tf.sum(tf.mul(tf.slice(x, 1, 2), tf.tensor1d([5, 6]))))(tf.tensor1d([1, 2, 3, 4])); // prettier-ignore
    expect([...gradient.dataSync()]).toEqual([0, 5, 6, 0]);
  });
});
