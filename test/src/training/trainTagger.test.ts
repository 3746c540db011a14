import { existsSync, readdirSync, readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import type { Clip, Dataset } from '../../../datasets/index.ts';
import { useEngine, type Engine } from '../../../src/engine/engine.ts';
import { createCompactConvnet } from '../../../src/models/compactConvnet.ts';
import { loadTagger } from '../../../src/models/tagger.ts';
import { describeMovement } from '../../../src/report/describeMovement.ts';
import { trainDefaults, type TrainConfig } from '../../../src/training/trainConfig.ts';
import { trainTagger } from '../../../src/training/trainTagger.ts';
import { tempFolder } from '../../support/tempFolder.ts';
import { toneClip, toneRate, toneTags } from '../../support/toneTask.ts';

const temp = tempFolder();
let engine: Engine;
beforeAll(async () => {
  engine = await useEngine('wasm');
});

const clips = Array.from({ length: 20 }, (_, i): Clip => {
  return { id: `tone ${i}`, labels: [toneTags[i % 2]], source: () => toneClip(i % 2 === 1, i) };
});
const dataset: Dataset = { name: 'tones', clips, tags: toneTags, exclusive: true, skipped: [] };
const config: TrainConfig = {
  ...trainDefaults,
  sampleRate: toneRate,
  seconds: 0.25,
  frontEnd: { nFft: 128, nMels: 16 },
  filters: 4,
  epochs: 2,
  batchSize: 4,
  seed: 3,
};
const train = (out: string, overrides: Partial<TrainConfig> = {}, data = dataset) =>
  trainTagger({ dataset: data, config: { ...config, ...overrides }, engine, out: temp(out) });
const read = (...parts: string[]) => readFileSync(temp(...parts), 'utf8');

test('a data set of rendered clips gives a run folder with everything in it, and no half-written files', async () => {
  const run = await train('run');
  expect(readdirSync(temp('run')).sort()).toEqual(
    'checkpoint config.json history.csv metrics.json model predictions.csv report.html'.split(' '),
  );
  expect(run.evaluation!.clips).toBe(4); // 0.2 of 20
  expect(run.history).toHaveLength(2);
  expect(JSON.parse(read('run', 'config.json'))).toMatchObject({
    ...{ sampleRate: toneRate, filters: 4, data: 'tones', engine: 'wasm', inputSamples: 1000 },
  });
  const { weightsHash, trainableParameters, split, splitHash, repeatedAudio } = JSON.parse(
    read('run', 'metrics.json'),
  );
  const { model, info } = await loadTagger(temp('run'));
  expect(info).toMatchObject({
    weightsHash,
    tags: toneTags,
    exclusive: true,
    sampleRate: toneRate,
    samples: 1000,
  });
  expect(info.training).toMatchObject({
    data: 'tones',
    clips: 14,
    split,
    splitHash,
    seed: 3,
    epochs: 2,
    engine: 'wasm',
  });
  expect(split).toMatch(/^drawn: valid 0[.\d]*, test 0[.\d]*, seed 3$/);
  expect(repeatedAudio).toEqual([]);
  // as published: five blocks of 3×3 convolutions with bias, scale and shift of 4 filters, a dense layer of 2 tags
  expect(trainableParameters).toBe(9 * 1 * 4 + 4 + 4 * (9 * 4 * 4 + 4) + 5 * (2 * 4) + (4 * 2 + 2));
  model.dispose();
});

test('the same seed gives the same history and weights, another seed others', async () => {
  const [a, b, c] = [await train('a'), await train('b'), await train('c', { seed: 4 })];
  const losses = (run: typeof a) => run.history.map(({ trainLoss, validLoss }) => [trainLoss, validLoss]);
  expect(losses(b)).toEqual(losses(a));
  expect(b.info.weightsHash).toBe(a.info.weightsHash);
  expect(read('b', 'predictions.csv')).toBe(read('a', 'predictions.csv'));
  expect(losses(c)).not.toEqual(losses(a));
});

test('seconds null takes half the median clip, but at least a second', async () => {
  const { info } = await train('auto', { seconds: null, epochs: 1 });
  expect(info.samples).toBe(toneRate); // of clips of 0.3 s
});

test('without clips to test on there are no figures, and the report says so', async () => {
  const run = await train('untested', { test: 0, epochs: 1 });
  expect(run.evaluation).toBeNull();
  expect(existsSync(temp('untested', 'predictions.csv'))).toBe(false);
  expect(read('untested', 'report.html').includes('There were no clips to test on')).toBe(true);
});

test('without clips to validate on all epochs are trained and the last is kept', async () => {
  const run = await train('unvalidated', { valid: 0, patience: 1, epochs: 3 });
  expect(run.history.map(({ validLoss }) => validLoss)).toEqual([null, null, null]);
  expect(run.bestEpoch).toBe(3);
});

test('what was skipped before is handed on beside what cannot be decoded', async () => {
  const bad: Clip = { id: 'bad', labels: ['low'], source: temp('nowhere.wav') };
  const skipped = [{ path: 'x.txt', reason: 'not an audio file by its extension' }];
  const run = await train('skips', { epochs: 1 }, { ...dataset, clips: [...clips, bad], skipped });
  expect(run.skipped.map(({ path }) => path)).toEqual(['x.txt', 'bad']);
  expect(JSON.parse(read('skips', 'metrics.json')).skipped).toEqual(run.skipped);
});

test('trained kernels and filterbank move, and the run says how far in its metrics and its report', async () => {
  const frontEnd = { ...config.frontEnd, trainableKernels: true, trainableFilterbank: true };
  const run = await train('moved', { frontEnd });
  const [kernels, filterbank] = run.frontEndMovement;
  expect([kernels.weight, filterbank.weight]).toEqual(['logMel/dftKernels', 'logMel/filterbank']);
  for (const { relativeDistance, largestChange } of [kernels, filterbank]) {
    expect(relativeDistance).toBeGreaterThan(0);
    expect(largestChange).toBeGreaterThan(0);
  }
  expect(JSON.parse(read('moved', 'metrics.json')).frontEndMovement).toEqual(run.frontEndMovement);
  for (const row of run.frontEndMovement)
    expect(read('moved', 'report.html')).toContain(describeMovement(row));
});

test.each([
  ['filterbank', { trainableFilterbank: true }],
  ['window', { trainableWindow: true }],
  ['nothing', {}],
])('what is frozen does not move by one bit in training: all but %s', async (trained, options) => {
  const frontEnd = { ...config.frontEnd, ...options };
  const run = await train(`frozen ${trained}`, { frontEnd });
  expect(run.frontEndMovement.map(({ weight }) => weight)).toEqual(
    trained === 'nothing' ? [] : [`logMel/${trained}`],
  );
  for (const { relativeDistance } of run.frontEndMovement) expect(relativeDistance).toBeGreaterThan(0);

  const { model } = await loadTagger(temp(`frozen ${trained}`));
  const start = createCompactConvnet({
    sampleRate: toneRate,
    samples: 1000,
    nTags: 2,
    exclusive: true,
    frontEnd,
  });
  const [after, before] = [model, start].map((of) => of.getLayer('logMel'));
  const noise = tf.randomUniform([2, 1000], -1, 1, 'float32', 1);
  const hear = (layer: tf.layers.Layer) => (layer.apply(noise) as tf.Tensor).dataSync();
  if (trained !== 'nothing') expect(hear(after)).not.toEqual(hear(before));
  after.setWeights(before.getWeights()); // of what is trained; the rest is to be as it was
  expect(hear(after)).toEqual(hear(before));
});

test('a run leaves no tensors behind, nor does one that is refused', async () => {
  await train('warm', { epochs: 1 });
  const before = tf.memory().numTensors;
  await train('memory', { epochs: 1 });
  expect(tf.memory().numTensors).toBe(before);
  await expect(train('diverged', { learningRate: 1e20 })).rejects.toThrow('--learning-rate');
  expect(tf.memory().numTensors).toBe(before);
});
