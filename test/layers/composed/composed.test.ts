import * as tf from '@tensorflow/tfjs';
import { expect, test, vi } from 'vitest';
import * as layers from '../../../layers/index.ts';
import { expectClose } from '../../support/expectClose.ts';
import { onEngines } from '../../support/onEngines.ts';

const sampleRate = 8000;
const inputShape = [120, 2];
const models: Record<string, () => tf.LayersModel> = {
  stftMagnitude: () => layers.stftMagnitude({ inputShape, nFft: 32, decibel: { topDb: 60 }, name: 'mine' }),
  'stftMagnitude with trained kernels': () =>
    layers.stftMagnitude({ inputShape, nFft: 32, ...layers.kapreFraming, trainableKernels: true }),
  melSpectrogram: () =>
    layers.melSpectrogram({
      inputShape,
      sampleRate,
      nFft: 64,
      nMels: 5,
      trainableFilterbank: true,
      decibel: {},
    }),
  logFrequencySpectrogram: () =>
    layers.logFrequencySpectrogram({ inputShape, sampleRate, nFft: 64, nBands: 6, fMin: 500, spread: 0.5 }),
  stftMagPhase: () => layers.stftMagPhase({ inputShape, nFft: 32, approxAtanAccuracy: 8 }),
  frequencyAwareConv2d: () =>
    layers.frequencyAwareConv2d({ inputShape: [10, 12, 2], filters: 3, kernelSize: 3, padding: 'same' }),
};

const inputOf = (model: tf.LayersModel) =>
  tf.randomUniform([2, ...(model.inputs[0].shape.slice(1) as number[])], -1, 1, 'float32', 6);

onEngines(() => {
  test.each(Object.entries(models))(
    '%s saves, loads with the same numbers, and prints nothing',
    async (_, create) => {
      const printed = (['log', 'warn', 'error', 'info'] as const).map((name) => vi.spyOn(console, name));
      const model = create();
      const x = inputOf(model);
      const expected = model.predict(x) as tf.Tensor;
      let artifacts: tf.io.ModelArtifacts | undefined;
      await model.save(
        tf.io.withSaveHandler(async (saved) => {
          artifacts = saved;
          return { modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(saved) };
        }),
      );
      const loaded = await tf.loadLayersModel(tf.io.fromMemory(artifacts!));
      expectClose(loaded.predict(x) as tf.Tensor, expected, { atol: 0 });
      expect(expected.shape.slice(1)).toEqual(model.outputs[0].shape.slice(1));
      for (const spy of printed) {
        expect(spy).not.toHaveBeenCalled();
        spy.mockRestore();
      }
    },
  );

  test('magnitudes are the same by the layer Spectrogram and by STFT', () => {
    const x = tf.randomUniform([2, 120, 2], -1, 1, 'float32', 6);
    const options = { inputShape, nFft: 32, center: false, padMode: 'constant' } as const;
    const byKernel = layers.stftMagnitude(options).predict(x) as tf.Tensor;
    const byStft = layers.stftMagnitude({ ...options, ...layers.kapreFraming }).predict(x) as tf.Tensor;
    expectClose(byStft, byKernel, { atol: 2e-5 });
  });

  test('decibels are 20 logarithms, and 10 by the convention of Kapre', () => {
    const x = tf.randomUniform([1, 120, 2], -1, 1, 'float32', 6);
    const options = { inputShape, nFft: 32, ...layers.kapreFraming };
    const decibels = (convention?: 'kapre') =>
      layers.stftMagnitude({ ...options, decibel: { convention, topDb: null } }).predict(x) as tf.Tensor;
    expectClose(decibels(), tf.mul(decibels('kapre'), 2), { atol: 1e-5 });
  });

  test('magnitudes come before phases on the channel axis', () => {
    const x = tf.randomUniform([1, 120, 2], -1, 1, 'float32', 6);
    const out = layers.stftMagPhase({ inputShape, nFft: 32 }).predict(x) as tf.Tensor;
    const spectrum = new layers.STFT({ nFft: 32 }).apply(x) as tf.Tensor;
    const [magnitudes, phases] = tf.split(out, 2, 3);
    expectClose(magnitudes, new layers.Magnitude().apply(spectrum) as tf.Tensor, { atol: 0 });
    expectClose(phases, new layers.Phase().apply(spectrum) as tf.Tensor, { atol: 0 });
  });

  test('a transform and its inverse give every sample back, also without the length, with zeros behind', () => {
    const x = tf.randomUniform([2, 101, 2], -1, 1, 'float32', 6);
    for (const hopLength of [16, 8, 4]) {
      const pair = layers.perfectlyReconstructingStftIstft({
        nFft: 32,
        hopLength,
        stftDataFormat: 'channelsFirst',
      });
      const back = pair.inverseStft.apply(pair.stft.apply(x) as tf.Tensor) as tf.Tensor;
      expectClose(tf.slice(back, [0, 0, 0], [-1, 101, -1]), x, { atol: 1e-5 });
      const behind = tf.slice(back, [0, 101, 0]);
      expectClose(behind, new Float32Array(behind.size), { atol: 1e-5 });
    }
  });
});

test('a hop that does not divide nFft, an unknown convention and a missing shape are refused', () => {
  expect(() => layers.perfectlyReconstructingStftIstft({ nFft: 32, hopLength: 12 })).toThrow(
    'a divisor of nFft=32',
  );
  const decibel = { convention: 'power' as 'kapre' };
  expect(() => layers.stftMagnitude({ inputShape, decibel })).toThrow(
    'convention must be one of amplitude, kapre',
  );
});
