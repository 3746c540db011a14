import * as tf from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';
import {
  BatchNorm,
  KapreDecibel,
  NormalizeOverBatch,
  PadWaveform,
  StoredSpectrogram,
} from '../../../../src/models/keras/layers/index.ts';
import { checkLayer } from '../../../support/checkLayer.ts';
import { expectClose } from '../../../support/expectClose.ts';
import { onEngines } from '../../../support/onEngines.ts';

const image = () => tf.tensor([1, 2, 3, 4, 5, 6, -1, 0, 7, 2, 4, 8], [2, 3, 2, 1]);

onEngines(() => {
  test('BatchNorm is what a layer owes, along another axis than the last', async () => {
    await checkLayer(() => new BatchNorm({ axis: 1, epsilon: 0.5, momentum: 0.9 }), image());
  });

  test('BatchNorm with statistics of the batch gives mean beta and deviation gamma over all clips', async () => {
    const layer = new BatchNorm({ axis: 1, statistics: 'batch', epsilon: 1e-9 });
    const x = image();
    layer.apply(x);
    layer.setWeights([tf.tensor([1, 2, 1]), tf.tensor([0, 10, 0]), tf.zeros([3]), tf.ones([3])]);
    const [mean, deviation] = [4, Math.sqrt((1 + 0 + 9 + 4) / 4)]; // of 3, 4, 7 and 2
    const middle = tf.slice(layer.apply(x) as tf.Tensor, [0, 1, 0, 0], [2, 1, 2, 1]);
    const expected = [3, 4, 7, 2].map((value) => 10 + (2 * (value - mean)) / deviation);
    expectClose(middle, expected, { atol: 1e-4 });
  });

  test('BatchNorm in training moves its statistics by the share that is not kept', () => {
    const layer = new BatchNorm({ momentum: 0.75 });
    const x = tf.tensor2d([[1], [3]]);
    layer.apply(x, { training: true });
    const [, , mean, variance] = layer.getWeights();
    expectClose(mean, [0.25 * 2], { atol: 1e-6 });
    expectClose(variance, [0.75 + 0.25 * 1], { atol: 1e-6 });
  });

  test('KapreDecibel of each clip, with a power and a depth', async () => {
    const power = tf.tensor([100, 1, 1e-3, 0, 1e-4, 1e-8], [2, 3]);
    const layer = () => new KapreDecibel({ power: 1, dynamicRange: 15, amin: 1e-6 });
    // magnitudes: 10, 1, 0.03 and 0, 0.01, 0.0001
    expectClose(layer().apply(power) as tf.Tensor, [[0, -10, -15], [-15, 0, -15]], { atol: 1e-4 }); // prettier-ignore
    await checkLayer(layer, tf.tensor([100, 1, 2, 3, 1, 2], [2, 3]));
  });

  test('KapreDecibel of the batch hangs from the loudest clip; without a reference it leaves the power', () => {
    const power = tf.tensor([100, 1, 10, 1e-20], [2, 2]);
    const batch = new KapreDecibel({ reference: 'batch' });
    expectClose(batch.apply(power) as tf.Tensor, [[0, -20], [-10, -80]], { atol: 1e-4 }); // prettier-ignore
    const magnitude = new KapreDecibel({ power: 1, reference: null });
    expectClose(magnitude.apply(power) as tf.Tensor, [10, 1, Math.sqrt(10), 0], { atol: 1e-5 });
  });

  test('NormalizeOverBatch leaves out its own axis alone, or none', async () => {
    await checkLayer(() => new NormalizeOverBatch({ axis: 1, epsilon: 0.1 }), image(), {
      batchInvariant: false,
    });
    const rows = tf.tensor([1, 3, 10, 30], [1, 2, 2, 1]);
    const ofRows = new NormalizeOverBatch({ axis: 1 }).apply(rows) as tf.Tensor;
    expectClose(ofRows, [-1, 1, -1, 1], { atol: 1e-5 });
    const whole = new NormalizeOverBatch({ axis: -1 }).apply(tf.tensor([1, 3, 1, 3], [2, 2, 1, 1]));
    expectClose(whole as tf.Tensor, [-1, 1, -1, 1], { atol: 1e-5 });
  });

  test('PadWaveform puts zeros at both ends', async () => {
    const layer = () => new PadWaveform({ before: 1, after: 2 });
    expectClose(layer().apply(tf.tensor2d([[5, 6]])) as tf.Tensor, [0, 5, 6, 0, 0], { atol: 0 });
    await checkLayer(layer, tf.tensor2d([[5, 6], [7, 8]])); // prettier-ignore
  });

  test('StoredSpectrogram squares and adds the products with its kernels, frame by frame', async () => {
    const layer = new StoredSpectrogram({ nFft: 2, nBins: 1, hopLength: 1, nBands: 2 });
    const x = tf.tensor2d([[1, 2, 4]]);
    layer.apply(x);
    layer.setWeights([tf.tensor([1, 3, 1, -1], [2, 2]), tf.tensor([1, 0.5], [1, 2])]);
    // (1 + 2)² + (3 - 2)² and (2 + 4)² + (6 - 4)²
    expectClose(layer.apply(x) as tf.Tensor, [10, 5, 40, 20], { atol: 1e-5 });
    expect(layer.computeOutputShape([1, 3])).toEqual([1, 2, 2, 1]);
  });
});

describe('options out of range', () => {
  test.each<[() => tf.layers.Layer, string]>([
    [() => new BatchNorm({ axis: 0 }), 'BatchNorm: axis must be an integer >= 1'],
    [() => new BatchNorm({ momentum: 2 }), 'BatchNorm: momentum must lie in [0, 1]'],
    [() => new KapreDecibel({ dynamicRange: -80 }), 'KapreDecibel: dynamicRange must be a number > 0'],
    [() => new NormalizeOverBatch({ axis: -2 }), 'NormalizeOverBatch: axis must be an integer >= -1'],
    [() => new PadWaveform({ before: -1, after: 0 }), 'PadWaveform: before must be an integer >= 0'],
    [
      () => new StoredSpectrogram({ nFft: 0, nBins: 1, hopLength: 1 }),
      'StoredSpectrogram: nFft must be an integer >= 1',
    ],
  ])('are refused: %#', (create, message) => {
    expect(create).toThrow(message);
  });
});
