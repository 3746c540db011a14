import { expect, test } from 'vitest';
import { fsdKaggle2018 } from '../../../datasets/known/fsdKaggle2018.ts';
import { empty, expectRefused, without, withoutSources, writeTree } from './tree.ts';

const train = 'FSDKaggle2018.meta/train_post_competition.csv';
const scored = 'FSDKaggle2018.meta/test_post_competition_scoring_clips.csv';
const tree: Record<string, string> = {
  [train]:
    'fname,label,manually_verified,freesound_id,license\n' +
    '00044347.wav,Hi-hat,0,28739,Attribution\n001ca53d.wav,Saxophone,1,358827,Attribution\n',
  [scored]: 'fname,label,usage,freesound_id,license\n00326aa9.wav,Oboe,Private,355125,Attribution\n',
  ...empty(
    'FSDKaggle2018.audio_train/00044347.wav',
    'FSDKaggle2018.audio_train/001ca53d.wav',
    'FSDKaggle2018.audio_test/00326aa9.wav',
  ),
};

test('41 classes; the two lists are the two parts', async () => {
  const dataset = await fsdKaggle2018.list(await writeTree(tree));
  expect([dataset.tags.length, new Set(dataset.tags).size, dataset.exclusive]).toEqual([41, 41, true]);
  expect(withoutSources(dataset)).toEqual({
    '00044347.wav': { labels: ['Hi-hat'], split: 'train' },
    '001ca53d.wav': { labels: ['Saxophone'], split: 'train' },
    '00326aa9.wav': { labels: ['Oboe'], split: 'test' },
  });
});

test('"verified" leaves out the training clips that nobody checked', async () => {
  const { clips } = await fsdKaggle2018.list(await writeTree(tree), { split: 'verified' });
  expect(clips.map(({ id }) => id)).toEqual(['001ca53d.wav', '00326aa9.wav']);
});

test('an unknown class, a missing list, another header and no audio are refused; a missing clip is skipped', async () => {
  await expectRefused(
    fsdKaggle2018,
    { ...tree, [train]: tree[train].replace('Hi-hat', 'Hi_hat') },
    'did you mean "Hi-hat"?',
  );
  await expectRefused(
    fsdKaggle2018,
    without(tree, scored),
    'test_post_competition_scoring_clips.csv is missing',
  );
  await expectRefused(fsdKaggle2018, { ...tree, [train]: 'fname,label\n' }, 'no column "manually_verified"');
  await expectRefused(
    fsdKaggle2018,
    { [train]: tree[train], [scored]: tree[scored] },
    'none of its 3 recordings',
  );
  const root = await writeTree(without(tree, 'FSDKaggle2018.audio_test/00326aa9.wav'));
  expect((await fsdKaggle2018.list(root)).skipped).toHaveLength(1);
});
