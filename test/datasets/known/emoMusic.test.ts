import { expect, test } from 'vitest';
import { emoMusic } from '../../../datasets/known/emoMusic.ts';
import { empty, expectRefused, withoutSources, writeTree } from './tree.ts';

const info = 'annotations/songs_info.csv';
const averages = 'annotations/static_annotations.csv';
const tree = {
  [info]:
    'song_id,file_name,Artist,Song title,start of the segment (min.sec),end of the segment (min.sec),Genre,Mediaeval 2013 set\n' +
    '2,2.mp3,\tThe New Mystikal Troubadours\t,\tTonight A Lonely Century\t,02.38,03.23,\tBlues\t,development\n' +
    '3,3.mp3,\tKathleen Martin\t,\tMoonlight\t,00.00,00.45,\tBlues\t,evaluation\n',
  [averages]:
    'song_id,mean_arousal,std_arousal,mean_valence,std_valence\n2,3.1,0.99,3.0,0.63\n3,3.5,1.84,3.3,1.7\n',
  ...empty('clips_45seconds/2.mp3', 'clips_45seconds/3.mp3'),
};

test('arousal and valence are values, no tags; the sets of MediaEval 2013 are the parts', async () => {
  const dataset = await emoMusic.list(await writeTree(tree));
  expect(dataset.tags).toEqual([]);
  expect(withoutSources(dataset)).toEqual({
    2: {
      labels: [],
      values: { arousal: 3.1, valence: 3 },
      split: 'train',
      artist: 'The New Mystikal Troubadours',
    },
    3: { labels: [], values: { arousal: 3.5, valence: 3.3 }, split: 'test', artist: 'Kathleen Martin' },
  });
});

test('the published sizes add up to 744 songs', () => {
  const { train, test: held } = emoMusic.facts.splits[0].sizes!;
  expect(train! + held!).toBe(744);
});

test.each([
  [
    'a value outside 1 … 9',
    { ...tree, [averages]: tree[averages].replace('3.3', '33') },
    'line 3: mean_valence is "33"',
  ],
  ['another header', { ...tree, [averages]: 'song_id,arousal\n' }, 'no column "mean_arousal"'],
  ['an unknown set', { ...tree, [info]: tree[info].replace('evaluation', 'test') }, 'unknown set "test"'],
  [
    'a song that is not listed',
    { ...tree, [averages]: `${tree[averages]}7,5,1,5,1\n` },
    'song 7 is not in songs_info.csv',
  ],
  ['no lists', empty('clips_45seconds/2.mp3'), 'songs_info.csv is missing. Ask for the data'],
  ['no audio', { [info]: tree[info], [averages]: tree[averages] }, 'none of its 2 recordings'],
])('%s is refused', (_, files, message) => expectRefused(emoMusic, files, message));
