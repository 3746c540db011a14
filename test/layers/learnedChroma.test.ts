import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { ChromaCQT } from '../../layers/chromaCQT.ts';
import { ChromaSTFT } from '../../layers/chromaSTFT.ts';
import { CQT } from '../../layers/cqt.ts';
import { c1Hz } from '../../layers/dsp/constantQ.ts';
import { LearnedChroma, type LearnedChromaArgs } from '../../layers/learnedChroma.ts';
import { drawRotations, RotateCQT, rotateChromaLabels } from '../../layers/rotateCqt.ts';
import { Spectrogram } from '../../layers/spectrogram.ts';
import { expectClose } from '../support/expectClose.ts';
import { expectGradient } from '../support/expectGradient.ts';
import { onEngines } from '../support/onEngines.ts';

const sampleRate = 8000;
const semitones = { start: { scale: 'log', binsPerOctave: 12 } } as const;
const map = (shape: [number, number, number, number], seed = 2) =>
  tf.randomUniform(shape, 0, 1, 'float32', seed);
const run = (layer: tf.layers.Layer, x: tf.Tensor, kwargs = {}) => layer.apply(x, kwargs) as tf.Tensor;

onEngines(() => {
  test('it starts as the folding of ChromaCQT, to 1e-6, under every norm, tuning of pitch classes and lowest note', () => {
    const waveform = tf.randomUniform([2, 6000], -1, 1, 'float32', 4);
    const bank = { sampleRate, hopLength: 512, nOctaves: 3 };
    for (const options of [
      { binsPerOctave: 36, fMin: 4 * c1Hz },
      { binsPerOctave: 24, fMin: 440, baseC: false, nChroma: 24 },
    ]) {
      const { nChroma, baseC, ...bins } = options as typeof options & { nChroma?: number; baseC?: boolean };
      const cqt = new CQT({ ...bank, ...bins, nBins: 3 * bins.binsPerOctave });
      for (const norm of [null, 'inf', 1, 2] as const) {
        const fixed = run(new ChromaCQT({ ...bank, ...options, norm }), waveform);
        const learned = new LearnedChroma({ start: { scale: 'log', ...bins, baseC }, nChroma, norm });
        expectClose(run(learned, run(cqt, waveform)), fixed, { atol: 1e-6 });
      }
    }
  });

  test('it starts as the folding of ChromaSTFT, to 1e-6 of the peak', () => {
    const waveform = tf.randomUniform([2, 4000], -1, 1, 'float32', 4);
    const stft = { nFft: 512, hopLength: 256 };
    for (const folding of [{}, { tuning: 0.3, ctroct: 4, octwidth: null, baseC: false }]) {
      for (const norm of [null, 'inf'] as const) {
        const fixed = run(new ChromaSTFT({ sampleRate, ...stft, ...folding, norm }), waveform);
        const learned = new LearnedChroma({ start: { scale: 'linear', sampleRate, ...folding }, norm });
        const atol = 1e-6 * tf.max(fixed).dataSync()[0];
        expectClose(run(learned, run(new Spectrogram(stft), waveform)), fixed, { atol });
      }
    }
  });

  test('one layer is max(0, x · kernel + bias), three are three of them in a row', () => {
    const x = tf.tensor4d([1, -2, 0.5], [1, 1, 3, 1]);
    const one = new LearnedChroma({ start: 'normal', nChroma: 2 });
    one.build(x.shape);
    one.setWeights([tf.tensor2d([1, 2, 3, -4, 5, 6], [3, 2]), tf.tensor1d([0.5, 1])]);
    expectClose(run(one, x), [0, 14], { atol: 0 }); // 1 - 6 + 2.5 + 0.5 = -2; 2 + 8 + 3 + 1
    const three = new LearnedChroma({ start: 'normal', hiddenUnits: [2, 1], nChroma: 2 });
    three.build(x.shape);
    three.setWeights([
      ...[tf.tensor2d([1, 2, 3, -4, 5, 6], [3, 2]), tf.tensor1d([3.5, 1])], // 1, 14
      ...[tf.tensor2d([2, -0.5], [2, 1]), tf.tensor1d([6])], // 2 - 7 + 6 = 1
      ...[tf.tensor2d([4, -1], [1, 2]), tf.tensor1d([-1, 0.5])], // 3, -0.5
    ]);
    expectClose(run(three, x), [3, 0], { atol: 0 });
  });

  test('without biases an input k times as loud gives a chroma k times as loud', () => {
    const layer = new LearnedChroma({ start: 'normal', hiddenUnits: [5], useBias: false });
    const x = map([1, 2, 9, 1]);
    expectClose(run(layer, tf.mul(x, 64)), tf.mul(run(layer, x), 64), { rtol: 1e-6 });
    expect(layer.getWeights().map(({ shape }) => shape)).toEqual([[9, 5], [5, 12]]); // prettier-ignore
  });

  test('a normal start has mean 0 and deviation 0.01, noise comes on top of octaves, biases are 0, the seed names all', () => {
    const start = (args: LearnedChromaArgs) => {
      const layer = new LearnedChroma(args);
      layer.build([null, 1, 1025, 1]);
      return layer.getWeights();
    };
    const deviationOf = (x: tf.Tensor) => Math.sqrt(tf.mean(tf.square(x)).dataSync()[0]);
    const deep = start({ start: 'normal', hiddenUnits: [256, 64] });
    const shapes = [[1025, 256], [256], [256, 64], [64], [64, 12], [12]];
    expect(deep.map(({ shape }) => shape)).toEqual(shapes);
    for (const kernel of [deep[0], deep[2]]) {
      expect(Math.abs(deviationOf(kernel) - 0.01)).toBeLessThan(2e-4);
      expect(Math.abs(tf.mean(kernel).dataSync()[0])).toBeLessThan(3e-4);
    }
    for (const bias of [deep[1], deep[3], deep[5]]) expect(deviationOf(bias)).toBe(0);
    const [exact] = start(semitones);
    const [noisy] = start({ ...semitones, startNoise: 0.2 });
    const noise = tf.sub(noisy, exact);
    expect(deviationOf(noise)).toBeCloseTo(0.2, 2);
    expectClose(start({ ...semitones, startNoise: 0.2 })[0], noisy, { atol: 0 });
    const [other] = start({ ...semitones, startNoise: 0.2, seed: 2 });
    expect(deviationOf(tf.sub(other, noisy))).toBeGreaterThan(0.2);
  });

  test('a map rotated by semitones folds to a chroma rotated alike, and rotateChromaLabels says where to', () => {
    for (const stepBins of [1, 3]) {
      const rotate = new RotateCQT({ maxShift: 6, stepBins, mode: 'circular', seed: 5 });
      const x = map([6, 1, 3 * 12 * stepBins, 1]);
      const fold = new LearnedChroma({ start: { scale: 'log', binsPerOctave: 12 * stepBins } });
      const plain = (run(fold, x).arraySync() as number[][][][]).map(([frame]) => frame.flat());
      const shifts = drawRotations({ batch: 6, maxShift: 6, seed: 5, step: 3 });
      expect(new Set(shifts).size).toBeGreaterThan(3);
      const rotated = run(fold, run(rotate, x, { training: true, step: 3 }));
      const expected = plain.map((chroma, clip) => [...rotateChromaLabels(chroma, shifts[clip])]);
      expectClose(rotated, expected.flat(), { atol: 1e-6 });
    }
  });

  test('training moves it; with trainable: false nothing moves by a bit, whatever else is on', async () => {
    const x = map([4, 3, 24, 1]);
    const y = tf.randomUniform([4, 3, 12, 1], 0, 1, 'float32', 8);
    for (const trainable of [true, false]) {
      const chroma = new LearnedChroma({
        ...{ ...semitones, trainable, dropout: 0.2, inputNoise: 0.1, inputShape: [3, 24, 1] },
        kernelRegularizer: tf.regularizers.l2({ l2: 0.1 }),
        activityRegularizer: tf.regularizers.l1({ l1: 0.1 }),
        kernelConstraint: tf.constraints.maxNorm({ maxValue: 0.5 }),
      });
      // the dense layer is there so that there is always something to train
      const model = tf.sequential({ layers: [chroma, tf.layers.dense({ units: 1 })] });
      const before = chroma.getWeights().map((weight) => weight.dataSync());
      model.compile({ optimizer: tf.train.sgd(0.1), loss: 'meanSquaredError' });
      await model.fit(x, y, { epochs: 2, batchSize: 2, verbose: 0 });
      const after = chroma.getWeights().map((weight) => weight.dataSync());
      if (trainable) expect(after).not.toEqual(before);
      else expect(after).toEqual(before);
    }
  });

  test('the penalties are those of the weights without biases, and of a frame of activations', () => {
    const layer = new LearnedChroma({
      ...{ start: 'normal', nChroma: 2, hiddenUnits: [1] },
      kernelRegularizer: tf.regularizers.l1l2({ l1: 0.5, l2: 0.25 }),
      activityRegularizer: tf.regularizers.l1({ l1: 2 }),
    });
    const x = tf.tensor4d([1, 2, 3, 4], [2, 1, 2, 1]); // two frames
    layer.build(x.shape);
    layer.setWeights([tf.tensor2d([1, 2], [2, 1]), tf.tensor1d([-1]), tf.tensor2d([1, -1], [1, 2]), tf.tensor1d([7, 0])]); // prettier-ignore
    const penalties = () => layer.calculateLosses().map((penalty) => penalty.dataSync()[0]);
    const ofWeights = [0.5 * 3 + 0.25 * 5, 0.5 * 2 + 0.25 * 2];
    tf.tidy(() => {
      run(layer, x, { training: true });
      expect(penalties()).toEqual([...ofWeights, 2 * ((4 + 10 + (11 + 17)) / 2)]); // hidden 4, 10; then 11, 0 and 17, 0
    });
    // A model's apply is a tidy, too; the penalty stays till the next call, and leaves no more than itself behind.
    const before = tf.memory().numTensors;
    tf.tidy(() => void run(layer, x, { training: true }));
    expect(tf.tidy(penalties).at(-1)).toBe(42);
    expect(tf.memory().numTensors).toBe(before);
    tf.tidy(() => void run(layer, x));
    expect(tf.tidy(penalties)).toEqual([...ofWeights, 0]);
    expect(tf.memory().numTensors).toBe(before - 1);
  });

  test('both penalties reach the weights in fit: alone in the loss, they shrink them', async () => {
    for (const kernelRegularizer of [tf.regularizers.l2({ l2: 1 }), null]) {
      const layer = new LearnedChroma({
        ...{ ...semitones, inputShape: [2, 24, 1], kernelRegularizer },
        activityRegularizer: kernelRegularizer === null ? tf.regularizers.l2({ l2: 0.1 }) : null,
      });
      const model = tf.sequential({ layers: [layer] });
      model.compile({ optimizer: tf.train.sgd(0.1), loss: (_y: tf.Tensor, p: tf.Tensor) => tf.mul(tf.sum(p), 0) }); // prettier-ignore
      await model.fit(map([2, 2, 24, 1]), tf.zeros([2, 2, 12, 1]), { epochs: 3, verbose: 0 });
      const size = tf.sum(tf.square(layer.getWeights()[0])).dataSync()[0];
      expect(size).toBeLessThan(23); // from 24 ones
      if (kernelRegularizer !== null) expect(size).toBeCloseTo(24 * 0.8 ** 6, 3); // each step takes 2 · 0.1 of them
    }
  });

  test('a norm limit holds in the output from the start, and in the weights from the first call in training', () => {
    const limit = tf.constraints.maxNorm({ maxValue: 0.5 });
    const x = map([1, 2, 24, 1]);
    const free = new LearnedChroma(semitones);
    const layer = new LearnedChroma({ ...semitones, kernelConstraint: limit });
    const half = tf.mul(run(free, x), 0.5 / Math.SQRT2); // a pitch class is two ones, of norm √2
    expectClose(run(layer, x), half, { rtol: 1e-6 });
    expect(Math.max(...layer.getWeights()[0].dataSync())).toBe(1);
    expectClose(run(layer, x, { training: true }), half, { rtol: 1e-6 });
    expect(Math.max(...layer.getWeights()[0].dataSync())).toBeCloseTo(0.5 / Math.SQRT2, 6);
  });

  test('in training noise has its deviation and dropout its share, by draws that seed and step name', () => {
    const ones = tf.ones([1, 400, 24, 1]);
    const classes = (args: Partial<LearnedChromaArgs>, step?: number) =>
      run(new LearnedChroma({ ...semitones, ...args }), ones, { training: true, step }).dataSync();
    const noisy = Array.from(classes({ inputNoise: 0.1 }, 3)); // 2 and the sum of two draws
    const deviation = Math.sqrt(noisy.reduce((sum, value) => sum + (value - 2) ** 2, 0) / noisy.length);
    expect(deviation).toBeCloseTo(0.1 * Math.SQRT2, 2);
    const dropped = classes({ dropout: 0.25 }, 3); // each of two bins 4/3, or 0
    const share = (value: number) =>
      Array.from(dropped).filter((one) => Math.abs(one - value) < 1e-6).length / 4800;
    expect(share(0)).toBeCloseTo(0.25 ** 2, 1);
    expect(share(4 / 3)).toBeCloseTo(2 * 0.25 * 0.75, 1);
    expect(share(0) + share(4 / 3) + share(8 / 3)).toBe(1);
    expect(classes({ dropout: 0.25 }, 3)).toEqual(dropped);
    expect(classes({ dropout: 0.25 }, 4)).not.toEqual(dropped);
    expect(classes({ dropout: 0.25, seed: 2 }, 3)).not.toEqual(dropped);
    const layer = new LearnedChroma({ ...semitones, dropout: 0.25 });
    const [first, second] = [0, 1].map(() => run(layer, ones, { training: true }).dataSync());
    expect(first).toEqual(classes({ dropout: 0.25 }, 0));
    expect(second).toEqual(classes({ dropout: 0.25 }, 1));
  });

  test('gradients in training, through dropout, noise and the penalty of activations, are those of differences', () => {
    const layer = new LearnedChroma({
      ...{ start: 'normal', startNoise: 0.5, hiddenUnits: [6], nChroma: 4, seed: 4 },
      ...{ dropout: 0.3, inputNoise: 0.2, activityRegularizer: tf.regularizers.l1l2({ l1: 0.1, l2: 0.2 }) },
    });
    const x = map([2, 2, 9, 2]);
    layer.build(x.shape);
    const loss = (at: tf.Tensor) => {
      const output = run(layer, at, { training: true, step: 2 });
      return tf.add(output, layer.calculateLosses()[0]); // the penalty on every output
    };
    expectGradient(loss, x, { step: 1e-3, tolerance: 1e-2 });
  });
});

test('bad options are refused', () => {
  const create = (args: Partial<LearnedChromaArgs>) => () => new LearnedChroma({ ...semitones, ...args });
  expect(create({ start: 'octave' as never })).toThrow("start, unless 'normal', has a scale");
  expect(create({ start: { scale: 'log', binsPerOctave: 20 } })).toThrow('binsPerOctave must be a multiple');
  expect(create({ start: { scale: 'linear', sampleRate: 0 } })).toThrow('sampleRate must be a number > 0');
  expect(create({ hiddenUnits: [256] })).toThrow("Use start: 'normal', or no hiddenUnits");
  expect(create({ start: 'normal', hiddenUnits: [0] })).toThrow('hiddenUnits must be an integer >= 1; got 0');
  expect(create({ startNoise: -1 })).toThrow('startNoise must be a number >= 0; got -1');
  expect(create({ inputNoise: NaN })).toThrow('inputNoise must be a number >= 0; got NaN');
  expect(create({ dropout: 1 })).toThrow('dropout must be a share in [0, 1); got 1');
  expect(create({ norm: 3 as never })).toThrow('norm must be one of');
  expect(create({ kernelRegularizer: { className: 'L3', config: {} } })).toThrow(
    'kernelRegularizer must be of tf.regularizers',
  );
  expect(() => new LearnedChroma(semitones).build([null, 3, null, 1])).toThrow('of known bins');
});
