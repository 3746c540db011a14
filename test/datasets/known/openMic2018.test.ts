import { expect, test } from 'vitest';
import { openMic2018 } from '../../../datasets/known/openMic2018.ts';
import { empty, expectRefused, without, withoutSources, writeTree } from './tree.ts';

const labels = 'openmic-2018-aggregated-labels.csv';
const tree: Record<string, string> = {
  [labels]:
    'sample_key,instrument,relevance,num_responses\n' +
    '000046_3840,clarinet,0.17105,3\n000046_3840,flute,0.0,3\n000046_3840,trumpet,0.5,3\n' +
    '000178_3840,voice,1.0,4\n',
  'partitions/split01_train.csv': '000046_3840\n',
  'partitions/split01_test.csv': '000178_3840\n',
  ...empty('audio/000/000046_3840.ogg', 'audio/000/000178_3840.ogg'),
};

test('of 20 instruments, asked ones are present from a relevance of 0.5, and those not asked are unknown', async () => {
  const dataset = await openMic2018.list(await writeTree(tree));
  expect(dataset.tags).toHaveLength(20);
  expect(dataset.exclusive).toBe(false);
  const { '000046_3840': first, '000178_3840': second } = withoutSources(dataset);
  expect(first).toEqual({
    labels: ['trumpet'],
    unknown: dataset.tags.filter((tag) => !['clarinet', 'flute', 'trumpet'].includes(tag)),
    split: 'train',
  });
  expect(second).toEqual({
    labels: ['voice'],
    unknown: dataset.tags.filter((tag) => tag !== 'voice'),
    split: 'test',
  });
});

test.each([
  [
    'an unknown instrument',
    { ...tree, [labels]: `${tree[labels]}000178_3840,oboe,1,1\n` },
    'line 6: unknown tag "oboe"',
  ],
  [
    'a relevance that is none',
    { ...tree, [labels]: `${tree[labels]}000178_3840,flute,,1\n` },
    'the relevance is ""; expected a number 0 … 1',
  ],
  [
    'a clip without labels',
    { ...tree, 'partitions/split01_test.csv': '000308_61440\n' },
    'the clip "000308_61440" has no row in',
  ],
  [
    'no partition',
    Object.fromEntries(Object.entries(tree).filter(([path]) => !path.endsWith('_test.csv'))),
    'split01_test.csv is missing',
  ],
  [
    'no audio',
    {
      [labels]: tree[labels],
      'partitions/split01_train.csv': '000046_3840\n',
      'partitions/split01_test.csv': '000178_3840\n',
    },
    'none of its 2 recordings',
  ],
  ['another header', { ...tree, [labels]: 'sample_key,instrument,y\n' }, 'no column "relevance"'],
])('%s is refused', (_, files, message) => expectRefused(openMic2018, files, message));

test('a missing clip is skipped, the rest kept', async () => {
  const root = await writeTree(without(tree, 'audio/000/000178_3840.ogg'));
  const { clips, skipped } = await openMic2018.list(root);
  expect([clips.length, skipped.length]).toEqual([1, 1]);
});
