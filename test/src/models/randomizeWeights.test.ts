import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { useEngine } from '../../../src/engine/engine.ts';
import { createCompactConvnet } from '../../../src/models/compactConvnet.ts';
import { randomizeWeights } from '../../../src/models/randomizeWeights.ts';

beforeAll(async () => {
  await useEngine('cpu');
});

const create = () =>
  createCompactConvnet({
    ...{ sampleRate: 4000, samples: 4000, nTags: 3, filters: 16 },
    frontEnd: { nFft: 128, nMels: 32, trainableFilterbank: true },
  });
const valuesOf = (model: tf.LayersModel) =>
  new Map(model.weights.map((weight) => [weight.name, weight.read().arraySync()]));

test('kernels are He normal, shifts 0, gains 1, and the front end stays', () => {
  const model = create();
  const before = valuesOf(model);
  model.setWeights(model.getWeights().map((weight) => tf.add(weight, 0.25)));
  randomizeWeights(model, 5);
  for (const [name, value] of valuesOf(model)) {
    const flat = (value as unknown[]).flat(Infinity) as number[];
    if (/filterbank/.test(name)) {
      const old = (before.get(name) as unknown[]).flat(Infinity) as number[];
      flat.forEach((x, i) => expect(x).toBeCloseTo(old[i] + 0.25, 6));
    } else if (/kernel/.test(name)) {
      const fanIn = (tf.tensor(value as number[]).shape.slice(0, -1) as number[]).reduce((a, b) => a * b, 1);
      const deviation = Math.sqrt(flat.reduce((sum, x) => sum + x * x, 0) / flat.length);
      // the draw is cut off at two deviations, which takes 12 % off the deviation
      const expected = 0.88 * Math.sqrt(2 / fanIn);
      expect(Math.abs(deviation / expected - 1), name).toBeLessThan(flat.length > 1000 ? 0.15 : 0.4);
    } else {
      const constant = /gamma|[vV]ariance/.test(name) ? 1 : 0;
      expect(new Set(flat), name).toEqual(new Set([constant]));
    }
  }
});

test('the same seed gives the same weights, another seed others, and no two kernels are alike', () => {
  const [a, b, c] = [create(), create(), create()];
  randomizeWeights(a, 1);
  randomizeWeights(b, 1);
  randomizeWeights(c, 2);
  const kernels = (model: tf.LayersModel) =>
    model.weights.filter(({ name }) => /kernel/.test(name)).map((weight) => weight.read().arraySync());
  expect(kernels(a)).toEqual(kernels(b));
  kernels(a).forEach((kernel, i) => expect(kernel).not.toEqual(kernels(c)[i]));
  expect(kernels(a)[2]).not.toEqual(kernels(a)[1]);
});
