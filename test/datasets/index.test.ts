import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DatasetError, generatedTags, listDataset, listGenerated } from '../../datasets/index.ts';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'dataset-'));
  for (const name of ['a', 'b']) {
    await mkdir(join(root, name));
    await writeFile(join(root, name, '1.wav'), '');
  }
  await writeFile(join(root, 'Clips.CSV'), 'path,tags\na/1.wav,x\nb/1.wav,y\n');
  await writeFile(join(root, 'song.wav'), '');
});
afterAll(() => rm(root, { recursive: true }));

test('the name "generated" lists the embedded data set, with another seed if wished', async () => {
  const labels = async (seed?: number) =>
    (await listDataset('generated', { seed })).clips.map((clip) => clip.labels);
  expect(await labels()).toEqual(listGenerated().clips.map((clip) => clip.labels));
  expect(await labels(2)).not.toEqual(await labels());
});

test('a folder and a manifest are told apart, and given tags are passed on', async () => {
  expect((await listDataset(root)).tags).toEqual(['a', 'b']);
  expect((await listDataset(join(root, 'Clips.CSV'))).tags).toEqual(['x', 'y']);
  expect((await listDataset(root, { tags: ['b', 'c', 'a'] })).tags).toEqual(['b', 'c', 'a']);
  await expect(listDataset(root, { tags: ['a'] })).rejects.toThrow('unknown tag "b"');
  await expect(listDataset(join(root, 'Clips.CSV'), { tags: ['x', 'z'] })).rejects.toThrow('unknown tag "y"');
});

test('generated clips with a list of tags that lacks one of theirs are refused', async () => {
  const reversed = [...generatedTags].reverse();
  expect((await listDataset('generated', { tags: reversed })).tags).toEqual(reversed);
  await expect(listDataset('generated', { tags: ['rock'] })).rejects.toThrow(DatasetError);
});

test.each(['no such thing', 'generated-set', 'song.wav'])(
  '%s is refused with what was looked for',
  async (name) => {
    const path = name === 'song.wav' ? join(root, name) : name;
    const error = (await listDataset(path).catch((thrown: unknown) => thrown)) as Error;
    expect(error).toBeInstanceOf(DatasetError);
    expect(error.message).toContain(`data set: ${path};`);
    expect(error.message).toMatch(/"generated", a folder .* or a manifest \.csv/);
  },
);

test('a manifest that is not there is named as such', async () => {
  await expect(listDataset(join(root, 'no.csv'))).rejects.toThrow('no such manifest');
});
