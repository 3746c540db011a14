import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { CQT } from '../../layers/cqt.ts';
import { constantQFrequencies, constantQLengths, type ConstantQOptions } from '../../layers/dsp/constantQ.ts';
import { VQT, type VQTArgs } from '../../layers/vqt.ts';
import { expectClose } from '../support/expectClose.ts';
import { onEngines } from '../support/onEngines.ts';

const small = { sampleRate: 8000, hopLength: 64, fMin: 220, nBins: 40 };
const noise = (samples: number, seed = 3) => tf.randomNormal([1, samples], 0, 0.3, 'float32', seed);

/**
 * The transform as Brown (1991) writes it, in float64 at the full rate: window times e^(−iωn), summed over the samples
 * around the middle of each frame, zeros beyond the ends. The window of a wavelet of length l has
 * floor(l / 2) + ceil(l / 2) samples and ends at ceil(l / 2), as librosa's.
 */
function correlate(signal: ArrayLike<number>, options: ConstantQOptions & { gamma?: number }): number[] {
  const { sampleRate, hopLength = 512 } = options;
  const lengths = constantQLengths(options);
  const out: number[] = [];
  for (let centre = 0; centre <= signal.length; centre += hopLength) {
    constantQFrequencies(options).forEach((hz, bin) => {
      const [floor, ceil] = [Math.floor(lengths[bin] / 2), Math.ceil(lengths[bin] / 2)];
      let [re, im, sum] = [0, 0, 0];
      for (let n = 1 - floor; n <= ceil; n++) {
        const window = 0.5 - 0.5 * Math.cos((2 * Math.PI * (ceil - n)) / (floor + ceil));
        const x = signal[centre + n] ?? 0;
        re += window * x * Math.cos((2 * Math.PI * hz * n) / sampleRate);
        im -= window * x * Math.sin((2 * Math.PI * hz * n) / sampleRate);
        sum += window;
      }
      const gain = Math.sqrt(lengths[bin]) / sum;
      out.push(re * gain, im * gain);
    });
  }
  return out;
}

const peakOf = (values: number[]) => Math.max(...values.map(Math.abs));

onEngines(() => {
  test.each([0, 15])(
    "with wavelets 'direct' it is the direct correlation, ends included: gamma %f Hz",
    (gamma) => {
      const x = noise(3000);
      const layer = new VQT({ ...small, gamma, wavelets: 'direct', complex: true });
      const expected = correlate(x.dataSync(), { ...small, gamma });
      expectClose(layer.apply(x) as tf.Tensor, expected, { atol: 1e-4 * peakOf(expected) });
    },
  );

  test("with an odd hop, where no octave is halved, 'direct' is the correlation to float32", () => {
    const x = noise(2000);
    const options = { ...small, hopLength: 65 };
    const expected = correlate(x.dataSync(), { ...options, gamma: 0 });
    const layer = new CQT({ ...options, wavelets: 'direct', complex: true });
    expectClose(layer.apply(x) as tf.Tensor, expected, { atol: 3e-6 * peakOf(expected) });
  });

  test.each(['librosa', 'direct'] as const)(
    'a sine of amplitude A at a centre reads A/2 · √length, or A/2 · length without scale, in every octave: %s',
    (wavelets) => {
      for (const scale of [true, false]) {
        const layer = new CQT({ ...small, wavelets, scale });
        const lengths = constantQLengths(small);
        for (const bin of [0, 13, 27, 39]) {
          const hz = 220 * 2 ** (bin / 12);
          const sine = Array.from({ length: 4000 }, (_, n) => 0.8 * Math.sin((2 * Math.PI * hz * n) / 8000));
          const map = tf.squeeze(layer.apply(tf.tensor2d([sine])) as tf.Tensor) as tf.Tensor2D;
          const expected = 0.4 * (scale ? Math.sqrt(lengths[bin]) : lengths[bin]);
          expectClose(tf.slice(map, [30, bin], [4, 1]), new Float32Array(4).fill(expected), { rtol: 2e-4 });
        }
      }
    },
  );

  test('the level of white noise does not jump between octaves with norm 2, as it does in librosa', () => {
    // |response|² of white noise of variance 1 is length · Σ w² / Σ w² = length with scale
    const layer = new CQT({ ...small, nBins: 36, norm: 2, power: 2, hopLength: 32 });
    const mean = tf.mean(layer.apply(tf.randomNormal([8, 8000], 0, 1, 'float32', 2)) as tf.Tensor, [0, 1, 3]);
    const lengths = constantQLengths({ ...small, nBins: 36 });
    expectClose(mean, lengths, { rtol: 0.25 });
    const octaves = tf.mean(tf.reshape(tf.div(mean, tf.tensor1d(Float32Array.from(lengths))), [3, 12]), 1);
    expectClose(octaves, [1, 1, 1], { rtol: 0.08 });
  });

  test('magnitude and power are those of the complex parts', () => {
    const x = noise(1500);
    const parts = new VQT({ ...small, complex: true }).apply(x) as tf.Tensor;
    const power = tf.sum(tf.square(parts), -1);
    expectClose(new VQT({ ...small, power: 2 }).apply(x) as tf.Tensor, power, { rtol: 1e-5, atol: 1e-9 });
    expectClose(new VQT(small).apply(x) as tf.Tensor, tf.sqrt(power), { rtol: 1e-5, atol: 1e-7 });
  });

  test('channels and clips come out as each alone, in both data formats', () => {
    const clips = tf.randomNormal([2, 700, 3], 0, 1, 'float32', 5);
    const layer = new CQT({ ...small, complex: true });
    const all = layer.apply(clips) as tf.Tensor;
    expect(all.shape).toEqual([2, 11, 40, 3, 2]);
    const one = layer.apply(tf.reshape(tf.slice(clips, [1, 0, 2], [1, 700, 1]), [1, 700])) as tf.Tensor;
    expectClose(tf.slice(all, [1, 0, 0, 2, 0], [1, 11, 40, 1, 2]), one, { atol: 1e-5 });
    const first = new CQT({ ...small, complex: true, inputDataFormat: 'channelsFirst', outputDataFormat: 'channelsFirst' }); // prettier-ignore
    const turned = first.apply(tf.transpose(clips, [0, 2, 1])) as tf.Tensor;
    expectClose(tf.transpose(turned, [0, 2, 3, 1, 4]), all, { atol: 0 });
  });

  test('silence, one sample, a constant, full scale and NaN', () => {
    const layer = new CQT(small);
    expectClose(layer.apply(tf.zeros([1, 500])) as tf.Tensor, new Float32Array(8 * 40), { atol: 1e-14 });
    const gradient = tf.grad((x) => tf.sum(layer.apply(x) as tf.Tensor))(tf.zeros([1, 500]));
    expectClose(gradient, new Float32Array(500), { atol: 0 });

    const impulse = layer.apply(tf.ones([1, 1])) as tf.Tensor; // its wavelets' middle: 1 / Σ w = 2 / length
    expectClose(
      impulse,
      constantQLengths(small).map((length) => 2 / Math.sqrt(length)),
      { rtol: 0.02 },
    );

    const constant = layer.apply(tf.ones([1, 4000])) as tf.Tensor;
    const middle = tf.slice(constant, [0, 30, 0, 0], [1, 2, 40, 1]);
    const sine = 0.5 * Math.sqrt(constantQLengths(small)[0]);
    expect(Math.max(...middle.dataSync())).toBeLessThan(1e-3 * sine);

    const square = tf.tensor2d([Array.from({ length: 500 }, (_, n) => (n % 18 < 9 ? 1 : -1))]);
    expect(Array.from((layer.apply(square) as tf.Tensor).dataSync()).every(Number.isFinite)).toBe(true);
    const broken = layer.apply(tf.concat([tf.fill([1, 1], NaN), tf.zeros([1, 3999])], 1)) as tf.Tensor;
    expect(broken.dataSync()[0]).toBeNaN();
  });

  test('trainable kernels have the gradient of finite differences; frozen ones are not counted', () => {
    const options = {
      sampleRate: 800,
      hopLength: 4,
      fMin: 50,
      nBins: 6,
      binsPerOctave: 3,
      power: 2,
    } as const;
    const layer = new CQT({ ...options, trainableKernels: true });
    const x = noise(60);
    const loss = () => tf.tidy(() => tf.sum(tf.square(layer.apply(x) as tf.Tensor)) as tf.Scalar);
    loss();
    expect(layer.trainableWeights).toHaveLength(2);
    expect(new CQT(options).weights).toHaveLength(0);
    for (const weight of layer.trainableWeights) {
      const variable = weight.read() as tf.Variable;
      const { grads } = tf.variableGrads(loss, [variable]);
      const start = variable.dataSync().slice();
      const at = start.findIndex((value) => Math.abs(value) === Math.max(...start.map(Math.abs)));
      const step = 1e-2 * Math.abs(start[at]);
      const lossAt = (value: number) => {
        const moved = start.slice();
        moved[at] = value;
        variable.assign(tf.tensor(moved, variable.shape));
        return loss().dataSync()[0];
      };
      const slope = (lossAt(start[at] + step) - lossAt(start[at] - step)) / (2 * step);
      variable.assign(tf.tensor(start, variable.shape));
      expectClose(grads[variable.name].dataSync()[at], slope, { rtol: 1e-2 });
    }
  });

  test('the gradient by the waveform is that of finite differences', () => {
    const layer = new VQT({ ...small, power: 2 });
    const x = noise(400);
    const loss = (signal: tf.Tensor) => tf.sum(layer.apply(signal) as tf.Tensor) as tf.Scalar;
    const gradient = tf.grad(loss)(x).dataSync();
    for (const at of [0, 123, 399]) {
      const step = tf.oneHot(tf.tensor1d([at], 'int32'), 400).mul(0.1);
      const slope = (loss(tf.add(x, step)).dataSync()[0] - loss(tf.sub(x, step)).dataSync()[0]) / 0.2;
      expectClose(gradient[at], slope, { rtol: 1e-2, atol: 1e-2 });
    }
  });
});

test('bins beyond half of the sampling rate are refused, with how many fit', () => {
  const make = (args: Partial<VQTArgs>) => () => new CQT({ sampleRate: 8000, ...args });
  expect(make({})).toThrow(
    'CQT: nBins=84 from fMin=32.7032 Hz reaches 4122.06 Hz, beyond half of sampleRate (4000 Hz). ' +
      'At most 83 bins fit: lower nBins or fMin.',
  );
  expect(make({ nBins: 83 })).not.toThrow();
  expect(make({ fMin: 5000 })).toThrow('Lower fMin or raise sampleRate.');
});

test('options out of range and a waveform too short are refused', () => {
  const make = (args: object) => () => new VQT({ ...small, ...args });
  expect(make({ gamma: -1 })).toThrow("VQT: gamma must be a number >= 0 Hz, or 'erb'; got -1");
  expect(make({ hopLength: 0 })).toThrow('VQT: hopLength must be an integer >= 1 sample; got 0');
  expect(make({ norm: 3 })).toThrow('VQT: norm must be one of 1, 2, inf, null; got 3');
  expect(make({ wavelets: 'x' })).toThrow('VQT: wavelets must be one of librosa, direct; got x');
  expect(make({ filterScale: 0 })).toThrow('VQT: filterScale must be a number > 0; got 0');
  expect(make({ tuning: NaN })).toThrow('VQT: tuning must be a finite number of bins; got NaN');
  expect(make({ power: 3 })).toThrow('VQT: power must be one of 1, 2; got 3');
  expect(() => new CQT(small).apply(tf.zeros([1, 0]))).toThrow('needs at least 1 sample; got 0');
  expect(() => new CQT({ ...small, padMode: 'reflect' }).apply(tf.zeros([1, 100]))).toThrow(
    "Give a longer signal, or padMode: 'constant'.",
  );
  expect(() => new CQT(small).apply(tf.zeros([100]))).toThrow('CQT needs a waveform of shape');
});
