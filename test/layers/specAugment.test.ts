import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { SpecAugment } from '../../layers/specAugment.ts';
import { expectClose } from '../support/expectClose.ts';
import { onEngines } from '../support/onEngines.ts';

const ones = (shape: [number, number, number, number]) => tf.ones(shape) as tf.Tensor4D;

/** Rows and columns of a masked map of ones, one clip and channel, that are zero throughout. */
async function masksOf(map: tf.Tensor2D): Promise<{ frames: number[]; bins: number[] }> {
  const rows = (await map.array()) as number[][];
  const columns = rows[0].map((_, bin) => rows.map((row) => row[bin]));
  const zeros = (lines: number[][]) =>
    lines.flatMap((line, at) => (line.every((value) => value === 0) ? [at] : []));
  return { frames: zeros(rows), bins: zeros(columns) };
}

const isRun = (at: number[]) => at.every((value, i) => i === 0 || value === at[i - 1] + 1);

onEngines(() => {
  test('outside training the input passes unchanged', () => {
    const input = tf.randomNormal([2, 5, 6, 1]);
    const layer = new SpecAugment({ freqMaskParam: 6, timeMaskParam: 5 });
    expectClose(layer.apply(input) as tf.Tensor, input, { atol: 0 });
    expectClose(layer.apply(input, { training: false }) as tf.Tensor, input, { atol: 0 });
  });

  test('each clip has one run of frames and one of bins, every width from 0 to its parameter, never wider', async () => {
    const layer = new SpecAugment({ freqMaskParam: 3, timeMaskParam: 2, seed: 5 });
    const masked = layer.apply(ones([300, 9, 8, 1]), { training: true }) as tf.Tensor4D;
    const widths = { frames: new Set<number>(), bins: new Set<number>() };
    for (const clip of tf.unstack(tf.squeeze(masked, [3]))) {
      const { frames, bins } = await masksOf(clip as tf.Tensor2D);
      expect(isRun(frames) && isRun(bins)).toBe(true);
      widths.frames.add(frames.length);
      widths.bins.add(bins.length);
      const kept = (await tf.sum(clip).data())[0];
      expect(kept).toBe((9 - frames.length) * (8 - bins.length));
    }
    expect([...widths.frames].sort()).toEqual([0, 1, 2]);
    expect([...widths.bins].sort()).toEqual([0, 1, 2, 3]);
  });

  test('the mask value stands in the masks, on all channels alike, in both data formats', async () => {
    const options = { freqMaskParam: 4, timeMaskParam: 0, maskValue: -7, seed: 2 };
    const last = new SpecAugment(options).apply(ones([1, 3, 6, 2]), { training: true }) as tf.Tensor4D;
    const first = new SpecAugment({ ...options, dataFormat: 'channelsFirst' }).apply(ones([1, 2, 3, 6]), {
      training: true,
    }) as tf.Tensor4D;
    expectClose(tf.transpose(first, [0, 2, 3, 1]), last, { atol: 0 });
    const values = Array.from(await last.data());
    expect(new Set(values)).toEqual(new Set([1, -7]));
    values.forEach((value, i) => i % 2 === 1 && expect(value).toBe(values[i - 1]));
  });

  test('seed and step name the draw; without a step every call draws anew', () => {
    const create = (seed: number) => new SpecAugment({ freqMaskParam: 20, timeMaskParam: 20, seed });
    const draw = (layer: SpecAugment, step?: number) =>
      Array.from((layer.apply(ones([2, 40, 40, 1]), { training: true, step }) as tf.Tensor).dataSync()).join(
        '',
      );
    const layer = create(1);
    expect(draw(layer, 7)).toBe(draw(create(1), 7));
    expect(draw(layer, 7)).not.toBe(draw(layer, 8));
    expect(draw(layer, 7)).not.toBe(draw(create(2), 7));
    const [firstCall, secondCall] = [draw(layer), draw(layer)];
    expect(firstCall).not.toBe(secondCall);
    expect(draw(create(1))).toBe(firstCall);
  });
});

test('a mask wider than its axis and a negative width are refused', () => {
  const layer = new SpecAugment({ freqMaskParam: 7, timeMaskParam: 2 });
  expect(() => layer.build([null, 5, 6, 1])).toThrow("freqMaskParam must be at most the axis's 6; got 7");
  expect(() => new SpecAugment({ freqMaskParam: -1, timeMaskParam: 0 })).toThrow(
    'freqMaskParam must be an integer >= 0',
  );
});
