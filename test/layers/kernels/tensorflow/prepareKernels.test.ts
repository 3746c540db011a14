/** Which kernels the engine `tensorflow` takes, on a fake TensorFlow. */
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { chooseConvBlockKernels } from '../../../../layers/kernels/convBlock/registeredKernel.ts';
import { registerFakeTensorflow } from './fakeTensorflow.ts';

const shape = { poolSize: [2, 2] as [number, number], activation: 'elu' as const, epsilon: 1e-3 };
const simd = { training: 'SonotagConvBlockTraining', inference: 'SonotagConvBlockInference' };
const namedOps = {
  training: 'SonotagConvBlockNamedOpsTraining',
  inference: 'SonotagConvBlockNamedOpsInference',
};

/** Prepares a fake anew: what is prepared is remembered for the process. */
async function prepare(gpu: boolean): Promise<typeof chooseConvBlockKernels> {
  registerFakeTensorflow({ gpu });
  await tf.setBackend('tensorflow');
  vi.resetModules();
  const { prepareKernels } = await import('../../../../layers/kernels/index.ts');
  await prepareKernels('tensorflow');
  return (await import('../../../../layers/kernels/convBlock/registeredKernel.ts')).chooseConvBlockKernels;
}

beforeEach(async () => {
  await tf.setBackend('cpu');
});
afterEach(async () => {
  await tf.setBackend('cpu');
  for (const { kernelName } of tf.getKernelsForBackend('tensorflow')) {
    tf.unregisterKernel(kernelName, 'tensorflow');
  }
  tf.removeBackend('tensorflow');
});

test('on a processor, few channels go to our SIMD kernels, more to TensorFlow’s ops, and the log-mel to ours', async () => {
  const choose = await prepare(false);
  expect([1, 4, 5, 32].map((channels) => choose(shape, channels))).toEqual([simd, simd, namedOps, namedOps]);
  expect(tf.getKernel('SonotagMelSpectrogram', 'tensorflow')).toBeDefined();
});

test('a pool too large for our kernels goes to TensorFlow’s ops from one channel too', async () => {
  const choose = await prepare(false);
  expect(choose({ ...shape, poolSize: [1000, 100] }, 1)).toEqual(namedOps);
});

test('on a GPU everything stays there', async () => {
  const choose = await prepare(true);
  expect([1, 32].map((channels) => choose(shape, channels))).toEqual([namedOps, namedOps]);
  expect(tf.getKernel('SonotagMelSpectrogram', 'tensorflow')).toBeUndefined();
});
