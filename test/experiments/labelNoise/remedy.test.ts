import { expect, test } from 'vitest';
import { cellName, cellsOf, fullDesign, kindsOf } from '../../../experiments/labelNoise/design.ts';
import { stepsOf } from '../../../experiments/labelNoise/learner.ts';
import { audit, unsuspected } from '../../../experiments/labelNoise/remedy.ts';

const mapsOf = (clips: number) => Array.from({ length: clips }, () => new Float32Array(0));

test('an audit of all clips finds their error rates and prevalence, half an error more on either side', () => {
  // 100 clips: the tag applies to 40 and is given to 20 of those; 6 of the other 60 are given it by mistake
  const truth = Float32Array.from({ length: 100 }, (_, clip) => Number(clip < 40));
  const labels = Float32Array.from({ length: 100 }, (_, clip) => Number(clip < 20 || clip >= 94));
  const lesson = { maps: mapsOf(100), labels, nTags: 1, filters: 4, steps: 1, seed: 1 };
  const [{ rates, prevalence, wrongAbsent, wrongPresent }] = audit(lesson, truth);
  expect(rates.miss).toBeCloseTo(20.5 / 41, 12);
  expect(rates.falseAlarm).toBeCloseTo(6.5 / 61, 12);
  expect(prevalence).toBeCloseTo(40.5 / 101, 12);
  expect(wrongAbsent).toBeCloseTo(20.5 / 75, 12); // of 74 not given
  expect(wrongPresent).toBeCloseTo(6.5 / 27, 12); // of 26 given
});

test('of 150 clips 100 are audited, others for another seed', () => {
  const truth = Float32Array.from({ length: 150 }, (_, clip) => clip % 2);
  const missOf = (seed: number) => {
    const labels = truth.map((label, clip) => (clip < 75 ? label : 0));
    return audit({ maps: mapsOf(150), labels, nTags: 1, filters: 4, steps: 1, seed }, truth)[0].rates.miss;
  };
  expect(missOf(1)).toBe(missOf(1));
  expect(new Set([1, 2, 3, 4].map(missOf)).size).toBeGreaterThan(1);
});

test('rates of labels that say the contrary are brought down to a sum of 0.95, in their proportion', () => {
  const truth = Float32Array.from({ length: 100 }, (_, clip) => clip % 2);
  const labels = truth.map((label) => 1 - label);
  const lesson = { maps: mapsOf(100), labels, nTags: 1, filters: 4, steps: 1, seed: 1 };
  const { falseAlarm, miss } = audit(lesson, truth)[0].rates;
  expect(falseAlarm).toBeCloseTo(0.475, 12);
  expect(miss).toBeCloseTo(0.475, 12);
});

test('a label that the other folds’ net contradicts is left out, of its tag alone; a tag nobody is given stays', () => {
  const given = [1, 1, 1, 0, 0, 0];
  const scores = [0.9, 0.8, 0.1, 0.1, 0.2, 0.1]; // the third is the issue in the example of confidentLearning
  const labels = Float32Array.from(given.flatMap((label) => [label, 0]));
  const kept = unsuspected(labels, Float32Array.from(scores.flatMap((score) => [score, 0.9])), 2);
  expect([...kept].flatMap((own, at) => (own === 0 ? [at] : []))).toEqual([4]);
});

test('every clip comes once an epoch, in batches of 32, and the rate falls from 0.003 along half a cosine', () => {
  const steps = [...stepsOf({ maps: mapsOf(64), steps: 4, seed: 1 })];
  expect(steps.map(({ members }) => members.length)).toEqual([32, 32, 32, 32]);
  const epoch = (first: number) => [...steps[first].members, ...steps[first + 1].members];
  for (const first of [0, 2]) expect(epoch(first).sort((a, b) => a - b)).toEqual([...Array(64).keys()]);
  expect(steps[0].learningRate).toBe(0.003);
  expect(steps[2].learningRate).toBeCloseTo(0.0015, 12);
});

test('a training set smaller than a batch is learnt whole in every step', () => {
  const steps = [...stepsOf({ maps: mapsOf(5), steps: 3, seed: 1 })];
  for (const { members } of steps) expect([...members].sort()).toEqual([0, 1, 2, 3, 4]);
});

test('the full study is 190 trainings, each once and with a name of its own, seed after seed', () => {
  const cells = cellsOf(fullDesign, kindsOf(false));
  expect(cells).toHaveLength(5 * (10 + 4 * 4 + 2 * 6));
  expect(new Set(cells.map(cellName)).size).toBe(cells.length);
  expect(cells.map(({ seed }) => seed)).toEqual(cells.map((_, i) => Math.floor(i / 38) + 1));
  expect(cellsOf(fullDesign, kindsOf(true))).toHaveLength(5 * (10 + 3 * 4 + 2 * 6));
});
