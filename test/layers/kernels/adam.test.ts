import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { adamComposite } from '../../../layers/kernels/adam/composite.ts';
import { adamKernel, adamStep } from '../../../layers/kernels/adam/index.ts';
import { registerSimdAdam } from '../../../layers/kernels/adam/simd.ts';
import { bestBuild } from '../../../layers/kernels/simd/instantiate.ts';
import { KernelEngine } from '../../../layers/kernels/simd/kernelEngine.ts';
import { Arena } from '../../../layers/kernels/simd/threads/arena.ts';
import { enableRelaxedSimd } from '../../../src/engine/relaxedSimd.ts';
import { expectClose } from '../../support/expectClose.ts';

const constants = { stepSize: 0.02, beta1: 0.8, beta2: 0.95, epsilon: 1e-6 };
const arena = new Arena({ guardBytes: 64 });

enableRelaxedSimd();

beforeAll(async () => {
  await tf.setBackend('cpu');
});

function random(size: number, seed: number, positive = false): tf.Tensor1D {
  const values = tf.randomNormal<tf.Rank.R1>([size], 0, 1, 'float32', seed);
  return positive ? tf.square(values) : values;
}

test('without a kernel the step is the composite of stock ops', () => {
  expect(tf.getKernel(adamKernel, 'cpu')).toBeUndefined();
  const moments = { m: tf.tensor1d([1]), v: tf.tensor1d([4]) };
  const { update, m, v } = adamStep(tf.tensor1d([2]), moments, constants);
  // m = 0.8 + 0.2 * 2, v = 0.95 * 4 + 0.05 * 4, update = 0.02 * 1.2 / 2
  expectClose(
    [update, m, v].map((tensor) => tensor.dataSync()[0]),
    [0.012, 1.2, 4],
    { rtol: 1e-5 },
  );
});

describe.each(['simd', 'relaxedSimd'] as const)('build %s', (build) => {
  const available = build === 'simd' ? bestBuild() !== undefined : bestBuild() === build;

  test.skipIf(!available)('equals stock ops for sizes that do not fill the last vector', async () => {
    registerSimdAdam('cpu', await KernelEngine.create(build, undefined, arena));
    try {
      for (const size of [1, 3, 4, 5, 1000, 39_282]) {
        const [gradient, m, v] = [random(size, 1), random(size, 2), random(size, 3, true)];
        const actual = adamStep(gradient, { m, v }, constants);
        const expected = adamComposite(gradient, { m, v }, constants);
        for (const name of ['update', 'm', 'v'] as const) {
          expectClose(actual[name], expected[name], { atol: 1e-7, rtol: 1e-6 });
        }
        arena.checkGuards();
        expect(arena.usedBytes).toBe(0);
      }
    } finally {
      tf.unregisterKernel(adamKernel, 'cpu');
    }
  });
});

test('a step leaves its inputs as they are and makes three tensors', async () => {
  registerSimdAdam('cpu', await KernelEngine.create('simd', undefined, arena));
  const [gradient, m, v] = [random(9, 1), random(9, 2), random(9, 3, true)];
  const before = [gradient, m, v].map((tensor) => Array.from(tensor.dataSync()));
  const { numTensors } = tf.memory();
  tf.dispose(Object.values(adamStep(gradient, { m, v }, constants)));
  expect(tf.memory().numTensors).toBe(numTensors);
  expect([gradient, m, v].map((tensor) => Array.from(tensor.dataSync()))).toEqual(before);
  tf.unregisterKernel(adamKernel, 'cpu');
});
