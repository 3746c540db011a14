/** Blocks of a convnet with drawn inputs, for the tests of every implementation against the composite. */
import * as tf from '@tensorflow/tfjs';
import type { convBlockInference, convBlockTraining } from '../../layers/kernels/convBlock/index.ts';
import type { ConvBlockShape } from '../../layers/kernels/convBlock/shape.ts';

export interface Block {
  x: [number, number, number, number];
  kernel: [number, number];
  filters: number;
  shape: ConvBlockShape;
  /** Random of both signs; with zeros, every third of them. */
  gamma: 'mixed' | 'withZeros';
  /** Mean of x: large ones cost digits. */
  offset: number;
  seed: number;
}

export const baseBlock: Block = {
  x: [2, 9, 8, 3],
  kernel: [3, 3],
  filters: 5,
  shape: { poolSize: [2, 3], activation: 'elu', epsilon: 1e-3 },
  gamma: 'mixed',
  offset: 0,
  seed: 100,
};

/** The same values on every backend. */
export function blockTensors({ x, kernel, filters, gamma, offset, seed }: Block) {
  const normal = (shape: number[], mean: number, deviation: number, k: number) =>
    tf.randomNormal(shape, mean, deviation, 'float32', seed + k);
  const signed = normal([filters], 0, 1, 3);
  const everyThird = tf.tensor1d(Array.from({ length: filters }, (_, k) => (k % 3 === 1 ? 0 : 1)));
  return {
    x: normal(x, offset, 1, 0) as tf.Tensor4D,
    kernel: normal([...kernel, x[3], filters], 0, 0.4, 1) as tf.Tensor4D,
    bias: normal([filters], 0, 1, 2) as tf.Tensor1D,
    gamma: (gamma === 'withZeros' ? tf.mul(signed, everyThird) : signed) as tf.Tensor1D,
    beta: normal([filters], 0, 0.5, 4) as tf.Tensor1D,
    movingMean: normal([filters], 0, 1, 5) as tf.Tensor1D,
    movingVariance: tf.add(tf.square(normal([filters], 0, 1, 6)), 0.2) as tf.Tensor1D,
  };
}

/** Output, statistics, and every gradient of a weighted sum of the output. The tensors are the caller's tidy's. */
export function trainingTensors(block: Block, run: typeof convBlockTraining): Record<string, tf.Tensor> {
  const { x, kernel, bias, gamma, beta } = blockTensors(block);
  const results: Record<string, tf.Tensor> = {};
  const [dx, dKernel, dBias, dGamma, dBeta] = tf.grads((...inputs) => {
    const { output, mean, variance } = run(
      ...(inputs as [tf.Tensor4D, tf.Tensor4D, tf.Tensor1D, tf.Tensor1D, tf.Tensor1D]),
      block.shape,
    );
    Object.assign(results, { output: tf.keep(output), mean: tf.keep(mean), variance: tf.keep(variance) });
    return tf.sum(tf.mul(output, tf.randomNormal(output.shape, 0, 1, 'float32', block.seed + 9)));
  })([x, kernel, bias, gamma, beta]);
  return { ...results, dx, dKernel, dBias, dGamma, dBeta };
}

/** The same, read, for a backend that is read synchronously. */
export function trainingNumbers(block: Block, run: typeof convBlockTraining): Record<string, Float32Array> {
  const tensors = tf.tidy(() => trainingTensors(block, run));
  const numbers = Object.entries(tensors).map(([name, tensor]) => [name, tensor.dataSync<'float32'>()]);
  tf.dispose(tensors);
  return Object.fromEntries(numbers) as Record<string, Float32Array>;
}

export function inferenceTensor(block: Block, run: typeof convBlockInference): tf.Tensor4D {
  return tf.tidy(() => {
    const { x, kernel, bias, gamma, beta, movingMean, movingVariance } = blockTensors(block);
    return run(x, kernel, bias, gamma, beta, movingMean, movingVariance, block.shape);
  });
}

/** Largest difference as a share of the largest expected value, or of 1e-3 where all that is left is rounding. */
export function blockError(got: Float32Array, expected: Float32Array): number {
  if (got.length !== expected.length) return Infinity;
  let [difference, size] = [0, 1e-3];
  for (let i = 0; i < got.length; i++) {
    const error = Math.abs(got[i] - expected[i]);
    difference = Number.isNaN(error) ? Infinity : Math.max(difference, error);
    size = Math.max(size, Math.abs(expected[i]));
  }
  return difference / size;
}
