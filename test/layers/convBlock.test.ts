import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import type { ConvBlockArgs } from '../../layers/convBlock.ts';
import { ConvBlock } from '../../layers/convBlock.ts';
import { onEngines } from '../support/onEngines.ts';

const options: ConvBlockArgs = {
  filters: 5,
  kernelSize: [3, 5],
  poolSize: [3, 2],
  activation: 'relu',
  epsilon: 0.01,
  momentum: 0.7,
  kernelInitializer: 'glorotUniform',
  seed: 11,
};

function expectClose(got: tf.Tensor, expected: tf.Tensor, tolerance: number): void {
  expect(got.shape).toEqual(expected.shape);
  const difference = tf.tidy(() => tf.max(tf.abs(tf.sub(got, expected))).dataSync()[0]);
  expect(difference).toBeLessThanOrEqual(tolerance);
}

/** The same stage of stock layers, with the block's weights. */
function stockModel(block: ConvBlock, inputShape: number[], settings: ConvBlockArgs): tf.LayersModel {
  const [kernel, bias, ...norm] = block.getWeights();
  const stock = tf.sequential({
    layers: [
      tf.layers.conv2d({
        inputShape,
        filters: settings.filters,
        kernelSize: settings.kernelSize ?? 3,
        padding: 'same',
        weights: [kernel, bias],
      }),
      tf.layers.batchNormalization({
        epsilon: settings.epsilon,
        momentum: settings.momentum,
        weights: norm,
      }),
      tf.layers.activation({ activation: settings.activation ?? 'elu' }),
      tf.layers.maxPooling2d({ poolSize: settings.poolSize, strides: settings.poolSize }),
    ],
  });
  return stock;
}

function randomiseWeights(block: ConvBlock): void {
  const weights = block.getWeights().map((weight, i) => {
    const noise = tf.randomNormal(weight.shape, 0, 0.5, 'float32', 20 + i);
    return i === 5 ? tf.add(tf.square(noise), 0.3) : noise; // a variance is positive
  });
  block.setWeights(weights);
}

onEngines(() => {
  test('inference equals conv2d, batchNormalization, activation and maxPooling2d of TensorFlow.js', () => {
    const block = new ConvBlock(options);
    const x = tf.randomNormal([2, 10, 7, 3], 0, 1, 'float32', 1);
    block.apply(x);
    randomiseWeights(block);
    expectClose(
      block.apply(x) as tf.Tensor,
      stockModel(block, [10, 7, 3], options).predict(x) as tf.Tensor,
      1e-5,
    );
  });

  test('a training step moves weights and moving statistics as the stock layers do', async () => {
    const settings: ConvBlockArgs = { filters: 4, poolSize: [2, 3], momentum: 0.6 };
    const x = tf.randomNormal([3, 9, 6, 2], 0.5, 2, 'float32', 2);
    const y = tf.randomNormal([3, 4, 2, 4], 0, 1, 'float32', 3);
    const block = new ConvBlock({ ...settings, inputShape: [9, 6, 2] });
    const model = tf.sequential({ layers: [block] });
    randomiseWeights(block);
    const stock = stockModel(block, [9, 6, 2], settings);
    for (const trained of [model, stock]) {
      trained.compile({ optimizer: tf.train.sgd(0.1), loss: 'meanSquaredError' });
      await trained.trainOnBatch(x, y);
    }
    const [kernel, bias, gamma, beta, mean, variance] = block.getWeights();
    const expected = stock.getWeights();
    [kernel, bias, gamma, beta, mean, variance].forEach((weight, i) =>
      expectClose(weight, expected[i], 2e-5),
    );
  });

  test('memory is flat over training steps', async () => {
    const model = tf.sequential({
      layers: [
        new ConvBlock({ filters: 4, poolSize: [2, 2], inputShape: [8, 6, 1] }),
        new ConvBlock({ filters: 4, poolSize: [2, 2] }),
        tf.layers.flatten(),
        tf.layers.dense({ units: 1 }),
      ],
    });
    model.compile({ optimizer: tf.train.adam(), loss: 'meanSquaredError' });
    const x = tf.randomNormal([4, 8, 6, 1], 0, 1, 'float32', 4);
    const y = tf.zeros([4, 1]);
    await model.trainOnBatch(x, y);
    const before = tf.memory().numTensors;
    for (let step = 0; step < 5; step++) await model.trainOnBatch(x, y);
    expect(tf.memory().numTensors).toBe(before);
  });
});

test('a 3 x 3 block of 32 channels on 32 has 9248 + 64 trainable parameters', () => {
  const block = new ConvBlock({ filters: 32, poolSize: [4, 3] });
  block.build([null, 340, 48, 32]);
  const count = (weights: tf.LayerVariable[]) =>
    weights.reduce((sum, { shape }) => sum + tf.util.sizeFromShape(shape as number[]), 0);
  expect(count(block.trainableWeights)).toBe(9248 + 64);
  expect(count(block.nonTrainableWeights)).toBe(64);
});

test('the output shape drops what does not fill a pool and keeps unknown lengths', () => {
  const block = new ConvBlock(options);
  expect(block.computeOutputShape([null, 11, 7, 3])).toEqual([null, 3, 3, 5]);
  expect(block.computeOutputShape([2, null, 8, 3])).toEqual([2, null, 4, 5]);
});

test('getConfig rebuilds the layer with every option off its default', () => {
  const config = new ConvBlock({ ...options, name: 'stage' }).getConfig();
  expect(config).toMatchObject({ ...options, name: 'stage' });
  const again = tf.serialization.SerializationMap.getMap().classNameMap.ConvBlock[0];
  expect(new again(config).getConfig()).toEqual(config);
});

test('a saved model predicts the same after loading', async () => {
  await tf.setBackend('cpu');
  const model = tf.sequential({ layers: [new ConvBlock({ ...options, inputShape: [9, 8, 2] })] });
  randomiseWeights(model.layers[0] as ConvBlock);
  let saved: tf.io.ModelArtifacts = {};
  await model.save(
    tf.io.withSaveHandler(async (artifacts) => {
      saved = artifacts;
      return { modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts) };
    }),
  );
  const loaded = await tf.loadLayersModel(tf.io.fromMemory(saved));
  const x = tf.randomNormal([2, 9, 8, 2], 0, 1, 'float32', 6);
  expectClose(loaded.predict(x) as tf.Tensor, model.predict(x) as tf.Tensor, 0);
});

test('the same seed starts from the same kernel, another seed from another', () => {
  const kernel = (seed: number) => {
    const block = new ConvBlock({ filters: 8, poolSize: [2, 2], seed });
    block.build([null, 8, 8, 4]);
    return block.getWeights()[0];
  };
  expectClose(kernel(3), kernel(3), 0);
  expect(kernel(3).equal(kernel(4)).all().dataSync()[0]).toBe(0);
});

test('a frozen block keeps its moving statistics and normalises by them in training', async () => {
  await tf.setBackend('cpu');
  const block = new ConvBlock({ filters: 3, poolSize: [2, 2] });
  const x = tf.randomNormal([2, 6, 6, 1], 3, 1, 'float32', 7);
  const inference = block.apply(x) as tf.Tensor;
  block.trainable = false;
  expectClose(block.apply(x, { training: true }) as tf.Tensor, inference, 0);
  expectClose(block.getWeights()[4], tf.zeros([3]), 0);
});

test.each([
  [{ filters: 0 }, 'filters must be an integer >= 1'],
  [{ kernelSize: 4 }, 'kernelSize must be odd'],
  [{ poolSize: [2, 0] }, 'poolSize must be an integer >= 1'],
  [{ activation: 'gelu' }, 'activation must be one of elu, relu, linear'],
  [{ epsilon: 0 }, 'epsilon must be a number > 0'],
  [{ momentum: 99 }, 'momentum must lie in [0, 1]'],
  [{ kernelInitializer: 'he' }, 'kernelInitializer must be one of'],
])('%o is refused by name', (wrong, message) => {
  expect(() => new ConvBlock({ filters: 4, poolSize: [2, 2], ...wrong } as ConvBlockArgs)).toThrow(message);
});

test('an input that is no image, or smaller than the pool, is refused with the way out', () => {
  const block = new ConvBlock({ filters: 2, poolSize: [4, 4] });
  expect(() => block.apply(tf.zeros([2, 8, 8]))).toThrow('Add a channel dimension');
  expect(() => block.apply(tf.zeros([2, 3, 8, 1]))).toThrow('Use a smaller poolSize');
});
