/** The compact convnet on WebGPU, layer by layer and as a whole, against the `cpu` engine. */
import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import {
  ApplyFilterbank,
  ConvBlock,
  Normalization2D,
  PowerToDecibel,
  SpecAugment,
  Spectrogram,
} from '../../../layers/index.ts';
import { createCompactConvnet } from '../../../src/models/compactConvnet.ts';
import { predictClips } from '../../../src/models/predict.ts';
import { loadTagger, saveTagger } from '../../../src/models/tagger.ts';
import { Adam } from '../../../src/training/adam.ts';
import { binaryCrossentropy, categoricalCrossentropy, lossFor } from '../../../src/training/losses.ts';
import { fit } from '../../../src/training/fit.ts';
import { tempFolder } from '../../support/tempFolder.ts';
import { toneClip, toneFit, toneModel, toneRate, toneSamples, toneTags } from '../../support/toneTask.ts';
import { onBoth, onWebgpu, relativeError, useWebgpu } from '../../support/webgpuAdapter.ts';

const temp = tempFolder();

async function expectSame(compute: () => tf.TensorContainer | Promise<tf.TensorContainer>, within = 1e-4) {
  const { cpu, webgpu } = await onBoth(compute);
  expect([...webgpu.keys()]).toEqual([...cpu.keys()]);
  for (const [name, expected] of cpu) {
    expect(
      expected.some((value) => value !== 0),
      `${name} is all zeros`,
    ).toBe(true);
    expect(relativeError(webgpu.get(name)!, expected), name).toBeLessThan(within);
  }
}

/** The layer's output and the gradients of a weighted sum of it, by the input and every trainable weight. */
function outputAndGradients(
  layer: tf.layers.Layer,
  input: tf.Tensor,
  kwargs: { training?: boolean; step?: number } = {},
): Record<string, tf.Tensor> {
  const output = layer.apply(input, kwargs) as tf.Tensor;
  const weights = tf.randomNormal(output.shape, 0, 1, 'float32', 99);
  const loss = (x: tf.Tensor) => tf.sum(tf.mul(layer.apply(x, kwargs) as tf.Tensor, weights)) as tf.Scalar;
  const named: Record<string, tf.Tensor> = { output, input: tf.grad(loss)(input) };
  const variables = layer.trainableWeights.map((weight) => weight.read() as tf.Variable);
  if (variables.length === 0) return named;
  const { grads } = tf.variableGrads(() => loss(input), variables);
  layer.trainableWeights.forEach(({ originalName }, i) => {
    const gradient = grads[variables[i].name];
    const name = originalName.split('/').at(-1)!; // without the layer's, which counts its instances
    if (name !== 'bias') named[name] = gradient; // of the block: exactly zero
  });
  return named;
}

const waveform = () =>
  tf.tensor2d(Float32Array.of(...toneClip(false, 1, toneSamples), ...toneClip(true, 2, toneSamples)), [
    2,
    toneSamples,
  ]);
const stereo = () => tf.randomNormal([2, 700, 2], 0, 1, 'float32', 3);
const power = () => tf.square(tf.randomNormal([2, 9, 33, 2], 0, 1, 'float32', 4));
const image = () => tf.randomNormal([2, 11, 9, 3], 0, 1, 'float32', 5);

await onWebgpu(() => {
  test.each<[string, () => tf.layers.Layer, () => tf.Tensor, object?]>([
    ['power spectrogram', () => new Spectrogram({ nFft: 128 }), waveform],
    [
      'magnitude spectrogram of two channels, trained kernels',
      () => new Spectrogram({ nFft: 64, hopLength: 24, power: 1, trainableKernels: true }),
      stereo,
    ],
    [
      'uncentred spectrogram, zero padding',
      () => new Spectrogram({ nFft: 100, center: false, padMode: 'constant', window: 'hamming' }),
      stereo,
    ],
    [
      'trained filterbank',
      () => new ApplyFilterbank({ sampleRate: 8000, nMels: 12, trainableFilterbank: true }),
      power,
    ],
    ['frozen filterbank', () => new ApplyFilterbank({ sampleRate: 8000, nMels: 12, melScale: 'htk' }), power],
    ['decibels', () => new PowerToDecibel({ ref: 'max', topDb: 30 }), power],
    ['decibels without a floor', () => new PowerToDecibel({ ref: 2, topDb: null }), power],
    ['normalisation of clips', () => new Normalization2D(), power],
    ['normalisation of bins', () => new Normalization2D({ axis: 'frequency' }), power],
    [
      'masks',
      () => new SpecAugment({ freqMaskParam: 9, timeMaskParam: 3, maskValue: -2, seed: 5 }),
      power,
      { training: true, step: 3 },
    ],
    ['inference block', () => new ConvBlock({ filters: 5, poolSize: [2, 3], seed: 2 }), image],
    [
      'training block',
      () => new ConvBlock({ filters: 5, poolSize: [3, 2], seed: 2 }),
      image,
      { training: true },
    ],
    ['global average pooling', () => tf.layers.globalAveragePooling2d({ dataFormat: 'channelsLast' }), image],
    [
      'dense layer with softmax',
      () =>
        tf.layers.dense({
          units: 4,
          activation: 'softmax',
          kernelInitializer: tf.initializers.glorotUniform({ seed: 6 }),
        }),
      () => tf.randomNormal([3, 7], 0, 1, 'float32', 8),
    ],
    [
      'sigmoid',
      () => tf.layers.activation({ activation: 'sigmoid' }),
      () => tf.randomNormal([3, 7], 0, 3, 'float32', 8),
    ],
  ])('forward and all gradients of one layer: %s', async (_, create, input, kwargs) => {
    await expectSame(() => tf.tidy(() => outputAndGradients(create(), input(), kwargs)));
  });

  test.each([
    ['binary', binaryCrossentropy],
    ['categorical', categoricalCrossentropy],
  ])('%s cross-entropy and its gradient', async (_, loss) => {
    const targets = () =>
      tf.tensor2d([
        [1, 0, 0],
        [0, 0.25, 0.75],
      ]);
    const logits = () =>
      tf.tensor2d([
        [0.5, -30, 4],
        [2, 90, -1],
      ]);
    await expectSame(() =>
      tf.tidy(() => ({
        loss: loss(targets(), logits()),
        gradient: tf.grad((z: tf.Tensor) => loss(targets(), z as tf.Tensor2D))(logits()),
      })),
    );
  });

  test.each([true, false])(
    'all gradients of the whole convnet, and the weights after one step of Adam; classes and a trained front end: %s',
    async (exclusive) => {
      await expectSame(() => {
        // So large that the last batch norm sees several pixels: where it sees one of each clip, the gradients before
        // it nearly cancel, and their rounding is all there is to compare.
        const samples = 1850; // 29 frames
        const clips = Array.from({ length: 6 }, (_, i) => toneClip(i % 2 === 1, i, samples));
        const x = tf.stack(clips.map((clip) => tf.tensor1d(clip)));
        const y = tf.oneHot(tf.tensor1d([0, 1, 0, 1, 0, 1], 'int32'), 2) as tf.Tensor2D;
        const model = createCompactConvnet({
          ...{ sampleRate: toneRate, samples, nTags: 2, exclusive, filters: 6, seed: 3 },
          frontEnd: { nFft: 128, nMels: 47, trainableKernels: exclusive, trainableFilterbank: exclusive },
        });
        const logits = tf.model({
          inputs: model.inputs,
          outputs: model.getLayer('logits').output as tf.SymbolicTensor,
        });
        const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
        const adam = new Adam(variables);
        const { value, grads } = tf.variableGrads(
          () => lossFor(exclusive)(y, logits.apply(x, { training: true }) as tf.Tensor2D),
          variables,
        );
        const numbers: Record<string, tf.Tensor> = { loss: value };
        const named = model.trainableWeights.map(
          ({ originalName }, i) => [originalName, variables[i]] as const,
        );
        // Adam's first step is the sign of a gradient: of those that are not far from zero it says nothing.
        adam.apply(Object.fromEntries(named.map(([, { name }]) => [name, tf.sign(grads[name])])), 0.01);
        for (const [name, variable] of named) {
          if (name.includes('bias') && name.includes('block')) continue;
          numbers[`gradient of ${name}`] = grads[variable.name];
        }
        model.weights.forEach((weight) => {
          if (!weight.originalName.includes('bias')) numbers[weight.originalName] = tf.clone(weight.read());
        });
        return numbers;
      });
    },
  );

  test('three epochs of training keep the history of cpu', async () => {
    await tf.setBackend('cpu');
    const expected = await fit(toneModel(), toneFit());
    await useWebgpu();
    const got = await fit(toneModel(), toneFit({ checkpoints: temp('checkpoints') }));
    got.history.forEach((record, i) => {
      expect(record.trainLoss).toBeCloseTo(expected.history[i].trainLoss, 2);
      expect(record.validLoss).toBeCloseTo(expected.history[i].validLoss!, 2);
    });
  });

  test('a run resumed from its checkpoint goes on as if never stopped', async () => {
    await useWebgpu();
    const whole = await fit(toneModel(), toneFit());
    const stop = new Error('stopped');
    const onEpoch = ({ epoch }: { epoch: number }) => {
      if (epoch === 2) throw stop;
    };
    const checkpoints = temp('resumed');
    await expect(fit(toneModel(), toneFit({ checkpoints, onEpoch }))).rejects.toBe(stop);
    const resumed = await fit(toneModel({ seed: 3 }), toneFit({ checkpoints, resume: true }));
    const losses = ({ history }: typeof whole) =>
      history.map(({ trainLoss, validLoss }) => [trainLoss, validLoss]);
    expect(losses(resumed)).toEqual(losses(whole));
  });

  test('a model trained and saved on webgpu gives the same probabilities there, and on cpu within 1e-4', async () => {
    await useWebgpu();
    const model = toneModel();
    await fit(model, toneFit({ epochs: 2 }));
    const clips = [toneClip(true, 31), toneClip(false, 32)];
    const probabilities = async (of: tf.LayersModel) => {
      const all: number[] = [];
      for await (const clip of predictClips(of, clips)) all.push(...clip);
      return Float32Array.from(all);
    };
    const expected = await probabilities(model);
    const info = {
      format: 'sonotag tagger' as const,
      formatVersion: 1 as const,
      sampleRate: toneRate,
      samples: toneSamples,
      tags: toneTags,
      exclusive: true,
      frontEnd: { nFft: 128, nMels: 16 },
      decibel: { of: 'power' as const, reference: 'clip' as const },
      batchNorm: 'moving' as const,
      training: {
        ...{ data: 'tones', clips: 16, splitHash: 'abc', validShare: 0.25, seed: 5, epochs: 2 },
        engine: 'webgpu',
      },
      weightsHash: '',
      licence: 'CC0',
      madeBy: 'a test',
    };
    await saveTagger({ model, info }, temp('saved', 'model'));
    expect(await probabilities((await loadTagger(temp('saved'))).model)).toEqual(expected);
    await tf.setBackend('cpu');
    const { model: onCpu } = await loadTagger(temp('saved'));
    expect(relativeError(await probabilities(onCpu), expected)).toBeLessThan(1e-4);
  });
});
