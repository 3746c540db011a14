import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { measureBins, SpectralWhitening } from '../../layers/spectralWhitening.ts';
import { expectClose } from '../support/expectClose.ts';
import { onEngines } from '../support/onEngines.ts';
import { decodeArray, readPeerFixture, type PeerArray } from '../support/peerArray.ts';

const keras =
  readPeerFixture<Record<'learned_from' | 'mean' | 'deviation', PeerArray>>('keras/normalization.json');

onEngines(() => {
  test('per clip, each bin comes to zero mean and unit deviation over its frames and channels', () => {
    // bin 0 holds 1, 3, 5, 7 (mean 4, variance 5), bin 1 holds 0 and 20, twice each (mean 10, deviation 10)
    const clip = tf.tensor4d([1, 3, 0, 20, 5, 7, 20, 0], [1, 2, 2, 2]);
    const whitened = new SpectralWhitening({ epsilon: 0.5 }).apply(clip) as tf.Tensor;
    const [low, high] = [(x: number) => (x - 4) / (Math.sqrt(5) + 0.5), (x: number) => (x - 10) / 10.5];
    expectClose(whitened, [low(1), low(3), high(0), high(20), low(5), low(7), high(20), high(0)], {
      atol: 1e-6,
    });
  });

  test('given statistics serve all clips alike, in both data formats', () => {
    const statistics = { mean: [1, -2], deviation: [2, 0] };
    const map = tf.tensor4d([1, -2, 5, 0], [1, 2, 2, 1]);
    const last = new SpectralWhitening({ statistics, epsilon: 0.5 }).apply(map) as tf.Tensor;
    expectClose(last, [0, 0, 4 / 2.5, 2 / 0.5], { atol: 1e-6 });
    const first = new SpectralWhitening({ statistics, epsilon: 0.5, dataFormat: 'channelsFirst' });
    expectClose(first.apply(tf.reshape(map, [1, 1, 2, 2])) as tf.Tensor, last, { atol: 0 });
  });

  test('statistics are those of Keras 3.13 Normalization(axis=2).adapt, however the maps are split', async () => {
    const { shape, values } = decodeArray(keras.learned_from);
    const maps = tf.tensor4d(values, shape as [number, number, number, number]);
    const statistics = await measureBins(tf.split(maps, [1, 3, 1]));
    expectClose(statistics.mean, decodeArray(keras.mean).values, { rtol: 1e-6, atol: 1e-5 });
    expectClose(statistics.deviation, decodeArray(keras.deviation).values, { rtol: 2e-5 });
    const first = await measureBins([tf.transpose(maps, [0, 3, 1, 2])], 'channelsFirst');
    expectClose(first.mean, statistics.mean, { rtol: 1e-12 });
    expectClose(first.deviation, statistics.deviation, { rtol: 1e-12 });
  });

  test('silence comes out as zeros, NaN as NaN in its own bin only', () => {
    const silence = new SpectralWhitening().apply(tf.zeros([1, 4, 2, 1])) as tf.Tensor;
    expectClose(silence, new Float32Array(8), { atol: 0 });
    const one = tf.tensor4d([NaN, 1, 2, 3], [1, 2, 2, 1]);
    const out = Array.from((new SpectralWhitening().apply(one) as tf.Tensor).dataSync(), Number.isNaN);
    expect(out).toEqual([true, false, true, false]);
  });
});

test('bad options, statistics and maps are refused', async () => {
  const refuse = (statistics: unknown) => () => new SpectralWhitening({ statistics: statistics as 'clip' });
  expect(refuse('batch')).toThrow('Take them from measureBins');
  expect(refuse({ mean: [1, 2], deviation: [1] })).toThrow('as many of one as of the other');
  expect(refuse({ mean: [1], deviation: [-1] })).toThrow('deviations >= 0');
  expect(() => new SpectralWhitening({ epsilon: 0 })).toThrow('epsilon must be a number > 0');
  const layer = new SpectralWhitening({ statistics: { mean: [1], deviation: [1] } });
  expect(() => layer.build([null, 4, 2, 1])).toThrow('the statistics are of 1 bins, the map has 2');
  await expect(measureBins([])).rejects.toThrow('no map was given');
  await expect(measureBins([tf.ones([1, 2, 3, 1]), tf.ones([1, 2, 4, 1])])).rejects.toThrow(
    '3 bins, another 4',
  );
  await expect(measureBins([tf.tensor4d([1, NaN], [1, 1, 2, 1])])).rejects.toThrow('bin 1 holds a value');
});
