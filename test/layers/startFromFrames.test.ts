import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { LearnedChroma } from '../../layers/learnedChroma.ts';
import { startFromFrames } from '../../layers/startFromFrames.ts';
import { useEngine } from '../../src/engine/engine.ts';
import { expectClose } from '../support/expectClose.ts';
import { onEngines } from '../support/onEngines.ts';

/** Two channels of three frames of two bins: along (3, 4), silent, along (0, 1); and the same, twice as loud. */
const twoChannels = () => tf.tensor4d([3, 6, 4, 8, 0, 0, 0, 0, 0, 0, 1, 2], [1, 3, 2, 2]);
/** The units' weights, in an order of their own. */
const columns = (kernel: tf.Tensor) =>
  (tf.transpose(kernel).arraySync() as number[][]).sort((a, b) => a[0] - b[0]).flat();

onEngines(() => {
  test('units start along the frames they were drawn from, of norm 1, silence left out; biases stay', async () => {
    const map = twoChannels();
    for (const dataFormat of ['channelsLast', 'channelsFirst'] as const) {
      const layer = new LearnedChroma({ start: 'normal', nChroma: 4, dataFormat });
      const x = dataFormat === 'channelsLast' ? map : tf.transpose(map, [0, 3, 1, 2]);
      const before = tf.memory().numTensors;
      await startFromFrames(layer, x, { method: 'sample' });
      expect(tf.memory().numTensors - before).toBe(2); // kernel and bias
      const [kernel, bias] = layer.getWeights();
      expectClose(columns(kernel), [0, 1, 0, 1, 0.6, 0.8, 0.6, 0.8], { atol: 1e-6 });
      expectClose(bias, [0, 0, 0, 0], { atol: 0 });
    }
  });

  test('k-means gives a unit to each heap of frames, and leaves the layers behind the first as they were', async () => {
    const map = twoChannels();
    const layer = new LearnedChroma({ start: 'normal', nChroma: 3, hiddenUnits: [2] });
    layer.build(map.shape);
    const before = layer.getWeights().map((weight) => weight.clone());
    const near = tf.concat([map, tf.mul(map, tf.tensor4d([1.01, 1, 0.99], [1, 3, 1, 1]))]);
    await startFromFrames(layer, tf.slice(near, [0, 0, 0, 0], [2, 3, 2, 1])); // the first channel
    const [kernel, ...others] = layer.getWeights();
    expectClose(columns(kernel), [0, 1, 0.6, 0.8], { atol: 1e-6 });
    others.forEach((weight, i) => expectClose(weight, before[i + 1], { atol: 0 }));
  });

  test('the seed names the draw', async () => {
    const many = tf.randomUniform([1, 30, 5, 1], 0, 1, 'float32', 3);
    for (const method of ['sample', 'kMeans'] as const) {
      const draw = async (seed?: number) => {
        const layer = new LearnedChroma({ start: 'normal', nChroma: 3 });
        await startFromFrames(layer, many, { method, seed, iterations: 1 });
        return layer.getWeights()[0].dataSync();
      };
      expect(await draw(1)).toEqual(await draw());
      expect(await draw(2)).not.toEqual(await draw());
    }
  });
});

test('too few frames with sound are refused', async () => {
  await useEngine('cpu');
  const layer = () => new LearnedChroma({ start: 'normal', nChroma: 5 });
  await expect(startFromFrames(layer(), twoChannels())).rejects.toThrow(
    '5 units need as many frames with sound; got 4',
  );
  await expect(startFromFrames(layer(), twoChannels(), { method: 'mean' as never })).rejects.toThrow(
    'sample, kMeans',
  );
});
