import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { PowerToDecibel } from '../../layers/powerToDecibel.ts';
import { expectClose } from '../support/expectClose.ts';
import { librosa } from '../support/librosaFixture.ts';
import { onEngines } from '../support/onEngines.ts';

const clip = [
  [1, 10, 100],
  [1e-12, 1, 1000],
];

onEngines(() => {
  test('ref maps to 0 dB and a factor of ten to 10 dB', () => {
    const layer = new PowerToDecibel({ ref: 10, topDb: null });
    const expected = [-10, 0, 10, -110, -10, 20];
    expectClose(layer.apply(tf.tensor3d([clip])) as tf.Tensor, expected, { atol: 1e-4 });
  });

  test('the floor hangs topDb below the peak of each clip', () => {
    const layer = new PowerToDecibel({ topDb: 20 });
    const quiet = clip.map((row) => row.map((power) => power / 1000));
    const expected = [10, 10, 20, 10, 10, 30, -20, -20, -10, -20, -20, 0];
    expectClose(layer.apply(tf.tensor3d([clip, quiet])) as tf.Tensor, expected, { atol: 1e-4 });
  });

  test('equals librosa power_to_db for ref, amin, top_db and ref=max', () => {
    const { shape, values } = librosa.melspectrogram;
    for (const { options, values: expected } of librosa.decibels) {
      const layer = new PowerToDecibel({ ref: options.ref, amin: options.amin, topDb: options.top_db });
      expectClose(layer.apply(tf.tensor4d(values, [1, ...shape, 1])) as tf.Tensor, expected, { atol: 1e-4 });
    }
  });

  test('the gradient is that of the definition, floor included', () => {
    const layer = new PowerToDecibel({ topDb: 10 });
    const gradient = tf.grad((x) => tf.sum(layer.apply(x) as tf.Tensor))(tf.tensor2d([[4, 2, 0.01]]));
    // the third value lies on the floor, which moves with the peak: the peak's own slope counts twice
    const slope = 10 / Math.LN10;
    expectClose(gradient, [(2 * slope) / 4, slope / 2, 0], { rtol: 1e-5, atol: 1e-6 });
  });
});

test('a negative topDb is refused, with the fix; ref and amin must be positive', () => {
  expect(() => new PowerToDecibel({ topDb: -80 })).toThrow('Pass 80, not -80');
  expect(() => new PowerToDecibel({ ref: 0 })).toThrow("ref, unless 'max', must be a number > 0; got 0");
  expect(() => new PowerToDecibel({ amin: 0 })).toThrow('amin must be a number > 0; got 0');
});
