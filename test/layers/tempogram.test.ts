import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { Tempogram } from '../../layers/tempogram.ts';
import { expectClose } from '../support/expectClose.ts';
import { onEngines } from '../support/onEngines.ts';

const small = { sampleRate: 8000, nFft: 256, hopLength: 100, nMels: 12, nLags: 100 };

/** Clicks every `period` samples. */
const clicks = (samples: number, period: number) =>
  tf.tensor2d([Array.from({ length: samples }, (_, n) => (n % period < 20 ? Math.cos(n) : 0))]);

onEngines(() => {
  test('clicks every 0.5 s, 120 a minute, repeat at lag 0.5 s, 40 frames', () => {
    const map = new Tempogram(small).apply(clicks(24000, 4000)) as tf.Tensor;
    expect(map.shape).toEqual([1, 241, 100, 1]);
    const frame = tf.slice(map, [0, 120, 20, 0], [1, 1, 60, 1]);
    expect(20 + tf.argMax(tf.reshape(frame, [60])).dataSync()[0]).toBe(40);
  });

  test('lag 0 reads 1 where there are onsets, and silence reads 0 with finite gradients', () => {
    const layer = new Tempogram(small);
    const first = tf.slice(layer.apply(clicks(12000, 2000)) as tf.Tensor, [0, 40, 0, 0], [1, 40, 1, 1]);
    expectClose(first, new Float32Array(40).fill(1), { atol: 1e-5 });
    const silence = tf.zeros([1, 2000]);
    const map = layer.apply(silence) as tf.Tensor;
    expectClose(map, new Float32Array(map.size), { atol: 0 });
    const gradient = tf.grad((x) => tf.sum(layer.apply(x) as tf.Tensor))(silence);
    expect(Array.from(gradient.dataSync()).every(Number.isFinite)).toBe(true);
  });

  test('a clip of one frame has no onset', () => {
    const map = new Tempogram({ ...small, padMode: 'constant' }).apply(tf.ones([1, 50])) as tf.Tensor;
    expectClose(map, new Float32Array(100), { atol: 0 });
  });
});

test('options out of range are refused', () => {
  expect(() => new Tempogram({ ...small, nLags: 1 })).toThrow(
    'Tempogram: nLags must be an integer >= 2 frames',
  );
  expect(() => new Tempogram({ ...small, lagWindow: 'x' as never })).toThrow('window must be one of');
});
