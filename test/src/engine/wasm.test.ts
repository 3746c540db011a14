import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { useEngine } from '../../../src/engine/engine.ts';

beforeAll(async () => {
  await useEngine('wasm');
});

test('a tensor beyond the memory of wasm is refused, not written over address 0', () => {
  const reserve = (floats: number) => {
    const backend = tf.backend() as unknown as { makeOutput(shape: number[], dtype: string): tf.TensorInfo };
    return tf.engine().makeTensorFromTensorInfo(backend.makeOutput([floats], 'float32'));
  };
  const before = tf.tensor1d([1, 2, 3]);
  const taken: tf.Tensor[] = [];
  try {
    // Reserved and not touched: addresses, no memory.
    expect(() => {
      for (let i = 0; i < 5; i++) taken.push(reserve(2 ** 28));
    }).toThrow(/memory is full, a tensor of 1024 MB does not fit/);
    expect(() => reserve(2 ** 30)).toThrow(/a tensor of 4096 MB does not fit/);
  } finally {
    tf.dispose(taken);
  }
  expect([...before.dataSync()]).toEqual([1, 2, 3]);
});
