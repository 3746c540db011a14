import { expect, test } from 'vitest';
import { esc10, esc50 } from '../../../datasets/known/esc50.ts';
import { empty, expectRefused, withoutSources, writeTree } from './tree.ts';

const table = 'meta/esc50.csv';
const list =
  'filename,fold,target,category,esc10,src_file,take\n' +
  '1-100032-A-0.wav,1,0,dog,True,100032,A\n' +
  '5-9032-A-0.wav,5,0,dog,True,9032,A\n' +
  '1-100210-A-36.wav,1,36,vacuum_cleaner,False,100210,A\n';
const audio = empty('audio/1-100032-A-0.wav', 'audio/5-9032-A-0.wav', 'audio/1-100210-A-36.wav');

test('ESC-50 has 50 classes by their numbers, and the published folds', async () => {
  const dataset = await esc50.list(await writeTree({ [table]: list, ...audio }));
  expect(dataset.tags).toHaveLength(50);
  expect(new Set(dataset.tags).size).toBe(50);
  // numbers as in the column "target"
  expect([dataset.tags[0], dataset.tags[36], dataset.tags[49]]).toEqual([
    'dog',
    'vacuum_cleaner',
    'hand_saw',
  ]);
  expect(withoutSources(dataset)).toEqual({
    '1-100032-A-0.wav': { labels: ['dog'], fold: 1, album: 'freesound 100032' },
    '5-9032-A-0.wav': { labels: ['dog'], fold: 5, album: 'freesound 9032' },
    '1-100210-A-36.wav': { labels: ['vacuum_cleaner'], fold: 1, album: 'freesound 100210' },
  });
});

test('ESC-10 is the part marked in the list, ten classes, also from the unpacked archive', async () => {
  const files = Object.entries({ [table]: list, ...audio }).map(([path, text]) => [
    `ESC-50-master/${path}`,
    text,
  ]);
  const dataset = await esc10.list(await writeTree(Object.fromEntries(files) as Record<string, string>));
  expect(dataset.tags).toHaveLength(10);
  expect(dataset.clips.map(({ id }) => id)).toEqual(['1-100032-A-0.wav', '5-9032-A-0.wav']);
});

test('a class that is not of the data set, a missing list and a missing clip are told', async () => {
  await expectRefused(
    esc50,
    { [table]: list.replace('vacuum_cleaner', 'hoover'), ...audio },
    'unknown tag "hoover"',
  );
  await expectRefused(
    esc10,
    { [table]: list.replace('A-36.wav,1,36,vacuum_cleaner,False', 'A-36.wav,1,36,vacuum_cleaner,True') },
    'unknown tag "vacuum_cleaner"',
  );
  await expectRefused(esc50, audio, 'esc50.csv is missing. Get the archive of the repository');
  const { skipped } = await esc50.list(await writeTree({ [table]: list, ...empty('audio/5-9032-A-0.wav') }));
  expect(skipped).toHaveLength(2);
});
