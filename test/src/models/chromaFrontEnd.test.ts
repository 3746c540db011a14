import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { ChromaCQT } from '../../../layers/chromaCQT.ts';
import { createCompactConvnet, type FrontEndOptions } from '../../../src/models/compactConvnet.ts';
import { expectClose } from '../../support/expectClose.ts';
import { onEngines } from '../../support/onEngines.ts';
import { toneClip } from '../../support/toneTask.ts';

const sampleRate = 4000;
const samples = 1200;
const chroma = { nOctaves: 3, binsPerOctave: 24, hopLength: 64, nFft: 128 };
const create = (frontEnd: FrontEndOptions) =>
  createCompactConvnet({ sampleRate, samples, nTags: 2, filters: 4, frontEnd });
const clips = () => tf.stack([toneClip(false, 1), toneClip(true, 2)].map((clip) => tf.tensor1d(clip)));

/** What the layer of that name gives. */
const hear = (model: tf.LayersModel, layer: string, x: tf.Tensor) =>
  tf
    .model({ inputs: model.inputs, outputs: model.getLayer(layer).output as tf.SymbolicTensor })
    .apply(x) as tf.Tensor4D;

onEngines(() => {
  test('untrained, the network hears fixed chroma in decibels below its peak', () => {
    const model = create({ kind: 'learned-chroma', ...chroma });
    const fixed = new ChromaCQT({ sampleRate, ...chroma, norm: null }).apply(clips()) as tf.Tensor4D;
    const values = (fixed.arraySync() as number[][][][]).map((clip) => {
      const peak = Math.max(...clip.flat(2));
      return clip.flat(2).map((value) => Math.max(-80, 20 * Math.log10(value / peak)));
    });
    const heard = hear(model, 'chromaDecibel', clips());
    expect(heard.shape).toEqual([2, 19, 12, 1]);
    expectClose(heard, values, { atol: 1e-3 });
  });

  test('a recording a hundred times quieter is heard alike, by weights that have moved too', () => {
    const model = create({ kind: 'learned-chroma', ...chroma });
    const layer = model.getLayer('chroma');
    layer.setWeights(layer.getWeights().map((kernel) => tf.add(kernel, tf.randomNormal(kernel.shape, 0, 0.3, 'float32', 2)))); // prettier-ignore
    const [loud, quiet] = [1, 0.01].map((gain) => hear(model, 'chromaDecibel', tf.mul(clips(), gain)));
    expectClose(quiet, loud, { atol: 0.05 });
  });

  test('beside mel bands, each pitch class fills as many rows of a second channel', () => {
    const nMels = 36;
    const model = create({ kind: 'mel+chroma', ...chroma, nMels });
    const both = hear(model, 'melAndChroma', clips());
    expect(both.shape).toEqual([2, 19, nMels, 2]);
    const [mel, rows] = tf.split(both, 2, 3).map((channel) => channel.dataSync());
    expect(mel).toEqual(hear(model, 'normalization', clips()).dataSync());
    const alone = hear(model, 'chromaNormalization', clips()).dataSync();
    expect(rows).toEqual(Float32Array.from(rows, (_, i) => alone[Math.floor(i / (nMels / 12))]));
    const twelve = create({ kind: 'mel+chroma', ...chroma, nMels: 12 });
    const [, asIs] = tf.split(hear(twelve, 'melAndChroma', clips()), 2, 3);
    expect(asIs.dataSync()).toEqual(alone);
  });

  test('the loss moves the chroma weights, unless they are fixed', () => {
    for (const kind of ['learned-chroma', 'mel+chroma'] as const) {
      const frontEnd = { kind, ...chroma, ...(kind === 'mel+chroma' && { nMels: 24 }) };
      const model = create(frontEnd);
      const weights = model.getLayer('chroma').trainableWeights.map((weight) => weight.read() as tf.Variable);
      expect(weights.map(({ shape }) => shape)).toEqual([[72, 12]]);
      tf.tidy(() => {
        const { grads } = tf.variableGrads(
          () => tf.mean(tf.square(model.apply(clips(), { training: true }) as tf.Tensor)) as tf.Scalar,
          weights,
        );
        for (const gradient of Object.values(grads)) {
          const values = [...gradient.dataSync()];
          expect(values.every(Number.isFinite)).toBe(true);
          expect(values.some((value) => value !== 0)).toBe(true);
        }
      });
      expect(create({ ...frontEnd, trainableChroma: false }).getLayer('chroma').trainableWeights).toEqual([]);
    }
  });
});

test('by default it takes 7 octaves of 36 bins, and fewer where half of the sampling rate is below C8', () => {
  for (const [rate, nBins] of [
    [16_000, 252],
    [8372, 216],
    [8373, 252],
    [4000, 180],
  ]) {
    const options = { sampleRate: rate, samples, nTags: 2, frontEnd: { kind: 'learned-chroma' } as const };
    expect(createCompactConvnet(options).getLayer('cqt').outputShape).toEqual([null, 5, nBins, 1]);
  }
});
