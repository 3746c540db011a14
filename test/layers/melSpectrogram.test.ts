import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { ApplyFilterbank } from '../../layers/applyFilterbank.ts';
import { MelSpectrogram, type MelSpectrogramArgs } from '../../layers/melSpectrogram.ts';
import { PowerToDecibel } from '../../layers/powerToDecibel.ts';
import { Spectrogram } from '../../layers/spectrogram.ts';
import { expectClose } from '../support/expectClose.ts';
import { librosa } from '../support/librosaFixture.ts';
import { onEngines } from '../support/onEngines.ts';

const sampleRate = librosa.sample_rate;
const { n_fft, hop_length, n_mels, shape, values } = librosa.melspectrogram;
const asLibrosa = { sampleRate, nFft: n_fft, hopLength: hop_length, nMels: n_mels };
const signal = () => tf.tensor2d(librosa.signal, [1, librosa.signal.length]);

/** The three layers that it stands for; decibels only where asked for. */
function threeLayers(args: MelSpectrogramArgs, x: tf.Tensor): tf.Tensor {
  const { decibel, sampleRate: rate, nMels, fMin, fMax, melScale, norm, ...stft } = args;
  const bands = { sampleRate: rate, nMels, fMin, fMax, melScale, norm };
  const layers = [
    new Spectrogram({ ...stft, trainableKernels: true }), // stock ops
    new ApplyFilterbank({ ...bands, dataFormat: stft.outputDataFormat }),
    ...(decibel ? [new PowerToDecibel(decibel)] : []),
  ];
  return layers.reduce((map, layer) => layer.apply(map) as tf.Tensor, x);
}

onEngines(() => {
  test('equals librosa melspectrogram, and power_to_db of it for ref, amin and top_db', () => {
    const power = new MelSpectrogram(asLibrosa).apply(signal()) as tf.Tensor;
    expect(power.shape).toEqual([1, ...shape, 1]);
    expectClose(power, values, { rtol: 1e-5, atol: 1e-7 });
    for (const { options, values: expected } of librosa.decibels) {
      const decibel = { ref: options.ref, amin: options.amin, topDb: options.top_db };
      const layer = new MelSpectrogram({ ...asLibrosa, decibel });
      expectClose(layer.apply(signal()) as tf.Tensor, expected, { atol: 1e-4 });
    }
  });

  test.each<[string, Partial<MelSpectrogramArgs>]>([
    ['odd hop, short window, zeros at the ends', { hopLength: 11, winLength: 40, window: 'hamming', padMode: 'constant' }], // prettier-ignore
    ['htk, no norm, a narrower band', { melScale: 'htk', norm: null, fMin: 100, fMax: 3000, nMels: 9 }],
    ['decibels below the peak', { decibel: { ref: 'max', topDb: 50 } }],
    ['decibels without a floor', { decibel: { ref: 0.1, amin: 1e-6, topDb: null }, center: false }],
    ['magnitude', { power: 1 }],
    ['a length that is no power of two', { nFft: 60, decibel: {} }],
    ['channels first, both ways', { inputDataFormat: 'channelsFirst', outputDataFormat: 'channelsFirst', decibel: { ref: 'max' } }], // prettier-ignore
  ])('equals Spectrogram ▸ ApplyFilterbank ▸ PowerToDecibel: %s', (_, options) => {
    const args = { sampleRate: 8000, nFft: 64, hopLength: 16, nMels: 12, ...options };
    const stereo = tf.randomNormal([2, 333, 2], 0, 0.5, 'float32', 3);
    const x = args.inputDataFormat === 'channelsFirst' ? tf.transpose(stereo, [0, 2, 1]) : stereo;
    const [got, expected] = [new MelSpectrogram(args).apply(x) as tf.Tensor, threeLayers(args, x)];
    expect(got.shape).toEqual(expected.shape);
    expectClose(got, expected, args.decibel ? { atol: 1e-3 } : { atol: 1e-6, rtol: 1e-5 });
  });

  test('trainable parts have the gradients of stock ops, and are counted', () => {
    const decibel = { ref: 1, amin: 1e-4, topDb: null };
    const options = { sampleRate: 8000, nFft: 32, hopLength: 12, winLength: 24, nMels: 5, decibel };
    const layer = new MelSpectrogram({ ...options, trainableWindow: true, trainableFilterbank: true });
    layer.build([null, 200]);
    expect(layer.trainableWeights.map(({ shape: of }) => of)).toEqual([[24], [17, 5]]);
    expect(new MelSpectrogram(options).weights).toHaveLength(0);

    const x = tf.randomNormal([2, 200], 0, 0.5, 'float32', 8);
    const [window, filterbank] = layer.trainableWeights.map((weight) => weight.read() as tf.Variable);
    const gradients = (variables: tf.Variable[], of: () => tf.Tensor) => {
      const { grads } = tf.variableGrads(
        () => tf.sum(tf.mul(of(), tf.randomNormal([2, 17, 5, 1], 0, 1, 'float32', 9))),
        variables,
      );
      return variables.map(({ name }) => grads[name]);
    };
    const [byWindow, byFilterbank] = gradients([window, filterbank], () => layer.apply(x) as tf.Tensor);

    // the same by DFT kernels: their gradient, times what the window multiplies, is the window's
    const stock = new MelSpectrogram({ ...options, trainableKernels: true, trainableFilterbank: true });
    stock.apply(x);
    const [kernels, bank] = stock.trainableWeights.map((weight) => weight.read() as tf.Variable);
    const [byKernels, byBank] = gradients([kernels, bank], () => stock.apply(x) as tf.Tensor);
    const hann = Array.from({ length: 32 }, (_, n) => (n < 4 || n >= 28 ? 0 : 0.5 - 0.5 * Math.cos((2 * Math.PI * (n - 4)) / 24))); // prettier-ignore
    const dft = Array.from(
      { length: 32 },
      (_, n) =>
      Array.from({ length: 34 }, (__, k) => (k < 17 ? Math.cos : (a: number) => -Math.sin(a))((2 * Math.PI * n * (k % 17)) / 32)), // prettier-ignore
    );
    const rows = tf.slice(byKernels, [0, 0], [32, 34]);
    expectClose(tf.slice(kernels, [0, 0], [32, 34]), dft.map((row, n) => row.map((value) => value * hann[n])), { atol: 1e-6 }); // prettier-ignore
    const expected = tf.slice(tf.sum(tf.mul(rows, tf.tensor2d(dft)), 1), 4, 24);
    const peak = (values: tf.Tensor) => tf.max(tf.abs(values)).dataSync()[0];
    expectClose(byWindow, expected, { atol: 1e-4 * peak(expected) });
    expectClose(byFilterbank, byBank, { atol: 1e-4 * peak(byBank) });
  });

  test('silence gives the floor, and finite gradients', () => {
    const layer = new MelSpectrogram({ ...asLibrosa, decibel: { amin: 1e-8 } });
    const silence = tf.zeros([1, 1000]);
    const decibels = layer.apply(silence) as tf.Tensor;
    expectClose(decibels, new Float32Array(decibels.size).fill(-80), { atol: 1e-4 });
    const gradient = tf.grad((x) => tf.sum(layer.apply(x) as tf.Tensor))(silence);
    expectClose(gradient, new Float32Array(1000), { atol: 1e-6 });
  });
});

test('options out of range are refused, with unit and way out', () => {
  const make = (args: Partial<MelSpectrogramArgs>) => () =>
    new MelSpectrogram({ sampleRate: 16000, ...args });
  expect(make({ nFft: 0 })).toThrow('MelSpectrogram: nFft must be an integer >= 2 samples; got 0');
  expect(make({ fMax: 9000 })).toThrow('fMax <= 8000 Hz');
  expect(make({ nMels: 0 })).toThrow('nMels must be an integer >= 1');
  expect(make({ decibel: { topDb: -80 } })).toThrow('MelSpectrogram: decibel: topDb must be >= 0');
  expect(make({ decibel: { ref: 0 } })).toThrow("ref, unless 'max', must be a number > 0; got 0");
  expect(make({ decibel: {}, power: 1 })).toThrow('Use power: 2, or decibel: null');
  expect(make({ trainableKernels: true, trainableWindow: true })).toThrow('hold the window already');
  expect(() => new MelSpectrogram({ sampleRate, nFft: 64 }).apply(tf.zeros([1, 32]))).toThrow(
    "padMode 'reflect' needs more than 32",
  );
});
