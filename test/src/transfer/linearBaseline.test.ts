import type * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import type { ClipSet } from '../../../src/audio/clipSet.ts';
import { useEngine } from '../../../src/engine/engine.ts';
import { scoreByLinearBaseline } from '../../../src/transfer/linearBaseline.ts';
import { toneModel, toneSet } from '../../support/toneTask.ts';

let model: tf.LayersModel;
beforeAll(async () => {
  await useEngine('wasm');
  model = toneModel();
});

test('tones of two pitches are told apart by their mean spectrum, with an untrained convnet', async () => {
  const testSet = toneSet(20, 8);
  const scores = await scoreByLinearBaseline(model, toneSet(30, 7), testSet);
  expect(scores).toHaveLength(40);
  testSet.ids.forEach((_, clip) => {
    const [low, high] = scores.subarray(2 * clip, 2 * clip + 2);
    expect(high > low).toBe(clip % 2 === 1);
    for (const score of [low, high]) expect(score >= 0 && score <= 1).toBe(true);
  });
});

test('the labels of the test clips play no part', async () => {
  const testSet = toneSet(6, 8);
  const blind: ClipSet = { ...testSet, targets: new Float32Array(12) };
  const train = toneSet(10, 7);
  expect(await scoreByLinearBaseline(model, train, blind)).toEqual(
    await scoreByLinearBaseline(model, train, testSet),
  );
});

test('a tag that no training clip carries, or every one does, scores 0 throughout', async () => {
  const tones = toneSet(10, 7);
  const targets = Float32Array.from({ length: 30 }, (_, i) => [i / 3 < 5 ? 1 : 0, 0, 1][i % 3]);
  const scores = await scoreByLinearBaseline(model, { ...tones, targets, nTags: 3 }, toneSet(4, 8));
  expect(scores).toHaveLength(12);
  for (let clip = 0; clip < 4; clip++) {
    expect(scores[3 * clip]).toBeGreaterThan(0);
    expect([...scores.subarray(3 * clip + 1, 3 * clip + 3)]).toEqual([0, 0]);
  }
});
