/** The block of compute shaders on `webgpu` against the composite of stock ops on `cpu`. */
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import {
  convBlockInferenceComposite,
  convBlockTrainingComposite,
} from '../../../../layers/kernels/convBlock/composite.ts';
import { convBlockInference, convBlockTraining } from '../../../../layers/kernels/convBlock/index.ts';
import { anyBlock, namedBlocks } from '../../../support/convBlockCases.ts';
import {
  baseBlock as base,
  blockError,
  blockTensors,
  inferenceTensor,
  trainingTensors,
  type Block,
} from '../../../support/convBlockProblem.ts';
import { onBoth, onWebgpu, relativeError, useWebgpu } from '../../../support/webgpuAdapter.ts';

/** Whichever the backend in use owes: the kernels on `webgpu`, on `cpu` the composite that they stand for. */
const isCpu = () => tf.getBackend() === 'cpu';

/** Output, statistics and every gradient of a weighted sum of the output; and the output in inference. */
function blockNumbers(block: Block): Record<string, tf.Tensor> {
  return tf.tidy(() => ({
    ...trainingTensors(block, isCpu() ? convBlockTrainingComposite : convBlockTraining),
    inference: inferenceTensor(block, isCpu() ? convBlockInferenceComposite : convBlockInference),
  }));
}

async function expectSame(block: Block, within = 2e-5): Promise<void> {
  const { cpu, webgpu } = await onBoth(() => blockNumbers(block));
  for (const [name, expected] of cpu)
    expect(blockError(webgpu.get(name)!, expected), name).toBeLessThan(within);
  expect(webgpu.get('dBias')!.every((value) => value === 0)).toBe(true);
}

await onWebgpu(() => {
  beforeAll(useWebgpu);

  test.each<[string, Block]>([
    ...namedBlocks,
    ['several workgroups of rows', { ...base, x: [2, 61, 40, 2] }],
  ])('training, its gradients and inference equal stock ops: %s', async (_, block) => {
    await expectSame(block);
  });

  test('training, its gradients and inference equal stock ops on random shapes', async () => {
    const property = fc.asyncProperty(anyBlock(), (block) => expectSame(block, 5e-5));
    await fc.assert(property, { seed: 20, numRuns: 12 });
  });

  test('no images give no output', async () => {
    const { kernel, bias, gamma, beta, movingMean, movingVariance } = blockTensors(base);
    const x = tf.zeros<tf.Rank.R4>([0, 9, 8, 3]);
    const output = convBlockInference(x, kernel, bias, gamma, beta, movingMean, movingVariance, base.shape);
    expect(output.shape).toEqual([0, 4, 2, 5]);
    expect((await output.data()).length).toBe(0);
  });

  test('a large mean costs the variance no digits', async () => {
    const { x, kernel, bias, gamma, beta } = blockTensors({
      ...base,
      x: [2, 40, 12, 1],
      kernel: [1, 1],
      offset: 1000,
    });
    const values = await x.data<'float32'>();
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const spread = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    const { variance } = convBlockTraining(x, kernel, bias, gamma, beta, base.shape);
    const weights = await kernel.data<'float32'>();
    const expected = weights.map((weight) => weight * weight * spread);
    expect(relativeError(await variance.data<'float32'>(), expected)).toBeLessThan(1e-3); // float32 holds x to 6e-5
  });

  test('several blocks forward before the backward, and forward without backward', async () => {
    const { cpu, webgpu } = await onBoth(() => {
      const run = isCpu() ? convBlockTrainingComposite : convBlockTraining;
      const first = blockTensors({ ...base, x: [2, 16, 12, 1], filters: 6, seed: 1 });
      const second = blockTensors({ ...base, x: [2, 8, 4, 6], filters: 4, seed: 2 });
      const idle = blockTensors(base);
      const [x, one, two] = tf.grads((image: tf.Tensor, kernel: tf.Tensor, next: tf.Tensor) => {
        const { shape } = base;
        const { bias, gamma, beta } = first;
        const { output } = run(image as tf.Tensor4D, kernel as tf.Tensor4D, bias, gamma, beta, shape);
        run(idle.x, idle.kernel, idle.bias, idle.gamma, idle.beta, shape);
        const after = run(output, next as tf.Tensor4D, second.bias, second.gamma, second.beta, shape);
        return tf.sum(tf.square(after.output));
      })([first.x, first.kernel, second.kernel]);
      return { x, one, two };
    });
    for (const [name, expected] of cpu) {
      expect(relativeError(webgpu.get(name)!, expected), name).toBeLessThan(2e-5);
    }
  });

  test('a first block takes 6 shaders forward and 5 backward', async () => {
    const { x, kernel, bias, gamma, beta } = blockTensors({ ...base, x: [2, 9, 8, 1] });
    const backend = tf.backend() as unknown as { runWebGPUProgram: (...args: unknown[]) => unknown };
    const stock = backend.runWebGPUProgram.bind(backend);
    let count = 0;
    backend.runWebGPUProgram = (...args) => {
      count++;
      return stock(...args);
    };
    const dy = tf.ones([2, 4, 2, 5]);
    const output = (k: tf.Tensor, g: tf.Tensor, b: tf.Tensor) =>
      convBlockTraining(x, k as tf.Tensor4D, bias, g as tf.Tensor1D, b as tf.Tensor1D, base.shape).output;
    output(kernel, gamma, beta);
    const forward = count;
    tf.grads(output)([kernel, gamma, beta], dy);
    expect([forward, count - 2 * forward]).toEqual([6, 5]);
    Reflect.deleteProperty(backend, 'runWebGPUProgram');
  });

  test('tensors and the bytes of the GPU are flat over 100 training steps', async () => {
    const { x, kernel, bias, gamma, beta } = blockTensors(base);
    const step = async () => {
      const gradients = tf.grads((k: tf.Tensor, g: tf.Tensor) =>
        tf.sum(convBlockTraining(x, k as tf.Tensor4D, bias, g as tf.Tensor1D, beta, base.shape).output),
      )([kernel, gamma]);
      await gradients[0].data();
      tf.dispose(gradients);
    };
    const memory = () => {
      const { numTensors, numDataBuffers, numBytesInGPU, numBytesAllocatedInGPU } =
        tf.memory() as unknown as Record<string, number>;
      return { numTensors, numDataBuffers, numBytesInGPU, numBytesAllocatedInGPU };
    };
    for (let i = 0; i < 5; i++) await step();
    const before = memory();
    for (let i = 0; i < 100; i++) await step();
    expect(memory()).toEqual(before);
  });
});
