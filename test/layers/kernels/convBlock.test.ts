/** The SIMD block against the composite of stock ops on `cpu`, every buffer between guards. */
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import fc from 'fast-check';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  convBlockInferenceComposite,
  convBlockTrainingComposite,
} from '../../../layers/kernels/convBlock/composite.ts';
import { convBlockInference, convBlockTraining } from '../../../layers/kernels/convBlock/index.ts';
import { registerConvBlockGradients } from '../../../layers/kernels/convBlock/registeredKernel.ts';
import { Arena } from '../../../layers/kernels/simd/threads/arena.ts';
import { ConvBlockEngine } from '../../../layers/kernels/convBlock/simd/engine.ts';
import type { KernelBuild } from '../../../layers/kernels/simd/instantiate.ts';
import { bestBuild } from '../../../layers/kernels/simd/instantiate.ts';
import { KernelEngine } from '../../../layers/kernels/simd/kernelEngine.ts';
import type { ConvBlockShape } from '../../../layers/kernels/convBlock/shape.ts';
import type { SavedBlocks } from '../../../layers/kernels/convBlock/simd/register.ts';
import { registerSimdConvBlock } from '../../../layers/kernels/convBlock/simd/register.ts';
import { enableRelaxedSimd } from '../../../src/engine/relaxedSimd.ts';
import { anyBlock, anyWinogradBlock, namedBlocks } from '../../support/convBlockCases.ts';
import {
  baseBlock as base,
  blockError,
  blockTensors,
  inferenceTensor,
  trainingNumbers,
  type Block,
} from '../../support/convBlockProblem.ts';

enableRelaxedSimd();

const arena = new Arena({ guardBytes: 128 });
let saved: SavedBlocks;

async function useBuild(build: KernelBuild): Promise<void> {
  for (const name of ['Training', 'Gradient', 'Inference']) {
    if (tf.getKernel(`SonotagConvBlock${name}`, 'cpu') != null)
      tf.unregisterKernel(`SonotagConvBlock${name}`, 'cpu');
  }
  saved = registerSimdConvBlock(
    'cpu',
    new ConvBlockEngine(await KernelEngine.create(build, undefined, arena)),
  );
}

beforeAll(async () => {
  await tf.setBackend('cpu');
  registerConvBlockGradients();
  await useBuild('simd');
});

afterEach(() => {
  arena.checkGuards();
  saved.collect();
  expect(arena.usedBytes).toBe(0);
});

function expectSameTraining(block: Block, tolerance = 2e-5): void {
  const got = trainingNumbers(block, convBlockTraining);
  const expected = trainingNumbers(block, convBlockTrainingComposite);
  for (const name of Object.keys(expected)) {
    expect(blockError(got[name], expected[name]), name).toBeLessThan(tolerance);
  }
  expect(got.dBias.every((value) => value === 0)).toBe(true);
}

function expectSameInference(block: Block): void {
  tf.tidy(() => {
    const got = inferenceTensor(block, convBlockInference);
    const expected = inferenceTensor(block, convBlockInferenceComposite);
    expect(got.shape).toEqual(expected.shape);
    expect(blockError(got.dataSync<'float32'>(), expected.dataSync<'float32'>())).toBeLessThan(1e-5);
  });
}

describe.each(['simd', 'relaxedSimd'] as const)('build %s', (build) => {
  const available = build === 'simd' ? bestBuild() !== undefined : bestBuild() === build;
  test.skipIf(!available).each(namedBlocks)(
    'training and inference equal stock ops: %s',
    async (_, block) => {
      await useBuild(build);
      expectSameTraining(block);
      expectSameInference(block);
    },
  );
});

test('training and inference equal stock ops on random shapes', async () => {
  await useBuild(bestBuild() ?? 'simd');
  fc.assert(
    fc.property(anyBlock(), (block) => {
      expectSameTraining(block, 5e-5);
      expectSameInference(block);
      arena.checkGuards();
    }),
    { seed: 20, numRuns: 60 },
  );
});

test("training and inference equal stock ops on random shapes that go by Winograd's algorithm", async () => {
  await useBuild(bestBuild() ?? 'simd');
  fc.assert(
    fc.property(anyWinogradBlock(), (block) => {
      expectSameTraining(block, 5e-5);
      expectSameInference(block);
      arena.checkGuards();
    }),
    { seed: 21, numRuns: 25 },
  );
});

test("a convolution by Winograd's algorithm is off the exact sums by 1e-6 of their size at most", async () => {
  await useBuild('simd');
  const [rows, columns, channels, filters] = [22, 70, 32, 16];
  const x = tf.randomNormal<tf.Rank.R4>([1, rows, columns, channels], 0.3, 1, 'float32', 1);
  const kernel = tf.randomNormal<tf.Rank.R4>([3, 3, channels, filters], 0, 0.1, 'float32', 2);
  const [zeros, ones] = [tf.zeros<tf.Rank.R1>([filters]), tf.ones<tf.Rank.R1>([filters])];
  const shape: ConvBlockShape = { poolSize: [1, 1], activation: 'linear', epsilon: 0 };
  const got = convBlockInference(x, kernel, zeros, ones, zeros, zeros, ones, shape).dataSync<'float32'>();
  const [values, weights] = [x.dataSync<'float32'>(), kernel.dataSync<'float32'>()];
  let [error, size] = [0, 0];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      for (let filter = 0; filter < filters; filter++) {
        let sum = 0;
        for (let i = Math.max(0, 1 - row); i < Math.min(3, rows + 1 - row); i++) {
          for (let j = Math.max(0, 1 - column); j < Math.min(3, columns + 1 - column); j++) {
            const pixel = ((row + i - 1) * columns + column + j - 1) * channels;
            for (let k = 0; k < channels; k++) {
              sum += values[pixel + k] * weights[((i * 3 + j) * channels + k) * filters + filter];
            }
          }
        }
        error += (got[(row * columns + column) * filters + filter] - sum) ** 2;
        size += sum ** 2;
      }
    }
  }
  expect(Math.sqrt(error / size)).toBeLessThan(1e-6);
});

test('no images give no output', () => {
  const block: Block = { ...base, x: [0, 9, 8, 3] };
  const { x, kernel, bias, gamma, beta, movingMean, movingVariance } = blockTensors(block);
  const output = convBlockInference(x, kernel, bias, gamma, beta, movingMean, movingVariance, block.shape);
  expect(output.shape).toEqual([0, 4, 2, 5]);
});

test('shapes that do not fit together are refused by name', () => {
  const { x, kernel, bias, gamma, beta } = blockTensors(base);
  const run = (changed: Partial<ReturnType<typeof blockTensors>>, shape = base.shape) => {
    const all = { x, kernel, bias, gamma, beta, ...changed };
    return () => convBlockTraining(all.x, all.kernel, all.bias, all.gamma, all.beta, shape);
  };
  expect(run({ kernel: tf.zeros([3, 3, 2, 5]) })).toThrow('the kernel takes 2 channels');
  expect(run({ kernel: tf.zeros([2, 3, 3, 5]) })).toThrow('must be odd, got 2 x 3');
  expect(run({ gamma: tf.zeros([4]) })).toThrow('one value for each of 5 filters, got 4');
  expect(run({}, { ...base.shape, poolSize: [2, 9] })).toThrow('Use a smaller poolSize');
});

test('a large mean costs the variance no digits', () => {
  const block: Block = { ...base, x: [2, 40, 12, 1], kernel: [1, 1], offset: 1000, seed: 7 };
  tf.tidy(() => {
    const { x, kernel, bias, gamma, beta } = blockTensors(block);
    const values = x.dataSync<'float32'>();
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const spread = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    const { variance } = convBlockTraining(x, kernel, bias, gamma, beta, block.shape);
    const expected = kernel.dataSync<'float32'>().map((weight) => weight * weight * spread);
    expect(blockError(variance.dataSync<'float32'>(), expected)).toBeLessThan(1e-3); // float32 holds x to 6e-5
  });
});

test('the gradients are the slopes of the loss', () => {
  const block: Block = {
    ...base,
    x: [2, 5, 4, 2],
    filters: 2,
    shape: { ...base.shape, poolSize: [2, 2] },
    seed: 31,
  };
  tf.tidy(() => {
    const all = blockTensors(block);
    const inputs = [all.x, all.kernel, all.bias, all.gamma, all.beta] as const;
    const weights = tf.randomNormal([2, 2, 2, 2], 0, 1, 'float32', 5);
    const loss = (...values: tf.Tensor[]) =>
      tf.sum(
        tf.mul(
          weights,
          convBlockTraining(
            ...(values as [tf.Tensor4D, tf.Tensor4D, tf.Tensor1D, tf.Tensor1D, tf.Tensor1D]),
            block.shape,
          ).output,
        ),
      );
    const gradients = tf.grads(loss)([...inputs]);
    const step = 1e-2;
    inputs.forEach((input, which) => {
      const slope = (i: number) => {
        const at = (sign: number) => {
          const values = input.dataSync<'float32'>().slice();
          values[i] += sign * step;
          const moved = inputs.map((tensor, k) => (k === which ? tf.tensor(values, input.shape) : tensor));
          return loss(...moved).dataSync()[0];
        };
        return (at(1) - at(-1)) / (2 * step);
      };
      const gradient = gradients[which].dataSync();
      for (let i = 0; i < Math.min(gradient.length, 12); i++) expect(gradient[i]).toBeCloseTo(slope(i), 2);
    });
  });
});

test('several blocks forward before the backward, forward without backward, and a growing memory', () => {
  const { shape } = base;
  const first = blockTensors({ ...base, x: [2, 16, 12, 1], filters: 6, seed: 1 });
  const second = blockTensors({ ...base, x: [2, 8, 4, 6], filters: 4, seed: 2 });
  const chain = (run: typeof convBlockTraining) =>
    tf.tidy(() =>
      tf
        .grads((x: tf.Tensor, kernel: tf.Tensor, next: tf.Tensor) => {
          const one = run(
            x as tf.Tensor4D,
            kernel as tf.Tensor4D,
            first.bias,
            first.gamma,
            first.beta,
            shape,
          ).output;
          if (run === convBlockTraining) {
            // Never asked for its gradient, and larger than all before: the memory grows in between.
            const {
              x: big,
              kernel: weights,
              bias,
              gamma,
              beta,
            } = blockTensors({ ...base, x: [2, 200, 60, 3] });
            run(big, weights, bias, gamma, beta, shape);
          }
          return tf.sum(
            tf.square(run(one, next as tf.Tensor4D, second.bias, second.gamma, second.beta, shape).output),
          );
        })([first.x, first.kernel, second.kernel])
        .map((gradient) => gradient.dataSync<'float32'>()),
    );
  const [got, expected] = [chain(convBlockTraining), chain(convBlockTrainingComposite)];
  got.forEach((gradient, i) => expect(blockError(gradient, expected[i])).toBeLessThan(2e-5));
});

test('training outside a gradient keeps nothing', () => {
  tf.tidy(() => {
    const { x, kernel, bias, gamma, beta } = blockTensors(base);
    convBlockTraining(x, kernel, bias, gamma, beta, base.shape);
    expect(arena.usedBytes).toBe(0);
  });
});

test('memory is flat over 50 training steps, of tensors and of the kernels', () => {
  const { x, kernel, bias, gamma, beta } = blockTensors(base);
  const step = () =>
    tf.dispose(
      tf.grads((k: tf.Tensor, g: tf.Tensor) =>
        tf.sum(convBlockTraining(x, k as tf.Tensor4D, bias, g as tf.Tensor1D, beta, base.shape).output),
      )([kernel, gamma]),
    );
  step();
  const before = [tf.memory().numTensors, arena.usedBytes, arena.sizeBytes];
  for (let i = 0; i < 50; i++) step();
  expect([tf.memory().numTensors, arena.usedBytes, arena.sizeBytes]).toEqual(before);
});

test.each(['kernels', 'stock ops'])(
  'the gradient of x is computed only when asked for: %s',
  async (which) => {
    const run = which === 'kernels' ? convBlockTraining : convBlockTrainingComposite;
    const { x, kernel, bias, gamma, beta } = blockTensors(base);
    const names = async (wanted: tf.Tensor[]) => {
      const profile = await tf.profile(() =>
        tf.grads((...inputs) => {
          const [k, image = x] = inputs;
          return tf.sum(run(image as tf.Tensor4D, k as tf.Tensor4D, bias, gamma, beta, base.shape).output);
        })(wanted),
      );
      return profile.kernels.filter(({ name }) => /BackpropInput|ConvBlockGradient/.test(name)).length;
    };
    expect(await names([kernel])).toBe(which === 'kernels' ? 1 : 0);
    expect(await names([kernel, x])).toBe(which === 'kernels' ? 2 : 1);
  },
);

test('inference has the gradients of the composite, inside a larger gradient too', () => {
  const { x, kernel, bias, gamma, beta, movingMean, movingVariance } = blockTensors(base);
  const gradients = (run: typeof convBlockInference) =>
    tf.grads((input: tf.Tensor, k: tf.Tensor, b: tf.Tensor, g: tf.Tensor) => {
      const output = run(
        tf.mul(input, 2),
        k as tf.Tensor4D,
        b as tf.Tensor1D,
        g as tf.Tensor1D,
        beta,
        movingMean,
        movingVariance,
        base.shape,
      );
      return tf.sum(tf.square(output));
    })([x, kernel, bias, gamma]);
  const expected = gradients(convBlockInferenceComposite);
  gradients(convBlockInference).forEach((gradient, i) =>
    expect(blockError(gradient.dataSync<'float32'>(), expected[i].dataSync<'float32'>())).toBeLessThan(1e-5),
  );
});

test('a gradient inside a gradient runs on stock ops', async () => {
  const { x, kernel, bias, gamma, beta } = blockTensors(base);
  const slope = tf.grad((k: tf.Tensor) =>
    tf.sum(convBlockTraining(x, k as tf.Tensor4D, bias, gamma, beta, base.shape).output),
  );
  // TF.js 4.22 has no gradients of their gradients: an error, and not a wrong number.
  expect(() => tf.grad((k: tf.Tensor) => tf.sum(tf.square(slope(k))))(kernel)).toThrow(
    'gradient function not found',
  );
});

test('a batch beyond the memory is refused with the way out, and nothing stays behind', async () => {
  const small = new Arena({ maximumBytes: 2 ** 20 });
  const engine = new ConvBlockEngine(await KernelEngine.create('simd', undefined, small));
  const numbers = (count: number) => new Float32Array(count);
  expect(() =>
    engine.train(
      {
        ...{ xShape: [4, 100, 100, 4], kernelShape: [3, 3, 4, 16], ...base.shape },
        ...{
          x: numbers(160_000),
          kernel: numbers(576),
          bias: numbers(16),
          gamma: numbers(16),
          beta: numbers(16),
        },
      },
      true,
    ),
  ).toThrow('Try half the batch size');
  expect(small.usedBytes).toBe(0);
});

test('the guards see a write outside a piece', () => {
  const guarded = new Arena({ guardBytes: 64 });
  const pointer = guarded.allocate(40);
  guarded.u8[pointer + 64] = 1;
  expect(() => guarded.checkGuards()).toThrow('written outside');
});

test('the arena merges what is freed, in any order, and grows when full', () => {
  const plain = new Arena();
  const pieces = [10_000, 20_000, 30_000].map((bytes) => plain.allocate(bytes));
  for (const at of [1, 0, 2]) plain.release(pieces[at]);
  expect(plain.usedBytes).toBe(0);
  expect(plain.allocate(60_000)).toBe(pieces[0]);
  expect(plain.allocate(1_000_000)).toBeGreaterThan(0);
  expect(plain.sizeBytes).toBeGreaterThan(1_060_000);
});
