import { expect, test } from 'vitest';
import { jamendoSinging } from '../../../datasets/known/jamendoSinging.ts';
import { empty, expectRefused, withoutSources, writeTree } from './tree.ts';

const lab = 'jamendo_lab/05 - Aux Cieux, Tu es mon Dieu.lab';
const tree = {
  [lab]: '0.000 12.500 nosing\n12.500 20.250 sing\n',
  'jamendo_lab/02 - The Game.lab': '0 3.5 sing\n',
  ...empty(
    'valid/05 - Aux Cieux, Tu es mon Dieu.ogg',
    'train/02 - The Game.mp3',
    'train/._02 - The Game.mp3',
  ),
};

test('every stretch of a song is a clip of its own, in the part of its folder', async () => {
  const dataset = await jamendoSinging.list(await writeTree(tree));
  expect([dataset.tags, dataset.exclusive]).toEqual([['nosing', 'sing'], true]);
  const song = '05 - Aux Cieux, Tu es mon Dieu';
  expect(withoutSources(dataset)).toEqual({
    [`${song}_0`]: { labels: ['nosing'], segment: { start: 0, end: 12.5 }, split: 'valid', album: song },
    [`${song}_1`]: { labels: ['sing'], segment: { start: 12.5, end: 20.25 }, split: 'valid', album: song },
    '02 - The Game_0': {
      labels: ['sing'],
      segment: { start: 0, end: 3.5 },
      split: 'train',
      album: '02 - The Game',
    },
  });
});

test('the published sizes are those of 4086 stretches', () => {
  const sizes = Object.values(jamendoSinging.facts.splits[0].sizes!);
  expect(sizes.reduce((a, b) => a + b)).toBe(4086);
});

test('labels of a song that is missing are skipped; the song without labels is no clip', async () => {
  const root = await writeTree({
    ...tree,
    'jamendo_lab/other.lab': '0 1 sing\n',
    ...empty('test/unlabelled.ogg'),
  });
  const { clips, skipped } = await jamendoSinging.list(root);
  expect([clips.length, skipped.length]).toEqual([3, 1]);
  expect(skipped[0].path).toContain('other (in train, valid or test)');
});

test.each([
  [
    'an unknown label',
    { ...tree, [lab]: '0 1 singing\n' },
    'line 1: unknown tag "singing"; known: nosing, sing',
  ],
  [
    'a stretch that ends before it starts',
    { ...tree, [lab]: '0 1 sing\n3 2 nosing\n' },
    'line 2: "3 2 nosing"; expected start, end (seconds)',
  ],
  ['no .lab files', empty('train/a.ogg'), 'no .lab file in'],
  ['no songs', { [lab]: tree[lab] }, 'none of its 2 recordings'],
])('%s is refused', (_, files, message) => expectRefused(jamendoSinging, files, message));
