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
    expect(error.message).toMatch(
      /"generated" or "chords", a folder .* a store .* manifest \.csv .* or a published data set as NAME:DIR/,
    );
  },
);

test('a manifest that is not there is named as such', async () => {
  await expect(listDataset(join(root, 'no.csv'))).rejects.toThrow('no such manifest');
});

test('NAME:DIR is a published data set in a folder, with one of its splits', async () => {
  const copy = join(root, 'copy');
  await mkdir(join(copy, 'genres', 'rock'), { recursive: true });
  await writeFile(join(copy, 'genres', 'rock', 'rock.00010.au'), '');
  const filtered = await listDataset(`gtzan-genre:${copy}`);
  expect([filtered.name, filtered.split, filtered.clips[0].split]).toEqual([
    'gtzan-genre',
    'fault-filtered',
    'test',
  ]);
  const all = await listDataset(`gtzan-genre:${copy}`, { split: 'all' });
  expect([all.split, all.clips[0].split]).toEqual(['all', undefined]);
  const model = { tags: ['rock', 'pop'] }; // what a model knows; the data set has more tags, on no clip here
  expect((await listDataset(`gtzan-genre:${copy}`, model)).tags).toEqual(['rock', 'pop']);
});

test.each([
  ['gtzan-genre', 'say where your copy is, as gtzan-genre:DIR'],
  ['gtzan-genre:', 'names no folder'],
  ['gtzan-gerne:somewhere', 'no published data set "gtzan-gerne"'],
  ['gtzan-gerne:somewhere', 'did you mean "gtzan-genre"?'],
])('%s is refused: %s', async (data, message) => {
  await expect(listDataset(data)).rejects.toThrow(message);
});

test('a published split of what is no published data set is refused', async () => {
  for (const data of ['generated', root]) {
    await expect(listDataset(data, { split: 'folds' })).rejects.toThrow(
      'which only a published data set has',
    );
  }
});
