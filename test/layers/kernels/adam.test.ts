import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { adamComposite } from '../../../layers/kernels/adam/composite.ts';
import { adamKernel, adamStep, type AdamInputs } from '../../../layers/kernels/adam/index.ts';
import { registerSimdAdam } from '../../../layers/kernels/adam/simd.ts';
import { bestBuild } from '../../../layers/kernels/simd/instantiate.ts';
import { KernelEngine } from '../../../layers/kernels/simd/kernelEngine.ts';
import { Arena } from '../../../layers/kernels/simd/threads/arena.ts';
import { enableRelaxedSimd } from '../../../src/engine/relaxedSimd.ts';
import { adamInputs } from '../../support/adamInputs.ts';
import { expectClose } from '../../support/expectClose.ts';

const constants = { stepSize: 0.02, beta1: 0.8, beta2: 0.95, epsilon: 1e-6 };
const arena = new Arena({ guardBytes: 64 });

enableRelaxedSimd();

beforeAll(async () => {
  await tf.setBackend('cpu');
});

test('without a kernel the step is the composite of stock ops', () => {
  expect(tf.getKernel(adamKernel, 'cpu')).toBeUndefined();
  const inputs = {
    parameters: tf.tensor1d([7]),
    gradient: tf.tensor1d([2]),
    state: tf.tensor1d([99, 1, 4]),
  };
  // m = 0.8 + 0.2 * 2, v = 0.95 * 4 + 0.05 * 4, parameter = 7 - 0.02 * 1.2 / 2
  expectClose(adamStep(inputs, constants), [6.988, 1.2, 4], { rtol: 1e-6 });
});

describe.each(['simd', 'relaxedSimd'] as const)('build %s', (build) => {
  const available = build === 'simd' ? bestBuild() !== undefined : bestBuild() === build;

  test.skipIf(!available)('equals stock ops for sizes that do not fill the last vector', async () => {
    registerSimdAdam('cpu', await KernelEngine.create(build, undefined, arena));
    try {
      for (const size of [1, 3, 4, 5, 1000, 39_282]) {
        const inputs = adamInputs(size);
        const actual = adamStep(inputs, constants);
        expectClose(actual, adamComposite(inputs, constants), { atol: 1e-7, rtol: 1e-6 });
        arena.checkGuards();
        expect(arena.usedBytes).toBe(0);
      }
    } finally {
      tf.unregisterKernel(adamKernel, 'cpu');
    }
  });
});

test('a step leaves its inputs as they are and makes one tensor', async () => {
  registerSimdAdam('cpu', await KernelEngine.create('simd', undefined, arena));
  const inputs = adamInputs(9);
  const values = ({ parameters, gradient, state }: AdamInputs) =>
    [parameters, gradient, state].map((tensor) => Array.from(tensor.dataSync()));
  const before = values(inputs);
  const { numTensors } = tf.memory();
  adamStep(inputs, constants).dispose();
  expect(tf.memory().numTensors).toBe(numTensors);
  expect(values(inputs)).toEqual(before);
  tf.unregisterKernel(adamKernel, 'cpu');
});
