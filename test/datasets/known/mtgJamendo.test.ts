import { expect, test } from 'vitest';
import { mtgJamendo } from '../../../datasets/known/mtgJamendo.ts';
import { empty, expectRefused, withoutSources, writeTree } from './tree.ts';

const header = 'TRACK_ID\tARTIST_ID\tALBUM_ID\tPATH\tDURATION\tTAGS\n';
const lists = (split: string, stem: string) => ({
  [`data/splits/${split}/${stem}-train.tsv`]: `${header}track_0917542\tartist_378901\talbum_108650\t42/917542.mp3\t184.8\tmood/theme---happy\n`,
  [`data/splits/${split}/${stem}-validation.tsv`]: `${header}track_1026811\tartist_370789\talbum_120715\t11/1026811.mp3\t215.3\tmood/theme---slow\tmood/theme---sad\n`,
  [`data/splits/${split}/${stem}-test.tsv`]: `${header}track_1396987\tartist_002444\talbum_163612\t87/1396987.mp3\t260.0\tmood/theme---happy\n`,
});
const audio = empty('audio/42/917542.mp3', '11/1026811.mp3', 'audio-low/87/1396987.low.mp3');

test('a category and a split have their lists; tags follow each other in tabs; audio is found in three layouts', async () => {
  const root = await writeTree({ ...lists('split-3', 'autotagging_moodtheme'), ...audio });
  const dataset = await mtgJamendo.list(root, { split: 'moodtheme-3' });
  expect(dataset.tags).toEqual(['mood/theme---happy', 'mood/theme---sad', 'mood/theme---slow']);
  expect(dataset.split).toBe('moodtheme-3');
  expect(withoutSources(dataset)).toEqual({
    track_0917542: {
      labels: ['mood/theme---happy'],
      split: 'train',
      artist: 'artist_378901',
      album: 'album_108650',
    },
    track_1026811: {
      labels: ['mood/theme---slow', 'mood/theme---sad'],
      split: 'valid',
      artist: 'artist_370789',
      album: 'album_120715',
    },
    track_1396987: {
      labels: ['mood/theme---happy'],
      split: 'test',
      artist: 'artist_002444',
      album: 'album_163612',
    },
  });
});

test('the default is the 50 tags of split 0; there are five categories of five splits and 15 re-annotations', async () => {
  const { clips } = await mtgJamendo.list(
    await writeTree({ ...lists('split-0', 'autotagging_top50tags'), ...audio }),
  );
  expect(clips).toHaveLength(3);
  expect(mtgJamendo.facts.splits).toHaveLength(5 * 5 + 15);
  const all = await mtgJamendo.list(await writeTree({ ...lists('split-4', 'autotagging'), ...audio }), {
    split: 'all-4',
  });
  expect(all.clips).toHaveLength(3);
});

const clean = 'derived/music-classification-annotations/music-classification-annotations-clean.tsv';
const answers =
  `${header}track_0917542\tartist_1\talbum_1\t42/917542.mp3\t184.8\tgenre_tzanetakis---reggae,reggae,reggae\tmood_happy---happy,happy,happy\n` +
  'track_1026811\tartist_2\talbum_2\t11/1026811.mp3\t215.3\tmood_happy---not_happy,not_happy,not_happy\n' +
  'track_1396987\tartist_3\talbum_3\t87/1396987.mp3\t260.0\tmood_sad---sad,sad,sad\n';

test('a re-annotation has the tracks that were agreed on, in exclusive classes, all to test on', async () => {
  const dataset = await mtgJamendo.list(await writeTree({ [clean]: answers, ...audio }), {
    split: 'reannotated-mood_happy',
  });
  expect([dataset.exclusive, dataset.tags]).toEqual([true, ['happy', 'not_happy']]);
  expect(withoutSources(dataset)).toEqual({
    track_0917542: { labels: ['happy'], split: 'test', artist: 'artist_1', album: 'album_1' },
    track_1026811: { labels: ['not_happy'], split: 'test', artist: 'artist_2', album: 'album_2' },
  });
});

test('faults are told: a split that is none, a missing list, a header, an answer not agreed on, no audio', async () => {
  const tree = { ...lists('split-0', 'autotagging_top50tags'), ...audio };
  await expectRefused(mtgJamendo, tree, 'no split "top50-5"; it has top50-0', { split: 'top50-5' });
  await expectRefused(mtgJamendo, tree, 'autotagging_genre-train.tsv is missing. Clone the repository', {
    split: 'genre-1',
  });
  const test0 = 'data/splits/split-0/autotagging_top50tags-test.tsv';
  await expectRefused(
    mtgJamendo,
    { ...tree, [test0]: tree[test0].replace('TAGS', 'LABELS') },
    'no column "TAGS"',
  );
  await expectRefused(
    mtgJamendo,
    { ...tree, [test0]: `${header}track_1\tartist_1\n` },
    'line 2: 2 fields where the header has 6',
  );
  await expectRefused(
    mtgJamendo,
    { [clean]: answers.replace('sad,sad,sad', 'sad,sad,not_sad'), ...audio },
    'is not one answer',
    { split: 'reannotated-mood_sad' },
  );
  await expectRefused(mtgJamendo, lists('split-0', 'autotagging_top50tags'), 'none of its 3 recordings');
});
