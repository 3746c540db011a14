import { expect, test } from 'vitest';
import { fmaLarge, fmaMedium, fmaSmall } from '../../../datasets/known/fma.ts';
import { empty, expectRefused, withoutSources, writeTree } from './tree.ts';

// three header lines as pandas writes a table of two-storey columns with an index: group, column, name of the index
const header =
  ',album,artist,set,set,track,track,track,track\n' +
  ',id,id,split,subset,genre_top,genres_all,license,title\n' +
  'track_id,,,,,,,,\n';
const rows =
  '2,1,1,training,small,Hip-Hop,[21],CC BY-NC-SA,Food\n' +
  '20,4,4,validation,medium,Rock,"[12, 25]",CC BY,"A title, of\ntwo lines"\n' +
  '10020,5,9,test,large,,"[25, 76]",CC BY,Last\n';
const tracks = 'fma_metadata/tracks.csv';
const genres = {
  'fma_metadata/genres.csv':
    'genre_id,#tracks,parent,title,top_level\n12,32923,0,Rock,12\n21,8389,0,Hip-Hop,21\n25,9261,12,Punk,12\n76,1,0,Punk,76\n',
};

test('small has its own subset with the top genre; the path is made of the number', async () => {
  const root = await writeTree({ [tracks]: header + rows, ...empty('fma_small/000/000002.mp3') });
  const dataset = await fmaSmall.list(root);
  expect([dataset.name, dataset.tags, dataset.exclusive]).toEqual(['fma-small', ['Hip-Hop'], true]);
  expect(withoutSources(dataset)).toEqual({
    '000002': { labels: ['Hip-Hop'], split: 'train', artist: '1', album: '1', licence: 'CC BY-NC-SA' },
  });
});

test('medium holds small, a missing track is skipped', async () => {
  const root = await writeTree({ [tracks]: header + rows, ...empty('fma_medium/000/000020.mp3') });
  const dataset = await fmaMedium.list(root);
  expect(dataset.tags).toEqual(['Hip-Hop', 'Rock']);
  expect(withoutSources(dataset)).toEqual({
    '000020': { labels: ['Rock'], split: 'valid', artist: '4', album: '4', licence: 'CC BY' },
  });
  expect(dataset.skipped).toHaveLength(1);
});

test('large holds all, with all genres by title; two genres of one title keep their numbers', async () => {
  const files = empty('fma_large/000/000002.mp3', 'fma_large/000/000020.mp3', 'fma_large/010/010020.mp3');
  const dataset = await fmaLarge.list(await writeTree({ [tracks]: header + rows, ...genres, ...files }));
  expect([dataset.tags, dataset.exclusive]).toEqual([['Hip-Hop', 'Punk (25)', 'Punk (76)', 'Rock'], false]);
  expect(dataset.clips.map(({ id, labels, split }) => [id, labels, split])).toEqual([
    ['000002', ['Hip-Hop'], 'train'],
    ['000020', ['Rock', 'Punk (25)'], 'valid'],
    ['010020', ['Punk (25)', 'Punk (76)'], 'test'],
  ]);
});

test('the published sizes of small add up to its 8000 clips', () => {
  const { train, valid, test: held } = fmaSmall.facts.splits[0].sizes!;
  expect(train! + valid! + held!).toBe(8000);
});

const audio = empty('fma_small/000/000002.mp3', 'fma_large/000/000002.mp3');
test.each([
  ['no list', fmaSmall, audio, 'tracks.csv is missing. Get fma_metadata.zip'],
  ['one header line', fmaSmall, { [tracks]: 'track_id,set.split\n', ...audio }, 'no column'],
  [
    'an unknown split',
    fmaSmall,
    { [tracks]: header + rows.replace('training', 'train'), ...audio },
    'line 4: unknown split "train"',
  ],
  [
    'no top genre',
    fmaSmall,
    { [tracks]: header + rows.replace('Hip-Hop', ''), ...audio },
    'line 4: no top genre',
  ],
  [
    'a genre that is not listed',
    fmaLarge,
    { [tracks]: header + rows.replace('[21]', '[99]'), ...genres, ...audio },
    'line 4: genre 99 is not in genres.csv',
  ],
  ['no audio', fmaSmall, { [tracks]: header + rows }, 'none of its 1 recordings'],
])('%s is refused', (_, dataset, files, message) => expectRefused(dataset, files, message));
