import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { MelSpectrogram } from '../../layers/melSpectrogram.ts';
import { Spectrogram } from '../../layers/spectrogram.ts';
import { checkLayer } from '../support/checkLayer.ts';
import { expectClose } from '../support/expectClose.ts';
import { librosa, stftOptions } from '../support/librosaFixture.ts';
import { onEngines } from '../support/onEngines.ts';

const signal = () => tf.tensor2d(librosa.signal, [1, librosa.signal.length]);

onEngines(() => {
  test('power equals librosa for every option of the fixture', () => {
    for (const { options, shape, real, imag } of librosa.stfts) {
      const power = real.map((re, i) => re * re + imag[i] * imag[i]);
      const ours = new Spectrogram(stftOptions(options)).apply(signal()) as tf.Tensor;
      expect(ours.shape).toEqual([1, ...shape, 1]);
      expectClose(ours, power, { rtol: 1e-4, atol: 1e-4 });
    }
  });

  test('magnitude is the root of power', () => {
    const { options, real, imag } = librosa.stfts[2];
    const ours = new Spectrogram({ ...stftOptions(options), power: 1 }).apply(signal()) as tf.Tensor;
    expectClose(
      ours,
      real.map((re, i) => Math.hypot(re, imag[i])),
      { atol: 2e-5 },
    );
  });

  test('channels are transformed one by one, in both data formats', () => {
    const options = { nFft: 16, hopLength: 6 };
    const left = Array.from({ length: 50 }, (_, n) => Math.sin(n));
    const right = Array.from({ length: 50 }, (_, n) => Math.cos(2 * n));
    const expected = [left, right].map(
      (x) => new Spectrogram(options).apply(tf.tensor2d([x])) as tf.Tensor4D,
    );
    const channelsFirst = tf.tensor3d([[left, right]]);
    const first = new Spectrogram({
      ...options,
      inputDataFormat: 'channelsFirst',
      outputDataFormat: 'channelsFirst',
    }).apply(channelsFirst) as tf.Tensor;
    const last = new Spectrogram(options).apply(tf.transpose(channelsFirst, [0, 2, 1])) as tf.Tensor;
    expect(first.shape).toEqual([1, 2, 9, 9]);
    expect(last.shape).toEqual([1, 9, 9, 2]);
    expectClose(last, tf.concat(expected, 3), { atol: 1e-6 });
    expectClose(tf.transpose(first, [0, 2, 3, 1]), last, { atol: 0 });
  });

  test('frozen kernels are no weights; trainable ones are counted', () => {
    const frozen = new Spectrogram({ nFft: 512, hopLength: 256 });
    const trainable = new Spectrogram({ nFft: 512, hopLength: 256, trainableKernels: true });
    for (const layer of [frozen, trainable]) layer.build([null, 1024]);
    expect(frozen.weights.length).toBe(0);
    expect(trainable.countParams()).toBe(512 * 514); // Kapre 2017: 263,168 for nFft 512
    expect(trainable.trainableWeights.length).toBe(1);
  });

  test('trained kernels are as long as the frame and hear nothing behind it, where hops do not divide it too', () => {
    const x = tf.randomUniform([1, 14], -1, 1, 'float32', 5);
    const behind = tf.oneHot(tf.tensor1d([8], 'int32'), 14); // the first sample behind frame 0
    const options = { nFft: 8, hopLength: 3, center: false, trainableKernels: true };
    for (const layer of [
      new Spectrogram(options),
      new MelSpectrogram({ ...options, sampleRate: 8000, nMels: 2 }),
    ]) {
      layer.build([null, 14]);
      expect(layer.countParams()).toBe(8 * 10);
      layer.setWeights(layer.getWeights().map(({ shape }) => tf.randomNormal(shape, 0, 1, 'float32', 6)));
      const frames = tf.unstack(layer.apply(x) as tf.Tensor, 1);
      const others = tf.unstack(layer.apply(tf.add(x, behind)) as tf.Tensor, 1);
      expectClose(others[0], frames[0], { atol: 0 });
      expect(others[1].dataSync()).not.toEqual(frames[1].dataSync()); // samples 3 to 10
    }
  });

  test('a trainable window is counted, starts as the window and stands in the middle of the frame', async () => {
    const options = { nFft: 32, winLength: 20, hopLength: 9, window: 'hamming' } as const;
    const x = tf.randomUniform([2, 90], -1, 1, 'float32', 4);
    const trained = new Spectrogram({ ...options, trainableWindow: true });
    const frozen = new Spectrogram(options);
    expectClose(trained.apply(x) as tf.Tensor, frozen.apply(x) as tf.Tensor, { atol: 1e-6 });
    expect(trained.countParams()).toBe(20);
    await checkLayer(() => new Spectrogram({ ...options, trainableWindow: true }), x);
    await checkLayer(() => new Spectrogram({ ...options, nFft: 24, trainableWindow: true, power: 1 }), x);
  });

  test('silence has no power and no infinite gradient', () => {
    const layer = new Spectrogram({ nFft: 16, power: 1 });
    const gradient = tf.grad((x) => tf.sum(layer.apply(x) as tf.Tensor))(tf.zeros([1, 64]));
    expectClose(gradient, new Float32Array(64), { atol: 1e-6 });
    expectClose(tf.max(layer.apply(tf.zeros([1, 64])) as tf.Tensor), [0], { atol: 1e-14 });
  });
});

test('options out of range are refused, with unit and way out', () => {
  expect(() => new Spectrogram({ nFft: 0 })).toThrow(
    'Spectrogram: nFft must be an integer >= 2 samples; got 0',
  );
  expect(() => new Spectrogram({ nFft: 512, winLength: 600 })).toThrow('Raise nFft');
  expect(() => new Spectrogram({ hopLength: 0.5 })).toThrow(
    'hopLength must be an integer >= 1 sample; got 0.5',
  );
  expect(() => new Spectrogram({ power: 3 as 2 })).toThrow('power must be one of 1, 2; got 3');
  expect(() => new Spectrogram({ padMode: 'edge' as 'reflect' })).toThrow(
    'padMode must be one of reflect, constant',
  );
  expect(() => new Spectrogram({ nFft: 64 }).apply(tf.zeros([1, 32]))).toThrow(
    "padMode 'reflect' needs more than 32",
  );
  expect(() => new Spectrogram().build([null, 4, 4, 1])).toThrow(
    'needs a waveform of shape [batch, samples]',
  );
});
