import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { PCEN } from '../../layers/pcen.ts';
import { smoothFrames } from '../../layers/smoothFrames.ts';
import { expectClose } from '../support/expectClose.ts';
import { onEngines } from '../support/onEngines.ts';

/** Frame by frame, in float64; rows, frames and bins as smoothFrames has them. */
function smoothSlowly(x: number[], [rows, frames, bins]: number[], b: number): number[] {
  const y = [...x];
  for (let row = 0; row < rows; row++) {
    for (let bin = 0; bin < bins; bin++) {
      let last = 1;
      for (let t = 0; t < frames; t++) {
        const at = (row * frames + t) * bins + bin;
        y[at] = last = b * x[at] + (1 - b) * last;
      }
    }
  }
  return y;
}

onEngines(() => {
  test('smoothing by blocks is the recursion frame by frame, which starts from 1, for any number of frames', () => {
    for (const frames of [1, 2, 3, 17, 36, 37, 1360]) {
      for (const b of [0, 0.025, 0.6, 1]) {
        const shape: [number, number, number] = [2, frames, 3];
        const x = tf.randomUniform(shape, 0, 5, 'float32', frames) as tf.Tensor3D;
        const expected = smoothSlowly(Array.from(x.dataSync()), shape, b);
        expectClose(smoothFrames(x, b), expected, { rtol: 2e-6 });
      }
    }
  });

  test('training starts from the frozen numbers', () => {
    const input = tf.randomUniform([1, 9, 4, 1], 0, 8, 'float32', 6);
    const options = { gain: 0.7, bias: 1.5, power: 0.4 };
    const frozen = new PCEN(options).apply(input) as tf.Tensor;
    const trained = new PCEN({ ...options, trainableParameters: true });
    expectClose(trained.apply(input) as tf.Tensor, frozen, { rtol: 1e-5 });
    expect(trained.trainableWeights.map(({ shape }) => shape)).toEqual([[4], [4], [4]]);
  });

  test('silence comes out as zeros, also as the root, with finite gradients', () => {
    const silence = tf.zeros([1, 30, 2, 1]);
    for (const bias of [0, 2]) {
      const layer = new PCEN({ bias });
      expectClose(layer.apply(silence) as tf.Tensor, new Float32Array(60), { atol: 1e-12 });
      const gradient = tf.grad((x: tf.Tensor) => layer.apply(x) as tf.Tensor)(silence);
      expect(Array.from(gradient.dataSync()).every(Number.isFinite)).toBe(true);
    }
  });

  test('NaN comes out in its own clip, channel and bin only, and not before its frame', () => {
    const values = new Float32Array(2 * 5 * 2).fill(1);
    values[2 * 2 + 1] = NaN; // clip 0, frame 2, bin 1
    const out = new PCEN({ b: 0.5 }).apply(tf.tensor4d(values, [2, 5, 2, 1])) as tf.Tensor;
    const bad = Array.from(out.dataSync()).flatMap((value, i) => (Number.isNaN(value) ? [i] : []));
    expect(bad.every((i) => i < 10 && i % 2 === 1)).toBe(true);
    expect(bad).toEqual(expect.arrayContaining([5, 7, 9]));
  });
});

test('bad options are refused', () => {
  expect(() => new PCEN({ b: 1.5 })).toThrow('b must lie in [0, 1]');
  expect(() => new PCEN({ gain: -1 })).toThrow('gain must be a number >= 0');
  expect(() => new PCEN({ bias: 0, trainableParameters: true })).toThrow('bias, which is trained,');
  expect(() => new PCEN({ eps: 0 })).toThrow('eps must be a number > 0');
  expect(() => new PCEN({ timeConstant: 0 })).toThrow('timeConstant must be a number > 0');
});
