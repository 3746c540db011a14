import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { drawRotations, RotateCQT, rotateChromaLabels } from '../../layers/rotateCqt.ts';
import { expectClose } from '../support/expectClose.ts';
import { onEngines } from '../support/onEngines.ts';

/** Clips of one frame and one channel whose bins count 1 … nBins. */
const counted = (batch: number, nBins: number) =>
  tf.tile(tf.reshape(tf.range(1, nBins + 1), [1, 1, nBins, 1]), [batch, 1, 1, 1]) as tf.Tensor4D;

onEngines(() => {
  test('outside training the input passes unchanged', () => {
    const x = counted(3, 8);
    expectClose(new RotateCQT({ maxShift: 4 }).apply(x) as tf.Tensor, x, { atol: 0 });
  });

  test('every clip is shifted by what drawRotations gives, padded or circular, no clip as its neighbour must be', () => {
    const batch = 40;
    const shifts = drawRotations({ batch, maxShift: 2, seed: 3, step: 5 });
    expect(new Set(shifts)).toEqual(new Set([-2, -1, 0, 1, 2]));
    for (const mode of ['pad', 'circular'] as const) {
      const layer = new RotateCQT({ maxShift: 2, stepBins: 3, mode, padValue: -80, seed: 3 });
      const rotated = layer.apply(counted(batch, 9), { training: true, step: 5 }) as tf.Tensor;
      const expected = shifts.map((shift) =>
        Array.from({ length: 9 }, (_, bin) => {
          const from = bin - 3 * shift;
          if (from >= 0 && from < 9) return from + 1;
          return mode === 'pad' ? -80 : ((from + 9) % 9) + 1;
        }),
      );
      expectClose(rotated, expected, { atol: 0 });
    }
  });

  test('a tone on a CQT map moves with its label: rotating both is labelling the rotated one', () => {
    const map = tf.oneHot(tf.tensor1d([4], 'int32'), 12).reshape([1, 1, 12, 1]);
    const layer = new RotateCQT({ maxShift: 6, mode: 'circular', seed: 11 });
    for (let step = 0; step < 8; step++) {
      const [shift] = drawRotations({ batch: 1, maxShift: 6, seed: 11, step });
      const rotated = layer.apply(map, { training: true, step }) as tf.Tensor;
      expectClose(rotated, rotateChromaLabels(map.dataSync(), shift), { atol: 0 });
    }
  });

  test('without a step every call draws anew, and a fresh layer repeats the draws', () => {
    const draw = (layer: RotateCQT) =>
      (layer.apply(counted(8, 16), { training: true }) as tf.Tensor).dataSync().join();
    const layer = new RotateCQT({ maxShift: 5, seed: 2 });
    const [first, second] = [draw(layer), draw(layer)];
    expect(first).not.toBe(second);
    expect(draw(new RotateCQT({ maxShift: 5, seed: 2 }))).toBe(first);
    expect(draw(new RotateCQT({ maxShift: 5, seed: 3 }))).not.toBe(first);
  });

  test('the gradient comes back to where the value came from, in channels first', () => {
    const layer = new RotateCQT({ maxShift: 3, seed: 1, dataFormat: 'channelsFirst' });
    const x = tf.reshape(tf.range(0, 24), [1, 2, 2, 6]);
    const step = [0, 1, 2, 3].find(
      (at) => drawRotations({ batch: 1, maxShift: 3, seed: 1, step: at })[0] !== 0,
    )!;
    const [shift] = drawRotations({ batch: 1, maxShift: 3, seed: 1, step });
    const gradient = tf.grad((y) => tf.sum(layer.apply(y, { training: true, step }) as tf.Tensor))(x);
    const row = Array.from({ length: 6 }, (_, bin) => (bin + shift >= 0 && bin + shift < 6 ? 1 : 0));
    expectClose(gradient, [row, row, row, row], { atol: 0 });
  });
});

test('labels rotate within their quality, and no-chord stays', () => {
  const oneHot = (size: number, at: number) =>
    Float32Array.from({ length: size }, (_, i) => (i === at ? 1 : 0));
  expect(rotateChromaLabels(oneHot(12, 11), 1)).toEqual(oneHot(12, 0));
  expect(rotateChromaLabels(oneHot(24, 12 + 9), 5)).toEqual(oneHot(24, 12 + 2)); // A minor up a fourth: D minor
  expect(rotateChromaLabels(oneHot(25, 0), -1)).toEqual(oneHot(25, 11));
  expect(rotateChromaLabels(oneHot(25, 24), 7)).toEqual(oneHot(25, 24));
  expect(rotateChromaLabels(oneHot(13, 12), -14)).toEqual(oneHot(13, 12));
});

test('what cannot be rotated is refused', () => {
  expect(() => rotateChromaLabels([1, 2], 1)).toThrow('needs 12 labels, a multiple of 12, or one more');
  expect(() => rotateChromaLabels(new Array(26).fill(0), 1)).toThrow('got 26');
  expect(() => rotateChromaLabels(new Array(12).fill(0), 0.5)).toThrow(
    'semitones must be an integer; got 0.5',
  );
  expect(() => new RotateCQT({ maxShift: -1 })).toThrow('maxShift must be an integer >= 0 steps; got -1');
  expect(() => new RotateCQT({ maxShift: 3, stepBins: 3 }).build([null, 1, 9, 1])).toThrow(
    "less than the axis's 9 bins; got 9",
  );
});
