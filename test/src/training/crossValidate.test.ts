import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { foldsOf, type Clip, type Dataset } from '../../../datasets/index.ts';
import { WaveformStore } from '../../../src/audio/waveformStore.ts';
import { useEngine } from '../../../src/engine/engine.ts';
import { crossValidate, type CrossValidateOptions } from '../../../src/training/crossValidate.ts';
import { RunFolder } from '../../../src/training/runFolder.ts';
import { silentReporter } from '../../../src/reporter.ts';
import { tempFolder } from '../../support/tempFolder.ts';
import { toneClip, toneModel, toneRate, toneTags } from '../../support/toneTask.ts';

const temp = tempFolder();
const store = new WaveformStore({ sampleRate: toneRate, cacheBytes: 0 }); // every use of a clip renders it
afterAll(() => store.close());
beforeAll(async () => {
  await useEngine('wasm');
});

/** What happens, in order: the ids of clips whose samples are used, and the lines of the reporter. */
const events: string[] = [];
const clips = Array.from({ length: 14 }, (_, i): Clip => {
  const id = `tone ${i}`;
  return { id, labels: [toneTags[i % 2]], source: () => (events.push(id), toneClip(i % 2 === 1, i)) };
});
const dataset: Dataset = { name: 'tones', clips, tags: toneTags, exclusive: true, skipped: [] };
const epochs = 2;

function optionsFor(folder: string, resume = false): CrossValidateOptions {
  return {
    dataset,
    store,
    folds: 3,
    seed: 4,
    createModel: () => toneModel(),
    fitOptions: {
      ...{ tags: toneTags, exclusive: true, epochs, batchSize: 4, learningRate: 0.01, seed: 4 },
      ...{ configHash: 'tones', resume },
    },
    run: new RunFolder(temp(folder)),
    reporter: { ...silentReporter, line: (text) => void events.push(text) },
  };
}

test('every clip is scored once, by a model that was trained on the other folds and never saw it', async () => {
  events.length = 0;
  const { folds, order, predictions } = await crossValidate(optionsFor('run'));
  const foldOfClip = foldsOf(dataset, 3, 4);
  expect([...order].sort((a, b) => a - b)).toEqual(clips.map((_, i) => i));
  expect(predictions.ids).toEqual(order.map((i) => clips[i].id));
  expect(predictions.tags).toEqual(toneTags);
  order.forEach((clip, row) => {
    expect([...predictions.labels.subarray(2 * row, 2 * row + 2)]).toEqual([1 - (clip % 2), clip % 2]);
  });
  for (let fold = 0; fold < 3; fold++) {
    const scoredLine = events.findIndex((event) => event.startsWith(`fold ${fold + 1}/3  accuracy`));
    const lastEpochLine = events.findIndex((event) =>
      event.startsWith(`fold ${fold + 1}/3  epoch ${epochs}/${epochs}`),
    );
    const start =
      fold === 0 ? 0 : events.findIndex((event) => event.startsWith(`fold ${fold}/3  accuracy`)) + 1;
    const isClip = (event: string) => event.startsWith('tone ');
    const idsOf = (wanted: boolean) =>
      clips.filter((_, i) => (foldOfClip[i] === fold) === wanted).map(({ id }) => id);
    const trainedOn = events.slice(start, lastEpochLine).filter(isClip);
    expect([...trainedOn].sort()).toEqual([...idsOf(false), ...idsOf(false)].sort()); // once an epoch
    expect(events.slice(lastEpochLine, scoredLine).filter(isClip)).toEqual(idsOf(true));
    expect(folds[fold]).toMatchObject({ fold: fold + 1, clips: idsOf(true).length });
  }
});

test('the figure of a fold is the accuracy of its own rows', async () => {
  const { folds, predictions } = await crossValidate(optionsFor('run', true));
  let row = 0;
  for (const { clips: count, accuracy } of folds) {
    let correct = 0;
    for (const end = row + count; row < end; row++) {
      const [low, high] = predictions.scores.subarray(2 * row, 2 * row + 2);
      correct += Number(high > low === (predictions.labels[2 * row + 1] === 1));
    }
    expect(accuracy).toBeCloseTo(correct / count, 12);
  }
  expect(row).toBe(14);
});

test('a fold that is finished is not trained again when resumed, and its scores are the same', async () => {
  const whole = await crossValidate(optionsFor('resumed'));
  events.length = 0;
  const again = await crossValidate(optionsFor('resumed', true));
  expect(events.filter((event) => event.includes('epoch') || event.startsWith('tone '))).toEqual([]);
  expect(again.predictions.scores).toEqual(whole.predictions.scores);
  expect(again.folds).toEqual(whole.folds);
});

test('scores of another run, or of another number of clips, are refused', async () => {
  await crossValidate(optionsFor('foreign'));
  const path = temp('foreign', 'folds', '1', 'scores.json');
  const scores = JSON.parse(readFileSync(path, 'utf8'));
  for (const content of [
    JSON.stringify({ ...scores, configHash: 'other' }),
    JSON.stringify({ ...scores, scores: scores.scores.slice(1) }),
    '{"scores":',
  ]) {
    writeFileSync(path, content);
    await expect(crossValidate(optionsFor('foreign', true))).rejects.toThrow(`${path}: `);
    await expect(crossValidate(optionsFor('foreign', true))).rejects.toMatchObject({ name: 'InputError' });
  }
});

test('folds that the data were published with are used as they are', async () => {
  const folded = { ...dataset, clips: clips.map((clip, i) => ({ ...clip, fold: 1 + (i % 3) })) };
  const { order, folds } = await crossValidate({ ...optionsFor('published'), dataset: folded });
  expect(order).toEqual([0, 3, 6, 9, 12, 1, 4, 7, 10, 13, 2, 5, 8, 11]);
  expect(folds.map(({ clips: count }) => count)).toEqual([5, 5, 4]);
  await expect(crossValidate({ ...optionsFor('two'), dataset: folded, folds: 2 })).rejects.toThrow(
    'Pass --folds 3.',
  );
});
