import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { AdditiveNoise } from '../../layers/additiveNoise.ts';
import { ApplyFilterbank } from '../../layers/applyFilterbank.ts';
import type { Augmentation } from '../../layers/augmentation.ts';
import { bandFrequencies } from '../../layers/dsp/bandFrequencies.ts';
import { Gain } from '../../layers/gain.ts';
import { PitchShift } from '../../layers/pitchShift.ts';
import { Spectrogram } from '../../layers/spectrogram.ts';
import { TimeStretch } from '../../layers/timeStretch.ts';
import { checkLayer } from '../support/checkLayer.ts';
import { expectClose } from '../support/expectClose.ts';
import { expectGradient } from '../support/expectGradient.ts';
import { onEngines } from '../support/onEngines.ts';

const linear = { scale: 'linear', sampleRate: 8000 } as const;
const layers: [string, (seed: number) => Augmentation][] = [
  ['AdditiveNoise', (seed) => new AdditiveNoise({ power: 0.3, randomGain: true, seed })],
  ['AdditiveNoise at an SNR', (seed) => new AdditiveNoise({ snrDb: [0, 20], seed })],
  ['Gain', (seed) => new Gain({ rangeDb: [-3, 9], unit: 'power', seed })],
  ['TimeStretch', (seed) => new TimeStretch({ rate: [0.7, 1.6], fill: -2, seed })],
  ['TimeStretch, channels first', (seed) => new TimeStretch({ dataFormat: 'channelsFirst', seed })],
  ['PitchShift', (seed) => new PitchShift({ bands: linear, semitones: [-5, 7], fillValue: -3, seed })],
  [
    'PitchShift, channels first',
    (seed) => new PitchShift({ bands: { scale: 'log', fMin: 90 }, dataFormat: 'channelsFirst', seed }),
  ],
];
const input = () => tf.randomUniform([3, 7, 9, 2], 0.1, 1, 'float32', 5);
const train = (layer: Augmentation, x: tf.Tensor, step?: number) =>
  layer.apply(x, { training: true, step }) as tf.Tensor;
const numbers = (x: tf.Tensor) => Array.from(x.dataSync());

onEngines(() => {
  test.each(layers)(
    '%s passes the input outside training and owes what every layer owes',
    async (_, create) => {
      const x = input();
      expectClose(create(1).apply(x) as tf.Tensor, x, { atol: 0 });
      await checkLayer(() => create(2), x);
    },
  );

  test.each(layers)('%s: seed and step name the draw; without a step every call draws anew', (_, create) => {
    const x = input();
    const draw = (layer: Augmentation, step?: number) => numbers(train(layer, x, step)).join();
    const layer = create(1);
    expect(draw(layer, 7)).toBe(draw(create(1), 7));
    expect(draw(layer, 7)).not.toBe(draw(layer, 8));
    expect(draw(layer, 7)).not.toBe(draw(create(2), 7));
    const [first, second] = [draw(layer), draw(layer)];
    expect(first).not.toBe(second);
    expect(draw(create(1))).toBe(first);
  });

  test.each(layers)(
    '%s draws for each clip by itself, and lets gradients through in training',
    (_, create) => {
      const same = tf.tile(tf.slice(input(), 0, 1), [2, 1, 1, 1]);
      const [first, second] = tf.split(train(create(4), same, 1), 2).map(numbers);
      expect(first).not.toEqual(second);
      expectGradient((x) => train(create(4), x, 1), input());
      const before = tf.memory().numTensors;
      const layer = create(4);
      train(layer, same, 2).dispose();
      layer.dispose();
      expect(tf.memory().numTensors).toBe(before);
    },
  );

  test('noise has the asked deviation, mean 0, and no correlation of neighbours', () => {
    const noise = numbers(train(new AdditiveNoise({ power: 0.2, seed: 3 }), tf.zeros([2, 20001])));
    const mean = noise.reduce((sum, x) => sum + x) / noise.length;
    const variance = noise.reduce((sum, x) => sum + x * x) / noise.length;
    const lag = noise.reduce((sum, x, i) => sum + x * (noise[i + 1] ?? 0)) / noise.length;
    expect(Math.abs(mean)).toBeLessThan(4 * (0.2 / 200)); // four standard errors of 40,002 draws
    expect(Math.abs(variance / 0.04 - 1)).toBeLessThan(4 * Math.sqrt(2 / 40002));
    expect(Math.abs(lag / 0.04)).toBeLessThan(4 / 200);
  });

  test('a random gain lies between 0 and the power, and is another for every clip', () => {
    const noise = train(new AdditiveNoise({ power: 0.5, randomGain: true }), tf.zeros([50, 400]));
    const deviations = numbers(tf.sqrt(tf.mean(tf.square(noise), 1)));
    expect(Math.max(...deviations)).toBeLessThan(0.56);
    expect(Math.max(...deviations)).toBeGreaterThan(0.4);
    expect(Math.min(...deviations)).toBeLessThan(0.1);
  });

  test('noise at an SNR lies exactly that far below each clip, of any loudness; silence stays silent', () => {
    const clips = tf.mul(
      tf.randomNormal([3, 500, 2], 0, 1, 'float32', 2),
      tf.tensor3d([1, 0.001, 0], [3, 1, 1]),
    );
    const noise = tf.sub(train(new AdditiveNoise({ snrDb: [12, 12] }), clips), clips);
    const powerOf = (x: tf.Tensor) => numbers(tf.mean(tf.square(x), [1, 2]));
    const [signal, added] = [powerOf(clips), powerOf(noise)];
    expect(10 * Math.log10(signal[0] / added[0])).toBeCloseTo(12, 3);
    expect(10 * Math.log10(signal[1] / added[1])).toBeCloseTo(12, 3);
    expect(added[2]).toBeLessThan(1e-29);
  });

  test('a gain of 6.0206 dB doubles magnitudes, quadruples power and is added to decibels', () => {
    const x = tf.tensor2d([[1, -3]]);
    const six = 20 * Math.log10(2);
    const gain = (unit: 'magnitude' | 'power' | 'decibel') =>
      train(new Gain({ rangeDb: [six, six], unit }), x);
    expectClose(gain('magnitude'), [2, -6], { rtol: 1e-6 });
    expectClose(gain('power'), [4, -12], { rtol: 1e-6 });
    expectClose(gain('decibel'), [1 + six, -3 + six], { rtol: 1e-6 });
  });

  test('a faster clip starts again where it has ended, or goes on with the fill', () => {
    const map = tf.tensor4d([0, 10, 20, 30], [1, 4, 1, 1]);
    const stretch = (rate: number, fill: 'wrap' | number) =>
      numbers(train(new TimeStretch({ rate: [rate, rate], fill }), map));
    expect(stretch(2, 'wrap')).toEqual([0, 20, 0, 20]);
    expect(stretch(2, -5)).toEqual([0, 20, -5, -5]);
    expect(stretch(0.5, 'wrap')).toEqual([0, 5, 10, 15]);
  });

  test('440 Hz an octave up is 880 Hz within a bin, an octave down 220 Hz, in linear and mel bands', () => {
    const rate = 8000;
    const sine = Float32Array.from({ length: 4096 }, (_, n) => Math.sin((2 * Math.PI * 440 * n) / rate));
    const power = new Spectrogram({ nFft: 1024 }).apply(tf.tensor2d(sine, [1, 4096])) as tf.Tensor;
    const melPower = new ApplyFilterbank({ sampleRate: rate, nMels: 40 }).apply(power) as tf.Tensor;
    const mel = { scale: 'mel', sampleRate: rate } as const;
    const centres = bandFrequencies(mel, 40);
    for (const [semitones, hz] of [
      [12, 880],
      [-12, 220],
      [0, 440],
    ]) {
      const layer = new PitchShift({ bands: linear, semitones: [semitones, semitones] });
      const spectrum = numbers(tf.mean(train(layer, power), [0, 1, 3]));
      const peak = spectrum.indexOf(Math.max(...spectrum));
      expect(Math.abs((peak * rate) / 1024 - hz)).toBeLessThanOrEqual(rate / 1024);
      const inMel = new PitchShift({ bands: mel, semitones: [semitones, semitones] });
      const bands = numbers(tf.mean(train(inMel, melPower), [0, 1, 3]));
      const nearest = Array.from(centres, (centre) => Math.abs(centre - hz));
      const expected = nearest.indexOf(Math.min(...nearest));
      expect(Math.abs(bands.indexOf(Math.max(...bands)) - expected)).toBeLessThanOrEqual(1);
    }
  });

  test('in bands of a semitone a shift by semitones moves bands by whole numbers', () => {
    const map = tf.tensor4d([1, 2, 3, 4, 5], [1, 1, 5, 1]);
    const shift = (semitones: number) => {
      const options = { bands: { scale: 'log', fMin: 100 }, fillValue: -9 } as const;
      return numbers(train(new PitchShift({ ...options, semitones: [semitones, semitones] }), map));
    };
    expect(shift(2)).toEqual([-9, -9, 1, 2, 3]);
    expect(shift(-1)).toEqual([2, 3, 4, 5, -9]);
  });
});

test('bad options are refused', () => {
  expect(() => new AdditiveNoise({ power: 0 })).toThrow('power must be a number > 0');
  expect(() => new AdditiveNoise({ power: 1, snrDb: [1, 2] })).toThrow('leave power and randomGain away');
  expect(() => new AdditiveNoise({ snrDb: [20, 10] })).toThrow('low <= high, in dB; got [20, 10]');
  expect(() => new AdditiveNoise({ seed: 0.5 })).toThrow('AdditiveNoise: seed must be an integer');
  expect(() => new Gain({ unit: 'dB' as 'power' })).toThrow('decibel, power, magnitude');
  expect(() => new TimeStretch({ rate: [0, 1] })).toThrow('TimeStretch: rate must be [low, high]');
  expect(() => new TimeStretch({ fill: NaN })).toThrow("fill must be 'wrap' or a finite number");
  expect(() => new PitchShift({ bands: [3, 2] })).toThrow('bands must rise; 2 Hz follows 3 Hz');
  expect(() => new PitchShift({ bands: linear, fillValue: Infinity })).toThrow('fillValue must be a finite');
});
