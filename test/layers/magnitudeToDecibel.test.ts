import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { AmplitudeToDecibel } from '../../layers/amplitudeToDecibel.ts';
import { MagnitudeToDecibel } from '../../layers/magnitudeToDecibel.ts';
import { PowerToDecibel } from '../../layers/powerToDecibel.ts';
import { expectClose } from '../support/expectClose.ts';
import { onEngines } from '../support/onEngines.ts';

onEngines(() => {
  test('a tenfold magnitude is 20 dB of amplitude, and 10 of what Kapre calls so', () => {
    const x = tf.tensor2d([[0.1, 1, 10]]);
    expectClose(new AmplitudeToDecibel().apply(x) as tf.Tensor, [-20, 0, 20], { atol: 1e-5 });
    expectClose(new MagnitudeToDecibel().apply(x) as tf.Tensor, [-10, 0, 10], { atol: 1e-5 });
  });

  test('decibels of magnitudes are those of their squares as power', () => {
    const x = tf.randomUniform([2, 30], 1e-3, 4, 'float32', 2);
    for (const [ref, topDb] of [
      [1, 80],
      [2, 20],
      ['max', 30],
      ['max', null],
    ] as const) {
      // prettier-ignore
      const ours = new AmplitudeToDecibel({ ref, topDb, amin: 1e-2 }).apply(x) as tf.Tensor;
      const power = new PowerToDecibel({ ref: ref === 'max' ? ref : ref * ref, topDb, amin: 1e-4 });
      expectClose(ours, power.apply(tf.square(x)) as tf.Tensor, { atol: 1e-4 });
    }
  });

  test('squares too small for float32 are no obstacle, and silence lies at amin', () => {
    const layer = new AmplitudeToDecibel({ amin: 1e-30, topDb: null });
    expectClose(layer.apply(tf.tensor2d([[1e-25, 0]])) as tf.Tensor, [-500, -600], { rtol: 1e-6 });
  });
});

test('a depth below 0 and a floor of 0 are refused', () => {
  expect(() => new AmplitudeToDecibel({ topDb: -80 })).toThrow('AmplitudeToDecibel: topDb must be >= 0 dB');
  expect(() => new MagnitudeToDecibel({ amin: 0 })).toThrow('MagnitudeToDecibel: amin must be a number > 0');
});
