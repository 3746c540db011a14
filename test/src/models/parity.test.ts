import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { createRandom } from '../../../datasets/random.ts';
import { useEngine, type EngineName } from '../../../src/engine/engine.ts';
import { createCompactConvnet } from '../../../src/models/compactConvnet.ts';
import { foundEngines } from '../../support/foundEngines.ts';

const sampleRate = 12_000;
const samples = 3 * sampleRate;

/** A decaying chord with noise, and near-silence: the front end has 80 dB to get right. */
function waveforms(): Float32Array {
  const random = createRandom(3, 1);
  return Float32Array.from({ length: 2 * samples }, (_, i) => {
    const seconds = (i % samples) / sampleRate;
    const loud = i < samples ? 0.3 : 1e-3;
    const chord = [220, 277.2, 329.6].reduce((sum, hz) => sum + Math.sin(2 * Math.PI * hz * seconds), 0);
    return loud * (Math.exp(-seconds) * chord + 0.1 * random.noise());
  });
}

/** Means of each block's output over time and frequency, and the probabilities, of the same weights on any engine. */
async function numbersOn(engine: EngineName): Promise<Float32Array[]> {
  await useEngine(engine);
  const model = createCompactConvnet({ sampleRate, samples, nTags: 5, seed: 4 });
  const weights = model.getWeights().map((weight, i) => {
    const random = createRandom(i, 5);
    // Weights as after training, moving statistics and gammas included: of both signs but for the variances.
    const isVariance = /ariance/.test(model.weights[i].name);
    const values = Float32Array.from({ length: weight.size }, () => (isVariance ? random.uniform(0.5, 2) : 0.2 * random.noise())); // prettier-ignore
    return tf.tensor(values, weight.shape);
  });
  model.setWeights(weights);
  const outputs = model.layers
    .filter(({ name }) => /^(block\d|pool|probabilities)$/.test(name))
    .map(({ output }) => output as tf.SymbolicTensor);
  const all = tf.model({ inputs: model.inputs, outputs });
  const results = all.predict(tf.tensor2d(waveforms(), [2, samples])) as tf.Tensor[];
  const means = results.map((result) => (result.rank === 4 ? tf.mean(result, [1, 2]) : result));
  return Promise.all(means.map(async (mean) => Float32Array.from(await mean.data())));
}

let expected: Float32Array[];
beforeAll(async () => {
  expected = await numbersOn('cpu');
});

test.each(foundEngines().filter((name) => name !== 'cpu'))(
  'features of all blocks and probabilities on %s equal those on cpu within 1e-4 relative',
  async (engine) => {
    const numbers = await numbersOn(engine);
    expect(numbers).toHaveLength(7);
    numbers.forEach((values, layer) => {
      const size = Math.max(...expected[layer].map(Math.abs));
      const difference = Math.max(...values.map((value, i) => Math.abs(value - expected[layer][i])));
      expect(difference / size, `output ${layer}`).toBeLessThan(1e-4);
    });
  },
);
