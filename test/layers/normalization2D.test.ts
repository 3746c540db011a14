import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { Normalization2D } from '../../layers/normalization2D.ts';
import { expectClose } from '../support/expectClose.ts';
import { onEngines } from '../support/onEngines.ts';

// [frames, bins] = 2 × 2, one channel: mean 4, variance (9 + 1 + 1 + 9) / 4 = 5
const clip = () => tf.tensor4d([1, 3, 5, 7], [1, 2, 2, 1]);

onEngines(() => {
  test('dataSample: zero mean and unit deviation over the clip', () => {
    const expected = [-3, -1, 1, 3].map((x) => x / (Math.sqrt(5) + 0.5));
    expectClose(new Normalization2D({ epsilon: 0.5 }).apply(clip()) as tf.Tensor, expected, { atol: 1e-6 });
  });

  test('frequency: each bin over time; time: each frame over frequency', () => {
    const tiny = { epsilon: 1e-9 };
    const byBin = new Normalization2D({ axis: 'frequency', ...tiny }).apply(clip()) as tf.Tensor;
    const byFrame = new Normalization2D({ axis: 'time', ...tiny }).apply(clip()) as tf.Tensor;
    expectClose(byBin, [-1, -1, 1, 1], { atol: 1e-6 });
    expectClose(byFrame, [-1, 1, -1, 1], { atol: 1e-6 });
  });

  test('channel: each channel alone, in both data formats', () => {
    const two = tf.concat([clip(), tf.mul(clip(), -100)], 3);
    const last = new Normalization2D({ axis: 'channel', epsilon: 1e-9 }).apply(two) as tf.Tensor;
    const first = new Normalization2D({ axis: 'channel', epsilon: 1e-9, dataFormat: 'channelsFirst' }).apply(
      tf.transpose(two, [0, 3, 1, 2]),
    ) as tf.Tensor;
    const z = [-3, -1, 1, 3].map((x) => x / Math.sqrt(5));
    expectClose(
      last,
      z.flatMap((x) => [x, -x]),
      { atol: 1e-5 },
    );
    expectClose(first, [...z, ...z.map((x) => -x)], { atol: 1e-5 });
  });

  test('silence comes out as zeros', () => {
    const silence = tf.fill([1, 50, 40, 1], -100);
    expectClose(new Normalization2D().apply(silence) as tf.Tensor, new Float32Array(2000), { atol: 0.05 });
  });
});

test('an unknown axis is refused, naming the known ones', () => {
  expect(() => new Normalization2D({ axis: 'freq' as 'frequency' })).toThrow(
    'dataSample, channel, frequency, time, batch',
  );
});
