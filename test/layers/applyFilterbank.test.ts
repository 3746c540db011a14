import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { ApplyFilterbank } from '../../layers/applyFilterbank.ts';
import { Spectrogram } from '../../layers/spectrogram.ts';
import { expectClose } from '../support/expectClose.ts';
import { librosa } from '../support/librosaFixture.ts';
import { onEngines } from '../support/onEngines.ts';

const sampleRate = librosa.sample_rate;

onEngines(() => {
  test('a mel spectrogram equals librosa', () => {
    const { n_fft, hop_length, n_mels, shape, values } = librosa.melspectrogram;
    const signal = tf.tensor2d(librosa.signal, [1, librosa.signal.length]);
    const power = new Spectrogram({ nFft: n_fft, hopLength: hop_length }).apply(signal) as tf.Tensor;
    const mel = new ApplyFilterbank({ sampleRate, nMels: n_mels }).apply(power) as tf.Tensor;
    expect(mel.shape).toEqual([1, ...shape, 1]);
    expectClose(mel, values, { rtol: 1e-5, atol: 1e-7 });
  });

  test('the matrix of the fixture multiplies each bin, with htk, no norm and a narrower band', () => {
    const { options, matrix } = librosa.mels[3];
    const layer = new ApplyFilterbank({
      sampleRate,
      nMels: options.n_mels,
      fMin: options.fmin,
      fMax: options.fmax,
      melScale: 'htk',
      norm: null,
      dataFormat: 'channelsFirst',
    });
    const eachBin = tf.reshape(tf.eye(65), [1, 1, 65, 65]);
    expectClose(layer.apply(eachBin) as tf.Tensor, matrix, { atol: 1e-6 });
  });

  test('each log band of a flat spectrum is that spectrum', () => {
    const layer = new ApplyFilterbank({ type: 'log', sampleRate, nBands: 30, fMin: 100 });
    expectClose(layer.apply(tf.ones([1, 1, 257, 1])) as tf.Tensor, new Float32Array(30).fill(1), {
      rtol: 1e-6,
    });
  });

  test('a trainable filterbank starts as the exact one and counts bins × mels', () => {
    const layer = new ApplyFilterbank({ sampleRate, nMels: 10, trainableFilterbank: true });
    layer.build([null, 3, 33, 1]);
    expect(layer.countParams()).toBe(33 * 10);
    expectClose(layer.getWeights()[0], librosa.mels[0].matrix, { rtol: 2e-7, atol: 1e-9 });
  });
});

test('bad options and shapes are refused', () => {
  expect(() => new ApplyFilterbank({ sampleRate: 16000, fMax: 9000 })).toThrow('fMax <= 8000 Hz');
  expect(() => new ApplyFilterbank({ sampleRate: 0 })).toThrow('sampleRate must be a number > 0');
  expect(() => new ApplyFilterbank({ sampleRate, dataFormat: 'last' as 'channelsLast' })).toThrow(
    'channelsFirst',
  );
  expect(() => new ApplyFilterbank({ type: 'log', sampleRate: 8000 })).toThrow(
    '84 bands from 32.70319566 Hz',
  );
  expect(() => new ApplyFilterbank({ type: 'bark' as 'mel', sampleRate })).toThrow(
    'type must be one of mel, log',
  );
  expect(() => new ApplyFilterbank({ sampleRate }).build([null, 20, null, 1])).toThrow('of known bins >= 2');
});
