/**
 * The block on engine `tensorflow` against the composite of stock ops on `cpu`: on a TensorFlow where one is linked or
 * installed, and on a fake of it everywhere.
 */
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  convBlockInferenceComposite,
  convBlockTrainingComposite,
} from '../../../../layers/kernels/convBlock/composite.ts';
import { convBlockInference, convBlockTraining } from '../../../../layers/kernels/convBlock/index.ts';
import { trainingKernel } from '../../../../layers/kernels/convBlock/kernelNames.ts';
import { registerNamedOpsConvBlock } from '../../../../layers/kernels/convBlock/tensorflow/register.ts';
import { useEngine } from '../../../../src/engine/engine.ts';
import { anyBlock, namedBlocks } from '../../../support/convBlockCases.ts';
import {
  baseBlock as base,
  blockError,
  blockTensors,
  inferenceTensor,
  trainingNumbers,
  type Block,
} from '../../../support/convBlockProblem.ts';
import { foundEngines } from '../../../support/foundEngines.ts';
import { registerFakeTensorflow } from './fakeTensorflow.ts';

async function expectSame(block: Block, tolerance: number): Promise<void> {
  await tf.setBackend('tensorflow');
  const training = trainingNumbers(block, convBlockTraining);
  const inference = inferenceTensor(block, convBlockInference).dataSync<'float32'>();
  await tf.setBackend('cpu');
  const expected = trainingNumbers(block, convBlockTrainingComposite);
  const expectedInference = inferenceTensor(block, convBlockInferenceComposite).dataSync<'float32'>();
  for (const name of Object.keys(expected)) {
    expect(blockError(training[name], expected[name]), name).toBeLessThan(tolerance);
  }
  expect(training['dBias'].every((value) => value === 0)).toBe(true);
  expect(blockError(inference, expectedInference)).toBeLessThan(1e-5);
  await tf.setBackend('tensorflow');
}

/** Every shape on TensorFlow's ops, also from one channel, where they give way to the SIMD kernels on a processor. */
function withoutSimd(): void {
  if (tf.getKernel(trainingKernel, 'tensorflow') != null) tf.unregisterKernel(trainingKernel, 'tensorflow');
}

function describeBlock(): void {
  test.each(namedBlocks)('training and inference equal stock ops on cpu: %s', async (_, block) => {
    await expectSame(block, 2e-5);
  });

  test('training and inference equal stock ops on cpu on random shapes', async () => {
    const property = fc.asyncProperty(anyBlock(), (block) => expectSame(block, 5e-5));
    await fc.assert(property, { seed: 20, numRuns: 40 });
  });

  test('memory is flat over 100 training steps, also where the gradient is never asked for', () => {
    const all = blockTensors(base);
    const { x, kernel, bias, gamma, beta } = all;
    const step = () =>
      tf.dispose(
        tf.grads((k: tf.Tensor, g: tf.Tensor) => {
          const { output } = convBlockTraining(x, k as tf.Tensor4D, bias, g as tf.Tensor1D, beta, base.shape);
          convBlockTraining(x, kernel, bias, gamma, beta, base.shape); // leads nowhere
          return tf.sum(output);
        })([kernel, gamma]),
      );
    step();
    const { numTensors, numBytes } = tf.memory();
    for (let i = 0; i < 100; i++) step();
    expect([tf.memory().numTensors, tf.memory().numBytes]).toEqual([numTensors, numBytes]);
    tf.tidy(() => void convBlockTraining(x, kernel, bias, gamma, beta, base.shape)); // frees what led nowhere
    tf.dispose(all);
  });

  test('a step keeps no tensor, and inference none', () => {
    const all = blockTensors(base);
    const { x, kernel, bias, gamma, beta } = all;
    const { numTensors } = tf.memory();
    tf.dispose(
      tf.grad((k: tf.Tensor) =>
        tf.sum(convBlockTraining(x, k as tf.Tensor4D, bias, gamma, beta, base.shape).output),
      )(kernel),
    );
    convBlockInference(x, kernel, bias, gamma, beta, beta, tf.ones([5]), base.shape).dispose();
    expect(tf.memory().numTensors).toBe(numTensors + 1); // the ones
  });

  test('inference has the gradients of the composite', () => {
    const { x, kernel, bias, gamma, beta, movingMean: mean, movingVariance: variance } = blockTensors(base);
    const gradients = (run: typeof convBlockInference) =>
      tf
        .grads((image: tf.Tensor, k: tf.Tensor, g: tf.Tensor) =>
          tf.sum(
            tf.square(run(image as tf.Tensor4D, k as tf.Tensor4D, bias, g as tf.Tensor1D, beta, mean, variance, base.shape)), // prettier-ignore
          ),
        )([x, kernel, gamma])
        .map((gradient) => gradient.dataSync<'float32'>());
    const expected = gradients(convBlockInferenceComposite);
    gradients(convBlockInference).forEach((gradient, i) =>
      expect(blockError(gradient, expected[i])).toBeLessThan(1e-5),
    );
  });
}

describe('on a fake TensorFlow', () => {
  let calls: string[];
  beforeAll(async () => {
    await tf.setBackend('cpu');
    ({ calls } = registerFakeTensorflow({ gpu: true }));
    await tf.setBackend('tensorflow');
    registerNamedOpsConvBlock();
  });
  afterAll(async () => {
    await tf.setBackend('cpu');
    for (const { kernelName } of tf.getKernelsForBackend('tensorflow')) tf.unregisterKernel(kernelName, 'tensorflow');
    tf.removeBackend('tensorflow');
  }); // prettier-ignore
  describeBlock();

  test('the gradient of x is computed only when asked for', () => {
    tf.tidy(() => {
      const all = blockTensors(base);
      const { x, kernel, bias, gamma, beta } = all;
      const callsOf = (wanted: tf.Tensor[]) => {
        calls.length = 0;
        tf.grads((k: tf.Tensor, image: tf.Tensor = x) =>
          tf.sum(convBlockTraining(image as tf.Tensor4D, k as tf.Tensor4D, bias, gamma, beta, base.shape).output),
        )(wanted); // prettier-ignore
        return calls.filter((name) => name.startsWith('Conv2DBackprop'));
      };
      expect(callsOf([kernel])).toEqual(['Conv2DBackpropFilter']);
      expect(callsOf([kernel, x]).sort()).toEqual(['Conv2DBackpropFilter', 'Conv2DBackpropInput']);
    });
  });
});

describe.skipIf(!foundEngines().includes('tensorflow'))('on TensorFlow (npm run link-tensorflow)', () => {
  beforeAll(async () => {
    await useEngine('tensorflow');
    withoutSimd();
  });
  describeBlock();

  test('no images give no output', () => {
    const [bias, gamma, beta] = [tf.zeros([5]), tf.ones([5]), tf.zeros([5])] as tf.Tensor1D[];
    const [x, kernel] = [tf.zeros([0, 9, 8, 3]), tf.zeros([3, 3, 3, 5])] as tf.Tensor4D[];
    const { shape } = convBlockInference(x, kernel, bias, gamma, beta, beta, gamma, base.shape);
    expect(shape).toEqual([0, 4, 2, 5]);
  });
});
