import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { InverseSTFT } from '../../layers/inverseStft.ts';
import { STFT } from '../../layers/stft.ts';
import { expectClose } from '../support/expectClose.ts';
import { onEngines } from '../support/onEngines.ts';

const noise = (shape: number[], seed = 4) => tf.randomUniform(shape, -1, 1, 'float32', seed);

onEngines(() => {
  test('undoes STFT to 1e-5, up to the last sample, whatever hop, window, length of window and padding', () => {
    const x = noise([2, 500, 2]);
    for (const options of [
      { nFft: 64 },
      { nFft: 64, hopLength: 32 },
      { nFft: 64, hopLength: 8, padMode: 'constant' },
      { nFft: 60, winLength: 45, hopLength: 13, window: 'hamming' },
      { nFft: 64, winLength: 40, hopLength: 10, window: 'blackman' },
      { nFft: 63, hopLength: 20, window: 'boxcar' },
    ] as const) {
      const forward = new STFT(options).apply(x) as tf.Tensor;
      const { nFft, ...rest } = { padMode: undefined, ...options };
      const back = new InverseSTFT({ nFft, ...rest, length: 500 } as object).apply(forward) as tf.Tensor;
      expectClose(back, x, { atol: 1e-5 });
    }
  });

  test('in another data format, and without length, the waveform is the same as far as frames reach', () => {
    const x = noise([1, 100, 3]);
    const formats = { outputDataFormat: 'channelsFirst', inputDataFormat: 'channelsLast' } as const;
    const spectrum = new STFT({ nFft: 16, ...formats }).apply(x) as tf.Tensor;
    const swapped = { inputDataFormat: 'channelsFirst', outputDataFormat: 'channelsFirst' } as const;
    const back = new InverseSTFT({ nFft: 16, ...swapped }).apply(spectrum) as tf.Tensor;
    expect(back.shape).toEqual([1, 3, 100]);
    expectClose(tf.transpose(back, [0, 2, 1]), x, { atol: 1e-5 });
  });

  test('STFT undoes it in turn', () => {
    const spectrum = new STFT({ nFft: 32 }).apply(noise([1, 200])) as tf.Tensor;
    const waveform = new InverseSTFT({ nFft: 32 }).apply(spectrum) as tf.Tensor;
    expectClose(new STFT({ nFft: 32 }).apply(waveform) as tf.Tensor, spectrum, { atol: 2e-5 });
  });

  test('samples that no window reaches are zero, and so is what lies behind the frames', () => {
    const options = { nFft: 8, hopLength: 12, window: 'boxcar', center: false } as const;
    const spectrum = new STFT(options).apply(tf.ones([1, 20])) as tf.Tensor; // frames [0, 8) and [12, 20)
    const back = new InverseSTFT({ ...options, length: 24 }).apply(spectrum) as tf.Tensor;
    const expected = Array.from({ length: 24 }, (_, n) => (n % 12 < 8 && n < 20 ? 1 : 0));
    expectClose(back, expected, { atol: 1e-6 });
  });

  test('one layer takes spectrograms of any number of frames', () => {
    const layer = new InverseSTFT({ nFft: 16 });
    for (const samples of [40, 80, 40]) {
      const x = noise([1, samples, 1]);
      expectClose(layer.apply(new STFT({ nFft: 16 }).apply(x) as tf.Tensor) as tf.Tensor, x, { atol: 1e-5 });
    }
  });
});

test('a spectrogram of another nFft, one without parts and one without samples are refused', () => {
  const layer = new InverseSTFT({ nFft: 16 });
  expect(() => layer.apply(tf.zeros([1, 5, 17, 1, 2]))).toThrow('nFft=16 needs 9 bins');
  expect(() => layer.apply(tf.zeros([1, 5, 9, 1]))).toThrow('real and imaginary part on a last axis of 2');
  expect(() => layer.computeOutputShape([1, 1, 9, 1, 2])).toThrow('hold no sample beside the padding');
  expect(() => new InverseSTFT({ padBegin: true })).toThrow('needs center: false');
  expect(() => new InverseSTFT({ length: 0 })).toThrow('length, unless null, must be an integer >= 1 sample');
});
