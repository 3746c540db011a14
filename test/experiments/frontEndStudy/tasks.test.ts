import { expect, test } from 'vitest';
import type { Dataset } from '../../../datasets/index.ts';
import { listGenerated } from '../../../datasets/index.ts';
import { clipSetOf } from '../../../experiments/frontEndStudy/tasks.ts';
import { partsOf } from '../../../experiments/shared/partsOf.ts';

const classes = ['a', 'b', 'c'];
/** 20 clips a class without a test part of their own. */
const recordings: Dataset = {
  name: 'recordings',
  clips: Array.from({ length: 60 }, (_, i) => ({ id: `${i}`, source: `${i}.wav`, labels: [classes[i % 3]] })),
  tags: classes,
  exclusive: true,
  skipped: [],
};
const generated = listGenerated({ train: 80, valid: 0, test: 20 });

test.each([recordings, generated])(
  '$name: a share lies within the next, and none holds a test clip',
  (dataset) => {
    const [quarter, half, all] = ([0.25, 0.5, 1] as const).map((share) => partsOf(dataset, share, 2));
    expect(all.train.length + all.test.length).toBe(dataset.clips.length);
    for (const [less, more] of [
      [quarter, half],
      [half, all],
    ]) {
      expect(less.test).toEqual(more.test);
      expect(less.train.every((clip) => more.train.includes(clip))).toBe(true);
      expect(Math.abs(less.train.length - more.train.length / 2)).toBeLessThanOrEqual(3);
    }
    expect(all.train.some((clip) => all.test.includes(clip))).toBe(false);
  },
);

test('a test part that the data fix is kept for every seed; the seeds draw other training clips', () => {
  const [first, second] = [1, 2].map((seed) => partsOf(generated, 0.5, seed));
  expect(first.test.map((clip) => generated.clips[clip].split)).toEqual(new Array(20).fill('test'));
  expect(second.test).toEqual(first.test);
  expect(second.train).not.toEqual(first.train);
});

test('recordings are tested in four folds, one a seed, all classes in each', () => {
  const tests = [1, 2, 3, 4].map((seed) => partsOf(recordings, 1, seed).test);
  expect(tests.flat().sort((a, b) => a - b)).toEqual(recordings.clips.map((_, clip) => clip));
  for (const part of tests) {
    for (const tag of classes)
      expect(part.filter((clip) => recordings.clips[clip].labels[0] === tag)).toHaveLength(5);
  }
  expect(partsOf(recordings, 1, 5).test).toEqual(tests[0]);
});

test('a quarter of the training clips holds every class alike', () => {
  const { train } = partsOf(recordings, 0.25, 1); // 45 to train on, about 11 of them
  for (const tag of classes) {
    const count = train.filter((clip) => recordings.clips[clip].labels[0] === tag).length;
    expect(count).toBeGreaterThanOrEqual(3);
    expect(count).toBeLessThanOrEqual(5);
  }
});

test('a clip set has the maps and targets of its members', async () => {
  const maps = recordings.clips.map((_, clip) => Float32Array.of(clip));
  const set = clipSetOf(recordings, [4, 2], maps);
  expect(set.ids).toEqual(['4', '2']);
  expect(Array.from(set.targets)).toEqual([0, 1, 0, 0, 0, 1]);
  expect(await set.waveform(1)).toEqual(Float32Array.of(2));
});
