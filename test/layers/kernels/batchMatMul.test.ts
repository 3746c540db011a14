import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, test } from 'vitest';
import { prepareKernels } from '../../../layers/kernels/index.ts';
import { expectClose } from '../../support/expectClose.ts';

beforeAll(async () => {
  await tf.setBackend('wasm');
  await prepareKernels('wasm');
});

/** Values and batch of a product by the definition, in float64: batches as in NumPy `matmul`. */
function productByDefinition(a: tf.Tensor, b: tf.Tensor, transposeA: boolean, transposeB: boolean) {
  const [rows, inner] = transposeA ? a.shape.slice(-2).reverse() : a.shape.slice(-2);
  const columns = b.shape.at(transposeB ? -2 : -1)!;
  const rank = Math.max(a.rank, b.rank) - 2;
  const batchOf = ({ shape }: tf.Tensor) => [
    ...Array(rank + 2 - shape.length).fill(1),
    ...shape.slice(0, -2),
  ];
  const [batchA, batchB] = [batchOf(a), batchOf(b)];
  const batch = batchA.map((size, axis) => (size === 1 ? batchB[axis] : size));
  const [valuesA, valuesB] = [a.dataSync(), b.dataSync()];
  /** Which matrix of a factor stands at a place of the batch. */
  const matrixAt = (place: number, sizes: number[]) => {
    let [index, step] = [0, 1];
    for (let axis = rank - 1; axis >= 0; axis--) {
      if (sizes[axis] > 1) index += step * (place % batch[axis]);
      step *= sizes[axis];
      place = Math.floor(place / batch[axis]);
    }
    return index;
  };
  const values: number[] = [];
  for (let place = 0; place < batch.reduce((x, y) => x * y, 1); place++) {
    const [fromA, fromB] = [
      matrixAt(place, batchA) * rows * inner,
      matrixAt(place, batchB) * inner * columns,
    ];
    for (let r = 0; r < rows; r++)
      for (let c = 0; c < columns; c++) {
        let sum = 0;
        for (let i = 0; i < inner; i++)
          sum +=
            valuesA[fromA + (transposeA ? i * rows + r : r * inner + i)] *
            valuesB[fromB + (transposeB ? c * inner + i : i * columns + c)];
        values.push(sum);
      }
  }
  return { values, shape: [...batch, rows, columns] };
}

const batches: [string, number[], number[]][] = [
  ['no batch', [], []],
  ['a batch', [3], [3]],
  ['a batch of batches', [2, 3], [2, 3]],
  ['one left factor for all', [1], [3]],
  ['one right factor for all', [3], [1]],
  ['a left factor without a batch', [], [2, 3]],
  ['a right factor without a batch', [2, 3], []],
  ['left factors for every batch', [3], [2, 3]],
  ['right factors for every batch', [2, 3], [3]],
  ['both factors repeated', [2, 1], [1, 3]],
  ['a factor repeated inside the batch', [2, 1], [2, 3]],
  ['a batch of one', [1, 1], [1]],
];
const sizes: [number, number, number][] = [[5, 7, 4], [1, 6, 1], [1, 1, 1], [3, 1, 5], [33, 40, 37]]; // prettier-ignore
const transposed = [[false, false], [true, false], [false, true], [true, true]] as const; // prettier-ignore

describe.each(batches)(
  'products are those of the definition, with and without transposed factors: %s',
  (_, batchA, batchB) => {
    test.each(sizes)('%i x %i by %i columns', (rows, inner, columns) => {
      for (const [transposeA, transposeB] of transposed) {
        const shapeA = [...batchA, ...(transposeA ? [inner, rows] : [rows, inner])];
        const shapeB = [...batchB, ...(transposeB ? [columns, inner] : [inner, columns])];
        const a = tf.randomNormal(shapeA, 0, 1, 'float32', 1);
        const b = tf.randomNormal(shapeB, 0, 1, 'float32', 2);
        const before = tf.memory().numTensors;
        const product = tf.matMul(a, b, transposeA, transposeB);
        expect(tf.memory().numTensors).toBe(before + 1);
        const expected = productByDefinition(a, b, transposeA, transposeB);
        expect(product.shape).toEqual(expected.shape);
        expectClose(product, expected.values, { atol: 2e-5 });
      }
    });
  },
);

test('a product has the same bits alone and in a batch, by one factor or by factors of their own', () => {
  const a = tf.randomNormal([7, 33, 65], 0, 1, 'float32', 1);
  const b = tf.randomNormal([7, 65, 40], 0, 1, 'float32', 2);
  const [own, shared] = [tf.matMul(a, b), tf.matMul(a, tf.slice(b, 0, 1))];
  for (let clip = 0; clip < 7; clip++) {
    const [x, y] = [tf.slice(a, [clip], [1]), tf.slice(b, [clip], [1])];
    expect(tf.slice(own, [clip], [1]).dataSync()).toEqual(tf.matMul(x, y).dataSync());
    expect(tf.slice(shared, [clip], [1]).dataSync()).toEqual(tf.matMul(x, tf.slice(b, 0, 1)).dataSync());
  }
});

test('gradients are products by the transposed factor, of a fused product with bias too', () => {
  const x = tf.tensor2d([1, 2, 3, 4, 5, 6], [3, 2]);
  const w = tf.tensor2d([1, -1, 2, 0, 3, 1], [2, 3]);
  const dy = tf.tensor2d([1, 0, 2, 0, 1, 0, 1, 1, 1], [3, 3]);
  const fused = (a: tf.Tensor, b: tf.Tensor, bias: tf.Tensor) =>
    tf.fused.matMul({ a, b, bias } as Parameters<typeof tf.fused.matMul>[0]);
  const [dx, dw, dBias] = tf.grads(fused)([x, w, tf.tensor1d([1, 2, 3])], dy);
  expect([...dx.dataSync()]).toEqual([5, 2, -1, 3, 2, 4]);
  expect([...dw.dataSync()]).toEqual([6, 8, 7, 8, 10, 10]);
  expect([...dBias.dataSync()]).toEqual([2, 2, 3]);
  const [plainDx, plainDw] = tf.grads((a, b) => tf.matMul(a, b))([x, w], dy);
  expect(plainDx.dataSync()).toEqual(dx.dataSync());
  expect(plainDw.dataSync()).toEqual(dw.dataSync());
});

test('a product over nothing is zero, and one of no rows empty', () => {
  expect(tf.matMul(tf.zeros([2, 3, 0]), tf.zeros([2, 0, 2])).dataSync()).toEqual(new Float32Array(12));
  expect(tf.matMul(tf.zeros([4, 0]), tf.zeros([4, 2]), true).shape).toEqual([0, 2]);
});

test('factors that do not fit are refused as without the kernel', () => {
  expect(() => tf.matMul(tf.zeros([2, 3, 4]), tf.zeros([2, 5, 6]))).toThrow('inner shapes');
  expect(() => tf.matMul(tf.zeros([2, 3, 4], 'int32'), tf.zeros([2, 4, 6], 'int32'))).toThrow('float32');
});
