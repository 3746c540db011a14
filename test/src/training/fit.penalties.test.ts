import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { LearnedChroma, type LearnedChromaArgs } from '../../../layers/index.ts';
import { fit } from '../../../src/training/fit.ts';
import { expectClose } from '../../support/expectClose.ts';
import { onEngines } from '../../support/onEngines.ts';
import { toneFit, toneSamples, toneSet, weightsOf } from '../../support/toneTask.ts';

/** 250 frames of 4 samples, folded by weights of 1 into one number a frame, whose mean goes to two logits. */
function model(
  args: Partial<LearnedChromaArgs>,
  logits: Partial<Parameters<typeof tf.layers.dense>[0]> = {},
): tf.LayersModel {
  const waveform = tf.input({ shape: [toneSamples] });
  const map = tf.layers.reshape({ targetShape: [toneSamples / 4, 4, 1] }).apply(waveform);
  const chroma = new LearnedChroma({ start: 'normal', startNoise: 0, nChroma: 1, useBias: false, ...args });
  const mean = tf.layers.globalAveragePooling2d({}).apply(chroma.apply(map) as tf.SymbolicTensor);
  const outputs = tf.layers
    .dense({ units: 2, name: 'logits', kernelInitializer: 'ones', ...logits })
    .apply(mean);
  const built = tf.model({
    inputs: waveform,
    outputs: tf.layers.softmax().apply(outputs) as tf.SymbolicTensor,
  });
  tf.tidy(() => chroma.setWeights([tf.ones([4, 1])]));
  return built;
}

/** One step on four equal clips of samples 0.5, where chroma is 2 in every frame. */
const oneStep = () => {
  const train = { ...toneSet(4, 1), waveform: async () => new Float32Array(1200).fill(0.5) };
  return toneFit({ train, valid: null, epochs: 1 });
};

onEngines(() => {
  test.each<{ what: string; args: Partial<LearnedChromaArgs>; dense?: object; penalty: number }>([
    {
      what: '0.1 · Σ|w| of four weights of 1',
      args: { kernelRegularizer: tf.regularizers.l1({ l1: 0.1 }) },
      penalty: 0.4,
    },
    {
      what: 'the mean penalty of a frame, 0.1 · 2',
      args: { activityRegularizer: tf.regularizers.l1({ l1: 0.1 }) },
      penalty: 0.2,
    },
    {
      what: '0.3 · Σw² of the two weights of a layer of TF.js',
      args: {},
      dense: { kernelRegularizer: tf.regularizers.l2({ l2: 0.3 }) },
      penalty: 0.6,
    },
    {
      what: 'the sum of all of them',
      args: {
        kernelRegularizer: tf.regularizers.l1({ l1: 0.1 }),
        activityRegularizer: tf.regularizers.l1({ l1: 0.1 }),
      },
      dense: { kernelRegularizer: tf.regularizers.l2({ l2: 0.3 }) },
      penalty: 1.2,
    },
  ])('to the loss of the data comes $what', async ({ args, dense, penalty }) => {
    const { history } = await fit(model(args, dense), oneStep());
    // both logits are equal, so the cross-entropy of two classes is log 2
    expectClose(history[0].trainLoss, Math.LN2 + penalty, { rtol: 1e-5 });
  });

  test('a penalty moves weights that the data leave where they are', async () => {
    const kernelAfter = async (args: Partial<LearnedChromaArgs>) => {
      const net = model(args);
      await fit(net, oneStep());
      return weightsOf(net).slice(0, 4);
    };
    // of equal logits the two gradients of chroma are opposite: nothing to learn. Adam's first step is the learning rate
    expectClose(await kernelAfter({}), [1, 1, 1, 1], { atol: 1e-6 });
    for (const name of ['kernelRegularizer', 'activityRegularizer'] as const) {
      const after = await kernelAfter({ [name]: tf.regularizers.l1({ l1: 0.1 }) });
      expectClose(after, [0.99, 0.99, 0.99, 0.99], { atol: 1e-5 });
    }
  });

  test('penalties of 0 change no bit of what is learnt, and hold no tensor', async () => {
    const zero = tf.regularizers.l1l2({ l1: 0, l2: 0 });
    const [plain, penalised] = [model({}), model({ kernelRegularizer: zero, activityRegularizer: zero })];
    const options = () => toneFit({ epochs: 2 });
    const { history } = await fit(plain, options());
    const before = tf.memory().numTensors;
    const other = await fit(penalised, options());
    expect(tf.memory().numTensors).toBe(before);
    expect(other.history.map(({ trainLoss }) => trainLoss)).toEqual(
      history.map(({ trainLoss }) => trainLoss),
    );
    expect(weightsOf(penalised)).toEqual(weightsOf(plain));
  });
});
