import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, expect, test } from 'vitest';
import { prepareKernels } from '../../../layers/kernels/index.ts';

beforeAll(async () => {
  await tf.setBackend('wasm');
  await prepareKernels('wasm');
});

test('a copy keeps its values when what it was made of is gone, the other way round too', () => {
  const x = tf.tensor2d([[1, 2, 3], [4, 5, 6]]); // prettier-ignore
  const [first, second] = [x.clone(), x.clone()];
  x.dispose();
  expect([...first.dataSync()]).toEqual([1, 2, 3, 4, 5, 6]);
  first.dispose();
  expect(second.shape).toEqual([2, 3]);
  expect([...second.dataSync()]).toEqual([1, 2, 3, 4, 5, 6]);
  second.dispose();
});

test('a variable that is assigned anew leaves its copies as they were', () => {
  const variable = tf.variable(tf.tensor1d([1, 2]));
  const copy = variable.clone();
  variable.assign(tf.tensor1d([3, 4]));
  expect([...copy.dataSync()]).toEqual([1, 2]);
  expect([...variable.dataSync()]).toEqual([3, 4]);
  tf.dispose([variable, copy]);
});

test('copies hold no memory of their own, and leave none behind', () => {
  const before = tf.memory();
  const x = tf.zeros([1000]);
  const buffers = tf.memory().numDataBuffers;
  const copies = Array.from({ length: 5 }, () => x.clone());
  expect(tf.memory().numDataBuffers).toBe(buffers);
  tf.dispose([x, ...copies]);
  expect(tf.memory()).toMatchObject({ numTensors: before.numTensors, numDataBuffers: before.numDataBuffers });
});

test('integers, booleans and text are copied too', () => {
  expect([...tf.tensor1d([1, -2], 'int32').clone().dataSync()]).toEqual([1, -2]);
  expect([...tf.tensor1d([true, false], 'bool').clone().dataSync()]).toEqual([1, 0]);
  expect(tf.tensor1d(['a', 'é'], 'string').clone().dataSync()).toEqual(['a', 'é']);
});
