/** That architectures other than ours train on wasm: the gradients of usual layers, against those of `cpu`. */
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { expect, test } from 'vitest';
import { prepareKernels } from '../../../layers/kernels/index.ts';
import { expectClose } from '../../support/expectClose.ts';

type MakeLayers = () => tf.layers.Layer[];
const { layers: of } = tf;
const seeded = () => tf.initializers.glorotUniform({ seed: 3 });

const architectures: [name: string, inputShape: number[], make: MakeLayers][] = [
  [
    'two convolutions, strides and dilation',
    [9, 8, 2],
    () => [
      of.conv2d({ filters: 5, kernelSize: 3, strides: 2, padding: 'same', kernelInitializer: seeded() }),
      of.conv2d({ filters: 3, kernelSize: [2, 3], activation: 'tanh', kernelInitializer: seeded() }),
    ],
  ],
  [
    'depthwise and separable convolutions',
    [9, 8, 3],
    () => [
      of.depthwiseConv2d({
        kernelSize: 3,
        depthMultiplier: 2,
        strides: 2,
        padding: 'same',
        depthwiseInitializer: seeded(),
      }),
      of.separableConv2d({
        filters: 4,
        kernelSize: [3, 2],
        padding: 'same',
        depthwiseInitializer: seeded(),
        pointwiseInitializer: seeded(),
      }),
    ],
  ],
  [
    'batch norm, elu, max-pool, average pool',
    [8, 9, 3],
    () => [
      of.batchNormalization(),
      of.elu(),
      of.maxPooling2d({ poolSize: [2, 3] }),
      of.averagePooling2d({ poolSize: [2, 1], strides: [1, 1], padding: 'same' }),
    ],
  ],
  [
    'overlapping max-pool and relu',
    [7, 6, 5],
    () => [of.maxPooling2d({ poolSize: 3, strides: 2, padding: 'same' }), of.leakyReLU({ alpha: 0.2 })],
  ],
  [
    'convolution over time, global pooling',
    [20, 4],
    () => [
      of.conv1d({
        filters: 6,
        kernelSize: 5,
        padding: 'same',
        activation: 'relu',
        kernelInitializer: seeded(),
      }),
      of.globalMaxPooling1d(),
    ],
  ],
  [
    'transposed convolution',
    [4, 5, 3],
    () => [
      of.conv2dTranspose({
        filters: 2,
        kernelSize: 3,
        strides: 2,
        padding: 'same',
        kernelInitializer: seeded(),
      }),
    ],
  ],
  [
    'GRU over frames',
    [6, 4],
    () => [
      of.gru({
        units: 3,
        kernelInitializer: seeded(),
        recurrentInitializer: seeded(),
        returnSequences: true,
      }),
      of.lstm({ units: 2, kernelInitializer: seeded(), recurrentInitializer: seeded() }),
    ],
  ],
];

/** Loss and gradients by the input and all weights. */
async function gradientsOn(backend: string, inputShape: number[], make: MakeLayers): Promise<Float32Array[]> {
  await tf.setBackend(backend);
  await prepareKernels(backend);
  const input = tf.input({ shape: inputShape });
  const output = make().reduce((x, layer) => layer.apply(x) as tf.SymbolicTensor, input);
  const model = tf.model({ inputs: input, outputs: output });
  const weights = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
  const results = tf.tidy(() => {
    const x = tf.randomNormal([3, ...inputShape], 0, 1, 'float32', 11);
    const loss = (image: tf.Tensor) =>
      tf.mean(tf.square(tf.add(model.apply(image, { training: true }) as tf.Tensor, 0.3))) as tf.Scalar;
    const byInput = tf.grad(loss)(x);
    if (weights.length === 0) return [loss(x), byInput];
    const { value, grads } = tf.variableGrads(() => loss(x), weights);
    return [value, byInput, ...weights.map(({ name }) => grads[name])];
  });
  const values = results.map((tensor) => Float32Array.from(tensor.dataSync()));
  tf.dispose(results);
  model.dispose();
  return values;
}

test.each(architectures)('wasm computes the gradients that cpu computes: %s', async (_, inputShape, make) => {
  const expected = await gradientsOn('cpu', inputShape, make);
  const actual = await gradientsOn('wasm', inputShape, make);
  expect(actual.length).toBe(expected.length);
  expected.forEach((values, i) => expectClose(actual[i], values, { atol: 2e-6, rtol: 1e-4 }));
});

test('gather passes its gradient on wasm: rows taken twice add up, rows not taken have none', async () => {
  await tf.setBackend('wasm');
  await prepareKernels('wasm');
  const x = tf.tensor2d([[1, 2], [3, 4], [5, 6]]); // prettier-ignore
  const dy = tf.tensor2d([[1, 10], [2, 20], [4, 40]]); // prettier-ignore
  const dx = tf.grad((input: tf.Tensor) => tf.gather(input, tf.tensor1d([2, 0, 2], 'int32')))(x, dy);
  expect(dx.arraySync()).toEqual([[2, 20], [0, 0], [5, 50]]); // prettier-ignore
});

test('tile repeats axis by axis on wasm, as on cpu', async () => {
  const shapes: [number[], number[]][] = [
    [[2, 3], [2, 1]],
    [[2, 3], [1, 5]],
    [[2, 1, 3], [3, 4, 2]],
    [[0, 2], [2, 2]],
  ]; // prettier-ignore
  for (const dtype of ['float32', 'int32', 'bool'] as const) {
    for (const [shape, reps] of shapes) {
      const size = shape.reduce((a, b) => a * b, 1);
      const values = Array.from({ length: size }, (_, i) => (dtype === 'bool' ? i % 2 : i));
      const on = async (backend: string) => {
        await tf.setBackend(backend);
        await prepareKernels(backend);
        const tiled = tf.tile(tf.tensor(values, shape, dtype), reps);
        return { values: [...tiled.dataSync()], shape: tiled.shape, dtype: tiled.dtype };
      };
      expect(await on('wasm')).toEqual(await on('cpu'));
    }
  }
});
