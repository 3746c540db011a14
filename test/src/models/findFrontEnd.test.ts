import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { createCompactConvnet } from '../../../src/models/compactConvnet.ts';
import { findFrontEnd } from '../../../src/models/findFrontEnd.ts';
import { expectClose } from '../../support/expectClose.ts';
import { onEngines } from '../../support/onEngines.ts';

/** What makeThreeLayerFrontEnd.ts wrote. */
const old = JSON.parse(
  readFileSync(new URL('../../fixtures/models/threeLayerFrontEnd.json', import.meta.url), 'utf8'),
) as {
  modelTopology: object;
  weightSpecs: tf.io.WeightsManifestEntry[];
  weights: number[];
  waveform: number[];
  decibels: number[];
  probabilities: number[];
};

const options = { sampleRate: 4000, samples: 1200, nTags: 3, filters: 2 };
const hearing = { nFft: 128, nMels: 16, melScale: 'htk', topDb: 60 } as const;

onEngines(() => {
  test('a model saved with a front end of three layers loads, and gives the numbers it gave', async () => {
    const model = await tf.loadLayersModel(
      tf.io.fromMemory({
        modelTopology: old.modelTopology,
        weightSpecs: old.weightSpecs,
        weightData: Float32Array.from(old.weights).buffer,
      }),
    );
    const x = tf.tensor2d([old.waveform]);
    expectClose(model.predict(x) as tf.Tensor, old.probabilities, { atol: 1e-5 });
    const { output, hopLength, mel } = findFrontEnd(model);
    expect(hopLength).toBe(64);
    expect(mel).toMatchObject({ fMin: 0, fMax: 2000, melScale: 'htk' });
    const frontEnd = tf.model({ inputs: model.inputs, outputs: output });
    expectClose(frontEnd.predict(x) as tf.Tensor, old.decibels, { atol: 1e-3 });
  });

  test('the same weights in the model of today give the same numbers', () => {
    const model = createCompactConvnet({
      ...{ ...options, seed: 5 },
      frontEnd: { ...hearing, trainableFilterbank: true },
    });
    let at = 0;
    model.setWeights(
      model.getWeights().map(({ shape, size }) => tf.tensor(old.weights.slice(at, (at += size)), shape)),
    );
    expect(at).toBe(old.weights.length);
    expectClose(model.predict(tf.tensor2d([old.waveform])) as tf.Tensor, old.probabilities, { atol: 1e-5 });
  });
});

test('the front end of today is found, with mel bands and without', () => {
  const mel = findFrontEnd(createCompactConvnet({ ...options, frontEnd: { ...hearing, hopLength: 50 } }));
  expect(mel).toMatchObject({ hopLength: 50, mel: { fMin: 0, fMax: 2000, melScale: 'htk' } });
  expect(mel.output.shape).toEqual([null, 25, 16, 1]);
  const linear = findFrontEnd(createCompactConvnet({ ...options, frontEnd: { nFft: 128, nMels: null } }));
  expect(linear).toMatchObject({ hopLength: 64, mel: null });
  expect(linear.output.shape).toEqual([null, 19, 65, 1]);
});

test('of chroma alone it is the decibels of chroma, of mel bands beside chroma the mel bands', () => {
  const chroma = { nOctaves: 2, binsPerOctave: 12, hopLength: 32 };
  const alone = findFrontEnd(
    createCompactConvnet({ ...options, frontEnd: { kind: 'learned-chroma', ...chroma } }),
  );
  expect(alone).toMatchObject({ hopLength: 32, mel: null, chroma: true });
  expect(alone.output.shape).toEqual([null, 38, 12, 1]);
  const frontEnd = { kind: 'mel+chroma', ...chroma, nFft: 128, nMels: 24 } as const;
  const both = findFrontEnd(createCompactConvnet({ ...options, frontEnd }));
  expect(both).toMatchObject({ hopLength: 32, mel: { fMax: 2000 }, chroma: false });
  expect(both.output.shape).toEqual([null, 38, 24, 1]);
});

test('a model without a front end is refused', () => {
  const input = tf.input({ shape: [4] });
  const output = tf.layers.dense({ units: 1 }).apply(input) as tf.SymbolicTensor;
  expect(() => findFrontEnd(tf.model({ inputs: input, outputs: output, name: 'plain' }))).toThrow(
    'plain has no layer logMel',
  );
});
