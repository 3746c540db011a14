import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { FrequencyWeighting } from '../../layers/frequencyWeighting.ts';
import { expectClose } from '../support/expectClose.ts';
import { onEngines } from '../support/onEngines.ts';

// IEC 61672-1, table 3, rounded there to 0.1 dB
const nominal = [31.5, 63, 125, 250, 500, 1000, 2000, 4000, 8000, 16000].map((hz) => 1000 * 2 ** Math.round(Math.log2(hz / 1000))); // prettier-ignore
const tableA = [-39.4, -26.2, -16.1, -8.6, -3.2, 0, 1.2, 1.0, -1.1, -6.6];
const tableC = [-3.0, -0.8, -0.2, 0, 0, 0, -0.2, -0.8, -3.0, -8.5];

onEngines(() => {
  test('A and C curves are those of the IEC table within its rounding', () => {
    const zeros = tf.zeros([1, 1, 10, 1]);
    const weigh = (curve: 'A' | 'C') =>
      new FrequencyWeighting({ bands: nominal, curve }).apply(zeros) as tf.Tensor;
    expectClose(weigh('A'), tableA, { atol: 0.3 }); // exact octaves stand up to 1 % beside the nominal ones
    expectClose(weigh('C'), tableC, { atol: 0.3 });
  });

  test('power and magnitude are multiplied by what the decibels mean', () => {
    const options = { bands: [100, 1000, 5000] };
    const ones = tf.ones([1, 1, 3, 1]);
    const decibels = Array.from(
      (new FrequencyWeighting(options).apply(tf.zeros([1, 1, 3, 1])) as tf.Tensor).dataSync(),
    );
    const power = new FrequencyWeighting({ ...options, unit: 'power' }).apply(ones) as tf.Tensor;
    const magnitude = new FrequencyWeighting({ ...options, unit: 'magnitude' }).apply(ones) as tf.Tensor;
    const powers = decibels.map((dB) => 10 ** (dB / 10));
    expectClose(power, powers, { rtol: 1e-6 });
    expectClose(magnitude, powers.map(Math.sqrt), { rtol: 1e-6 });
  });

  test('0 Hz gets the smallest gain, -80 dB unless asked otherwise', () => {
    const bands = { scale: 'linear', sampleRate: 8000 } as const;
    const zeros = tf.zeros([1, 1, 2, 1]);
    const at0 = (minDb?: number) =>
      (new FrequencyWeighting({ bands, minDb }).apply(zeros) as tf.Tensor).dataSync()[0];
    expect(at0()).toBe(-80);
    expect(at0(-20)).toBe(-20);
  });

  test('NaN comes out as NaN, and only there', () => {
    const map = tf.tensor4d([1, NaN, 2, 3], [1, 2, 2, 1]);
    const out = new FrequencyWeighting({ bands: [10, 20], curve: 'C' }).apply(map) as tf.Tensor;
    expect(Array.from(out.dataSync(), Number.isNaN)).toEqual([false, true, false, false]);
  });
});

test('bad options and maps are refused', () => {
  expect(() => new FrequencyWeighting({ bands: [1], curve: 'E' as 'A' })).toThrow('one of A, B, C, D, Z');
  expect(() => new FrequencyWeighting({ bands: [1], minDb: 80 })).toThrow('minDb must be a number <= 0 dB');
  expect(() => new FrequencyWeighting({ bands: [1], unit: 'dB' as 'power' })).toThrow('decibel, power');
  expect(() => new FrequencyWeighting({ bands: [-1] })).toThrow('number 0 is -1');
  expect(() => new FrequencyWeighting({ bands: { scale: 'mel', sampleRate: 8000, fMax: 5000 } })).toThrow(
    'fMax <= 4000 Hz',
  );
  expect(() => new FrequencyWeighting({ bands: [1, 2] }).build([null, 4, 3, 1])).toThrow(
    '2 frequencies are listed for a map of 3 bands',
  );
  expect(() => new FrequencyWeighting({ bands: [1, 2] }).build([null, 4, 2])).toThrow('[batch, frames, bins');
});
