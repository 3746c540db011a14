/** The step of Adam as a compute shader against stock ops on `cpu`, and how many kernels a step of the optimiser runs. */
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { adamKernel, adamStep } from '../../../../layers/kernels/adam/index.ts';
import type { WebGPUBackend } from '../../../../layers/kernels/webgpu/runShader.ts';
import { Adam } from '../../../../src/training/adam.ts';
import { adamInputs } from '../../../support/adamInputs.ts';
import { onBoth, onWebgpu, relativeError, useWebgpu } from '../../../support/webgpuAdapter.ts';

await onWebgpu(() => {
  beforeAll(useWebgpu);

  test.each([1, 3, 64, 65, 39_282])('a step over %i parameters equals stock ops on cpu', async (size) => {
    for (const stepSize of [0.02, 3e-4]) {
      const { cpu, webgpu } = await onBoth(() => {
        const constants = { stepSize, beta1: 0.8, beta2: 0.95, epsilon: 1e-6 };
        const [parameters, m, v] = tf.split(adamStep(adamInputs(size), constants), 3);
        return { parameters, m, v };
      });
      for (const [name, expected] of cpu) {
        expect(relativeError(webgpu.get(name)!, expected), name).toBeLessThan(1e-6);
      }
    }
  });

  test('betas close to 1 keep the digits of 1 - beta: the first step from rest is the learning rate', async () => {
    const parameters = tf.tensor1d([0, 0]);
    const inputs = { parameters, gradient: tf.tensor1d([5, -3]), state: tf.zeros<tf.Rank.R1>([6]) };
    const stepSize = Math.sqrt(1 - 0.999) / (1 - 0.9); // for a learning rate of 1
    const moved = adamStep(inputs, { stepSize, beta1: 0.9, beta2: 0.999, epsilon: 1e-10 });
    const values = (await moved.data<'float32'>()).slice(0, 2);
    expect(relativeError(values, Float32Array.of(-1, 1))).toBeLessThan(3e-7);
  });

  test('the optimiser runs one kernel on all variables, and one more on each', () => {
    expect(tf.getKernel(adamKernel, 'webgpu')).toBeDefined();
    const variables = [3, 5, 7, 9].map((size) => tf.variable(tf.zeros([size])));
    const gradients = Object.fromEntries(variables.map(({ name, shape }) => [name, tf.ones(shape)]));
    for (const gradient of Object.values(gradients)) upload(gradient); // small new tensors wait on the host
    for (const variable of variables) upload(variable);
    const adam = new Adam(variables);
    // two to lay variables and gradients side by side, the step, one to take each variable out
    expect(countShaders(() => adam.apply(gradients, 0.1))).toBe(2 + 1 + variables.length);
    adam.dispose();
  });
});

function upload({ dataId }: tf.Tensor): void {
  (tf.backend() as WebGPUBackend).uploadToGPU(dataId);
}

function countShaders(run: () => void): number {
  const backend = tf.backend() as WebGPUBackend;
  const { runWebGPUProgram } = backend;
  let count = 0;
  backend.runWebGPUProgram = (...args) => {
    count++;
    return runWebGPUProgram.apply(backend, args);
  };
  try {
    run();
    return count;
  } finally {
    backend.runWebGPUProgram = runWebGPUProgram;
  }
}
