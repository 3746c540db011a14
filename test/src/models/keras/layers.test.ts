import * as tf from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';
import {
  Affine,
  BatchNorm,
  DepthwiseConvolution,
  KapreDecibel,
  Keras3MelSpectrogram,
  KernelStft,
  NormalizeOverBatch,
  PadWaveform,
  ResetAfterGru,
  ReverseTime,
  StoredSpectrogram,
} from '../../../../src/models/keras/layers/index.ts';
import { checkLayer } from '../../../support/checkLayer.ts';
import { expectClose } from '../../../support/expectClose.ts';
import { onEngines } from '../../../support/onEngines.ts';

const image = () => tf.tensor([1, 2, 3, 4, 5, 6, -1, 0, 7, 2, 4, 8], [2, 3, 2, 1]);

/** The layer with its weights set, as after an import; leaves no other tensor. */
function filled<L extends tf.layers.Layer>(layer: L, x: tf.Tensor, weights: () => tf.Tensor[]): L {
  tf.tidy(() => {
    layer.apply(x);
    layer.setWeights(weights());
  });
  return layer;
}

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

  test('Affine takes away, multiplies and adds along the axes that it has numbers for', async () => {
    const x = tf.tensor([1, 2, 3, 4], [1, 2, 2]);
    const create = (shape: number[]) => () =>
      filled(new Affine({ shape }), x, () => [
        tf.tensor([1, 2], shape),
        tf.tensor([10, 100], shape),
        tf.tensor([0, 5], shape),
      ]);
    expectClose(create([1, 2])().apply(x) as tf.Tensor, [0, 5, 20, 205], { atol: 1e-4 });
    expectClose(create([2, 1])().apply(x) as tf.Tensor, [0, 10, 105, 205], { atol: 1e-4 });
    expect(create([1, 2])().trainableWeights).toEqual([]);
    await checkLayer(create([1, 2]), tf.concat([x, tf.neg(x)]));
  });

  test('keras3HardSigmoid rises by a sixth from 0 at -3 to 1 at 3', () => {
    const activation = 'keras3HardSigmoid' as 'hardSigmoid';
    const x = tf.tensor([-4, -3, -1.5, 0, 1.5, 3, 4]);
    const y = tf.layers.activation({ activation }).apply(x) as tf.Tensor;
    expectClose(y, [0, 0, 0.25, 0.5, 0.75, 1, 1], { atol: 1e-6 });
  });

  test('KernelStft multiplies frames with its kernels and makes of the parts what its mode says', async () => {
    const x = tf.tensor2d([[1, 2, 4]]);
    const stft = (mode: 'psd' | 'magnitude' | 'log' | 'angle' | 'stft') => () =>
      filled(new KernelStft({ frameLength: 2, nBins: 3, hopLength: 1, mode }), x, () => [
        tf.tensor([1, 0, 1, 0, 1, 0, 0, 1, -1, 0, 1, 0], [2, 6]),
      ]);
    // frames 1, 2 and 2, 4: real parts 1, 2, -1 and 2, 4, -2; imaginary parts 0, 3, 0 and 0, 6, 0
    expectClose(stft('stft')().apply(x) as tf.Tensor, [1, 2, -1, 0, 3, 0, 2, 4, -2, 0, 6, 0], { atol: 1e-6 });
    expectClose(stft('psd')().apply(x) as tf.Tensor, [1, 26, 1, 4, 104, 4], { atol: 1e-5 });
    const magnitudes = [1, Math.sqrt(13), 1, 2, Math.sqrt(52), 2];
    expectClose(stft('magnitude')().apply(x) as tf.Tensor, magnitudes, { atol: 1e-6 });
    expectClose(stft('log')().apply(x) as tf.Tensor, magnitudes.map(Math.log), { atol: 1e-6 });
    const angle = Math.atan2(3, 2);
    expectClose(stft('angle')().apply(x) as tf.Tensor, [0, angle, Math.PI, 0, angle, Math.PI], {
      atol: 1e-6,
    });
    const silence = stft('log')().apply(tf.zeros([1, 2])) as tf.Tensor;
    expectClose(silence, Array<number>(3).fill(Math.log(1e-7) / 2), { atol: 1e-5 });
    for (const mode of ['psd', 'magnitude', 'log', 'stft'] as const) {
      await checkLayer(stft(mode), tf.tensor2d([[1, 2, 4], [3, -1, 2]])); // prettier-ignore
    }
    const real = new KernelStft({ frameLength: 2, nBins: 3, hopLength: 1, mode: 'imag' });
    real.build([1, 3]);
    expect(real.weights.map(({ shape }) => shape)).toEqual([[2, 3]]);
    expect(real.computeOutputShape([1, 3])).toEqual([1, 2, 3]);
  });

  test('Keras3MelSpectrogram is what a layer owes, on its kernel, of other exponents and of the whole batch', async () => {
    const x = tf.tensor2d(
      Array.from({ length: 160 }, (_, i) => Math.sin(0.3 * i) + Math.sin(i * i)),
      [2, 80],
    );
    const common = { sampleRate: 8000, nFft: 32, hopLength: 16, nMels: 3, fMin: 100, fMax: 3500 };
    const decibel = { ref: 2, amin: 1e-3, topDb: 5, peakOf: 'clip' } as const;
    await checkLayer(() => new Keras3MelSpectrogram({ ...common, decibel }), x);
    await checkLayer(() => new Keras3MelSpectrogram({ ...common, magnitudeExponent: 1.5 }), x);
    const batch = () => new Keras3MelSpectrogram({ ...common, decibel: { ...decibel, peakOf: 'batch' } });
    await checkLayer(batch, x, { batchInvariant: false });
    const silent = new Keras3MelSpectrogram({ ...common, magnitudeExponent: 0.25 }).apply(tf.zeros([1, 80]));
    expectClose(silent as tf.Tensor, Array<number>(18).fill(0), { atol: 0 });
  });

  test('ResetAfterGru steps as its formula, gate by gate, and is what a layer owes, backwards and in sequences too', async () => {
    const x = tf.tensor([1, -1, 0.5, 2], [2, 2, 1]);
    const kernel = [0.5, -0.3, 0.8];
    const recurrent = [0.2, 0.7, -0.9];
    const [b, c] = [[0.1, 0.2, -0.1], [-0.2, 0.3, 0.4]]; // prettier-ignore
    const sigmoid = (value: number) => 1 / (1 + Math.exp(-value));
    const plain = (steps: number[]) => {
      let h = 0;
      return steps.map((step) => {
        const [z, r] = [0, 1].map((at) => sigmoid(kernel[at] * step + b[at] + recurrent[at] * h + c[at]));
        h = z * h + (1 - z) * Math.tanh(kernel[2] * step + b[2] + r * (recurrent[2] * h + c[2]));
        return h;
      });
    };
    const create = (goBackwards: boolean, returnSequences: boolean) => () => {
      const layer = new ResetAfterGru({ units: 1, goBackwards, returnSequences });
      return filled(layer, x, () => [tf.tensor2d([kernel]), tf.tensor2d([recurrent]), tf.tensor2d([b, c])]);
    };
    const forward = create(false, true)().apply(x) as tf.Tensor;
    expectClose(forward, [...plain([1, -1]), ...plain([0.5, 2])], { atol: 1e-6 });
    const back = create(true, false)().apply(x) as tf.Tensor;
    expectClose(back, [plain([-1, 1])[1], plain([2, 0.5])[1]], { atol: 1e-6 });
    await checkLayer(create(true, true), x);
    await checkLayer(create(false, false), x);
    const plainGates = { useBias: false, activation: 'relu', recurrentActivation: 'hardSigmoid' } as const;
    const weights = () => [tf.tensor2d([kernel]), tf.tensor2d([recurrent])];
    await checkLayer(() => filled(new ResetAfterGru({ units: 1, ...plainGates }), x, weights), x);
  });

  test('ReverseTime puts the last step first', async () => {
    const x = tf.tensor([1, 2, 3, 4, 5, 6], [1, 3, 2]);
    expectClose(new ReverseTime({}).apply(x) as tf.Tensor, [5, 6, 3, 4, 1, 2], { atol: 0 });
    await checkLayer(() => new ReverseTime({}), tf.tensor([1, 2, 3, 4], [2, 2, 1]));
  });

  test('DepthwiseConvolution sums places of one channel at their distance, outputs of a channel side by side', async () => {
    const x = tf.tensor([1, 2, 9, 9, 3, 4], [1, 3, 1, 2]);
    const create = () => {
      const layer = new DepthwiseConvolution({
        kernelSize: [2, 1],
        dilationRate: [2, 1],
        depthMultiplier: 2,
      });
      return filled(layer, x, () => [
        tf.tensor([1, 2, 3, 4, 5, 6, 7, 8], [2, 1, 2, 2]),
        tf.tensor([0, 0, 0, 100]),
      ]);
    };
    // channel 0: 1 and 3; channel 1: 2 and 4
    const expected = [1 + 5 * 3, 2 * 1 + 6 * 3, 3 * 2 + 7 * 4, 100 + 4 * 2 + 8 * 4];
    expectClose(create().apply(x) as tf.Tensor, expected, { atol: 1e-5 });
    await checkLayer(create, tf.concat([x, tf.neg(x)]), { differentiable: false }); // TF.js 4.22 has no gradient with dilation
    const strided = new DepthwiseConvolution({
      kernelSize: [3, 2],
      strides: 2,
      padding: 'same',
      useBias: false,
    });
    expect(strided.computeOutputShape([1, 5, 4, 3])).toEqual([1, 3, 2, 3]);
    const image = tf.reshape(tf.range(0, 24), [2, 3, 2, 2]);
    const kernel = () => [tf.reshape(tf.range(1, 9), [2, 2, 2, 1])];
    const plain = () => new DepthwiseConvolution({ kernelSize: [2, 2], padding: 'same', useBias: false });
    await checkLayer(() => filled(plain(), image, kernel), image);
  });
});

test('Affine of another shape than the input is refused', () => {
  expect(() => new Affine({ shape: [3] }).apply(tf.zeros([1, 2]))).toThrow(
    "Affine: shape [3] does not fit the input's, [2].",
  );
});

describe('options out of range', () => {
  test.each<[() => tf.layers.Layer, string]>([
    [() => new BatchNorm({ axis: 0 }), 'BatchNorm: axis must be an integer >= 1'],
    [() => new BatchNorm({ momentum: 2 }), 'BatchNorm: momentum must lie in [0, 1]'],
    [() => new Affine({ shape: [0] }), 'Affine: shape must be an integer >= 1'],
    [
      () => new KernelStft({ frameLength: 2, nBins: 1, hopLength: 1 }),
      'KernelStft: nBins must be an integer >= 2',
    ],
    [
      () => new KernelStft({ frameLength: 2, nBins: 2, hopLength: 1, mode: 'power' as 'psd' }),
      'KernelStft: mode must be',
    ],
    [
      () => new Keras3MelSpectrogram({ sampleRate: 8000, fMin: 4000 }),
      'Keras3MelSpectrogram: needs 0 <= fMin < fMax, got fMin=4000, fMax=4000 Hz',
    ],
    [
      () => new Keras3MelSpectrogram({ sampleRate: 8000, magnitudeExponent: 0 }),
      'Keras3MelSpectrogram: magnitudeExponent must be a number > 0',
    ],
    [() => new ResetAfterGru({ units: 0 }), 'ResetAfterGru: units must be an integer >= 1'],
    [
      () => new DepthwiseConvolution({ kernelSize: [3, 3], strides: 2, dilationRate: [2, 1] }),
      'DepthwiseConvolution: strides must be 1 where dilationRate is not',
    ],
    [
      () => new DepthwiseConvolution({ kernelSize: [0, 1] }),
      'DepthwiseConvolution: kernelSize must be an integer >= 1',
    ],
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
