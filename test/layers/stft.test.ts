import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { Magnitude } from '../../layers/magnitude.ts';
import { Spectrogram } from '../../layers/spectrogram.ts';
import { kapreFraming, STFT } from '../../layers/stft.ts';
import { expectClose } from '../support/expectClose.ts';
import { onEngines } from '../support/onEngines.ts';

const noise = (shape: number[], seed = 4) => tf.randomUniform(shape, -1, 1, 'float32', seed);

onEngines(() => {
  test('an impulse has the window at its place as real part, turned by the distance from the frame', () => {
    const impulse = tf.oneHot(tf.tensor1d([1], 'int32'), 4); // x[1] = 1
    const layer = new STFT({ nFft: 4, hopLength: 4, window: 'boxcar', center: false });
    const expected = [1, 0, 0, -1, -1, 0]; // exp(-2πi·k / 4) for k = 0, 1, 2
    expectClose(layer.apply(tf.cast(impulse, 'float32')) as tf.Tensor, expected, { atol: 1e-7 });
  });

  test('its magnitude is that of Spectrogram', () => {
    const options = { nFft: 32, winLength: 24, hopLength: 10, window: 'blackman' } as const;
    const x = noise([2, 100, 2]);
    const ours = new Magnitude().apply(new STFT(options).apply(x) as tf.Tensor) as tf.Tensor;
    expectClose(ours, new Spectrogram({ ...options, power: 1 }).apply(x) as tf.Tensor, { atol: 2e-5 });
  });

  test('channels are transformed one by one, in all four combinations of data formats', () => {
    const channels = [noise([1, 50], 1), noise([1, 50], 2), noise([1, 50], 3)];
    const options = { nFft: 16, hopLength: 6 };
    const expected = tf.concat(
      channels.map((x) => new STFT(options).apply(x) as tf.Tensor),
      3,
    );
    for (const inputDataFormat of ['channelsFirst', 'channelsLast'] as const) {
      for (const outputDataFormat of ['channelsFirst', 'channelsLast'] as const) {
        const x = tf.stack(channels, inputDataFormat === 'channelsFirst' ? 1 : 2);
        const out = new STFT({ ...options, inputDataFormat, outputDataFormat }).apply(x) as tf.Tensor;
        const last = outputDataFormat === 'channelsLast' ? out : tf.transpose(out, [0, 2, 3, 1, 4]);
        expectClose(last, expected, { atol: 0 });
      }
    }
  });

  test('one channel gives the same numbers wherever its axis stands or lacks', () => {
    const options = { nFft: 16, hopLength: 4 };
    const x = noise([2, 40]);
    const plain = new STFT(options).apply(x) as tf.Tensor;
    const last = new STFT(options).apply(tf.expandDims(x, 2)) as tf.Tensor;
    const formats = { inputDataFormat: 'channelsFirst', outputDataFormat: 'channelsFirst' } as const;
    const first = new STFT({ ...options, ...formats }).apply(tf.expandDims(x, 1)) as tf.Tensor;
    expectClose(last, plain, { atol: 0 });
    expectClose(first, plain, { atol: 0 });
  });

  test('frozen kernels are no weights; trainable ones start as the exact transform and are counted', () => {
    const x = noise([1, 1024]);
    const frozen = new STFT({ nFft: 512, hopLength: 256 });
    const trainable = new STFT({ nFft: 512, hopLength: 256, trainableKernels: true });
    expectClose(trainable.apply(x) as tf.Tensor, frozen.apply(x) as tf.Tensor, { atol: 0 });
    expect(frozen.weights.length).toBe(0);
    expect(trainable.countParams()).toBe(512 * 514); // Kapre 2017: 263,168 for nFft 512
  });

  test('silence gives zeros, a constant only the lowest bins, full scale the sum of the window', () => {
    const layer = new STFT({ nFft: 16, hopLength: 16, center: false });
    expectClose(layer.apply(tf.zeros([1, 48])) as tf.Tensor, new Float32Array(3 * 9 * 2), { atol: 0 });
    const constant = layer.apply(tf.ones([1, 16])) as tf.Tensor;
    const expected = [8, 0, -4, 0, ...new Array<number>(14).fill(0)]; // a Hann window sums to N/2, its first bin to -N/4
    expectClose(constant, expected, { atol: 1e-6 });
  });

  test('NaN stays in the frames that hold it and in its channel and clip', async () => {
    const values = new Float32Array(2 * 40 * 2);
    values[2 * 21] = NaN; // clip 0, sample 21, channel 0
    const layer = new STFT({ nFft: 10, hopLength: 4, center: false, window: 'boxcar' });
    const out = layer.apply(tf.tensor3d(values, [2, 40, 2])) as tf.Tensor;
    const [nFrames, nBins] = [out.shape[1]!, out.shape[2]!];
    const data = await out.data();
    const at = (clip: number, frame: number, channel: number) =>
      data[(((clip * nFrames + frame) * nBins + 0) * 2 + channel) * 2];
    const tainted = Array.from({ length: nFrames }, (_, frame) => frame).filter((frame) =>
      Number.isNaN(at(0, frame, 0)),
    );
    expect(tainted).toEqual([3, 4, 5]); // frames [12, 22), [16, 26) and [20, 30)
    expect(data.filter(Number.isNaN).length).toBe(3 * nBins * 2);
  });

  test('one sample has a frame where there is padding for it', () => {
    const one = tf.ones([1, 1]);
    expect((new STFT({ nFft: 8, padMode: 'constant' }).apply(one) as tf.Tensor).shape).toEqual([
      1, 1, 5, 1, 2,
    ]);
    expect((new STFT({ ...kapreFraming, nFft: 8, padEnd: true }).apply(one) as tf.Tensor).shape).toEqual([1, 1, 5, 1, 2]); // prettier-ignore
  });
});

test('waveforms too short and options out of range are refused, with the way out', () => {
  expect(() => new STFT({ nFft: 8 }).apply(tf.ones([1, 4]))).toThrow("padMode 'reflect' needs more than 4");
  expect(() => new STFT({ nFft: 8, center: false }).apply(tf.ones([1, 7]))).toThrow(
    'holds no frame of 8 samples',
  );
  expect(() => new STFT({ padBegin: true })).toThrow('need center: false');
  expect(() => new STFT({ windowPosition: 'start' })).toThrow('needs center: false');
  expect(() => new STFT({ nFft: 8, hopLength: 9, center: false, padBegin: true })).toThrow(
    'hopLength <= nFft = 8',
  );
  expect(() => new STFT({ nFft: 8, winLength: 9 })).toThrow('Raise nFft');
  expect(() => new STFT({ hopLength: 0 })).toThrow('hopLength must be an integer >= 1 sample; got 0');
  expect(() => new STFT().build([null, 4, 4, 1])).toThrow('STFT needs a waveform of shape [batch, samples]');
});
