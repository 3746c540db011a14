import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { LearnedChroma } from '../../../layers/index.ts';
import { useEngine } from '../../../src/engine/engine.ts';
import { createCompactConvnet, type FrontEndOptions } from '../../../src/models/compactConvnet.ts';
import { describeMovement } from '../../../src/report/describeMovement.ts';
import { frontEndMovement } from '../../../src/training/frontEndMovement.ts';

beforeAll(async () => {
  await useEngine('cpu');
});

const create = (frontEnd: FrontEndOptions) =>
  createCompactConvnet({
    ...{ sampleRate: 8000, samples: 1000, nTags: 2, filters: 4 },
    frontEnd: { nFft: 64, nMels: 8, ...frontEnd },
  });

test('a window 10 % longer as a vector has moved by a tenth of its norm, and by 0.1 at its peak of 1', () => {
  const model = create({ trainableWindow: true });
  const [layer] = model.layers.filter(({ name }) => name === 'logMel');
  layer.setWeights(layer.getWeights().map((window) => tf.mul(window, 1.1)));
  const before = tf.memory().numTensors;
  const [movement, ...others] = frontEndMovement(model, () => create({ trainableWindow: true }));
  expect(others).toEqual([]);
  expect(movement.weight).toBe('logMel/window');
  expect(movement.relativeDistance).toBeCloseTo(0.1, 6);
  expect(movement.largestChange).toBeCloseTo(0.1, 6);
  expect(tf.memory().numTensors).toBe(before);
});

test('one changed kernel value is the largest change; an untouched filterbank has moved by exactly 0', () => {
  const frontEnd = { trainableKernels: true, trainableFilterbank: true };
  const model = create(frontEnd);
  const [layer] = model.layers.filter(({ name }) => name === 'logMel');
  const [kernels, filterbank] = layer.getWeights();
  const values = kernels.dataSync().slice();
  const norm = Math.hypot(...values);
  values[5] -= 0.25;
  layer.setWeights([tf.tensor(values, kernels.shape), filterbank]);
  const [moved, still] = frontEndMovement(model, () => create(frontEnd));
  expect(moved.weight).toBe('logMel/dftKernels');
  expect(moved.relativeDistance).toBeCloseTo(0.25 / norm, 8);
  expect(moved.largestChange).toBeCloseTo(0.25, 6);
  expect(still).toEqual({ weight: 'logMel/filterbank', relativeDistance: 0, largestChange: 0 });
});

test('chroma weights count too, unless they are fixed', () => {
  const chroma = (trainableChroma: boolean) =>
    createCompactConvnet({
      ...{ sampleRate: 8000, samples: 1000, nTags: 2, filters: 4 },
      frontEnd: { kind: 'learned-chroma', nFft: 256, nOctaves: 2, binsPerOctave: 12, trainableChroma },
    });
  const model = chroma(true);
  const [kernel] = model.getLayer('chroma').getWeights();
  model.getLayer('chroma').setWeights([tf.mul(kernel, 1.1)]);
  const [movement, ...others] = frontEndMovement(model, () => chroma(true));
  expect(others).toEqual([]);
  expect(movement.weight).toBe('chroma/kernel');
  expect(movement.relativeDistance).toBeCloseTo(0.1, 6);
  expect(frontEndMovement(chroma(false), () => chroma(false))).toEqual([]);
});

test('what starts at 0, as a bias does, has no norm to have moved a part of', () => {
  const create = () => {
    const layer = new LearnedChroma({ start: 'normal', nChroma: 2, inputShape: [1, 3, 1], name: 'chroma' });
    return tf.sequential({ layers: [layer] });
  };
  const model = create();
  const [kernel] = model.getWeights();
  model.setWeights([kernel, tf.tensor1d([0.5, -0.25])]);
  const [, ofBias] = frontEndMovement(model, create);
  expect(ofBias).toEqual({ weight: 'chroma/bias', relativeDistance: null, largestChange: 0.5 });
  expect(describeMovement(ofBias)).toBe('from 0, one value by up to 0.5');
});

test('a front end that is frozen has no weights that could move', () => {
  expect(frontEndMovement(create({}), () => create({}))).toEqual([]);
});

test('models with other front ends are not compared', () => {
  const start = () => create({ trainableFilterbank: true, nMels: 9 });
  expect(() => frontEndMovement(create({ trainableFilterbank: true }), start)).toThrow(
    'the front ends differ: logMel/filterbank [33, 8] and logMel/filterbank [33, 9]. Make both models with the same options',
  );
});
