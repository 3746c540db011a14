import { expect, test } from 'vitest';
import { magnaTagATune } from '../../../datasets/known/magnaTagATune.ts';
import { empty, expectRefused, withoutSources, writeTree } from './tree.ts';

// the first 50 of falling frequency, then two of the other 138
const top50 = (
  'guitar,classical,slow,techno,strings,drums,electronic,rock,fast,piano,ambient,beat,violin,vocal,synth,female,' +
  'indian,opera,male,singing,vocals,no vocals,harpsichord,loud,quiet,flute,woman,male vocal,no vocal,pop,soft,sitar,' +
  'solo,man,classic,choir,voice,new age,dance,male voice,female vocal,beats,harp,cello,no voice,weird,country,metal,' +
  'female voice,choral'
).split(',');
const columns = ['duet', ...top50, 'eerie'];
const quoted = (fields: string[]) => `${fields.map((field) => `"${field}"`).join('\t')}\n`;
const row = (id: string, tags: string[], path: string) =>
  quoted([id, ...columns.map((tag) => (tags.includes(tag) ? '1' : '0')), path]);

const annotations =
  quoted(['clip_id', ...columns, 'mp3_path']) +
  row('2', ['no voice', 'classical'], 'f/american_bach_soloists-j_s__bach_solo_cantatas-01-bwv54-30-59.mp3') +
  row('6', ['duet'], 'b/x-30-59.mp3') +
  row('10', ['guitar', 'duet'], 'c/y-0-29.mp3') +
  row('11', ['guitar'], '0/z-0-29.mp3');
const info =
  quoted([
    'clip_id',
    'track_number',
    'title',
    'artist',
    'album',
    'url',
    'segmentStart',
    'segmentEnd',
    'original_url',
    'mp3_path',
  ]) +
  quoted([
    '2',
    '1',
    'BWV54',
    'American Bach Soloists',
    'J.S. Bach Solo Cantatas',
    'u',
    '30',
    '59',
    'o',
    'f/x.mp3',
  ]);
const audio = empty(
  'f/american_bach_soloists-j_s__bach_solo_cantatas-01-bwv54-30-59.mp3',
  'b/x-30-59.mp3',
  'c/y-0-29.mp3',
  '0/z-0-29.mp3',
);
const tree = { 'annotations_final.csv': annotations, 'clip_info_final.csv': info, ...audio };

test('top50: folders 0 to b train, c valid, d to f test; clips without one of the 50 tags are kept', async () => {
  const dataset = await magnaTagATune.list(await writeTree(tree));
  expect(dataset.tags).toEqual(top50);
  expect(dataset.tags).toHaveLength(50);
  expect(withoutSources(dataset)).toEqual({
    'f/american_bach_soloists-j_s__bach_solo_cantatas-01-bwv54-30-59.mp3': {
      labels: ['classical', 'no voice'],
      split: 'test',
      artist: 'American Bach Soloists',
      album: 'J.S. Bach Solo Cantatas',
    },
    'b/x-30-59.mp3': { labels: [], split: 'train' },
    'c/y-0-29.mp3': { labels: ['guitar'], split: 'valid' },
    '0/z-0-29.mp3': { labels: ['guitar'], split: 'train' },
  });
});

test('top50-tagged leaves out the clips without one of the 50 tags; all188 takes the tags of the file', async () => {
  const root = await writeTree(tree);
  const tagged = await magnaTagATune.list(root, { split: 'top50-tagged' });
  expect(tagged.clips).toHaveLength(3);
  const all = await magnaTagATune.list(root, { split: 'all188' });
  expect(all.tags).toEqual(columns);
  expect(all.clips.map(({ labels }) => labels)).toContainEqual(['duet', 'guitar']);
});

test('audio in mp3/ is found, and artists are not needed', async () => {
  const moved = Object.fromEntries(Object.keys(audio).map((path) => [`mp3/${path}`, '']));
  const { clips } = await magnaTagATune.list(
    await writeTree({ 'annotations_final.csv': annotations, ...moved }),
  );
  expect(clips).toHaveLength(4);
});

test.each([
  ['no list', audio, 'annotations_final.csv is missing. Get mp3.zip.001'],
  [
    'commas for tabs',
    { ...tree, 'annotations_final.csv': 'clip_id,guitar,mp3_path\n' },
    'no column "clip_id"',
  ],
  [
    'a tag that is not there',
    { ...tree, 'annotations_final.csv': annotations.replace('"guitar"', '"gitar"') },
    'no column "guitar"',
  ],
  [
    'a cell of 2',
    { ...tree, 'annotations_final.csv': annotations.replace('"11"\t"0"\t"1"', '"11"\t"0"\t"2"') },
    'line 5: the tag "guitar" is "2"; expected 0 or 1',
  ],
  [
    'a folder that is none',
    { ...tree, 'annotations_final.csv': annotations.replace('c/y-0', 'g/y-0') },
    'lies in none of the folders 0 to f',
  ],
  ['no audio', { 'annotations_final.csv': annotations }, 'none of its 4 recordings'],
])('%s is refused', (_, files, message) => expectRefused(magnaTagATune, files, message));
