import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { listFolder } from '../../../datasets/index.ts';
import type { Clip, DatasetFacts } from '../../../datasets/index.ts';
import { writeWav } from '../../../src/audio/writeWav.ts';
import { checkDataset } from '../../../src/datasetCopies/checkDataset.ts';
import type { Finding, FindingKind } from '../../../src/datasetCopies/checkDataset.ts';
import { describeCheck, renderCheckReport } from '../../../src/datasetCopies/checkReport.ts';
import { folder } from '../audio/temporaryFolder.ts';
import { song } from './songs.ts';

const sampleRate = 16_000;
let count = 0;

async function tree(files: Record<string, Float32Array | string>): Promise<string> {
  const root = join(folder, `set${count++}`);
  for (const [path, content] of Object.entries(files)) {
    const target = join(root, path);
    mkdirSync(join(target, '..'), { recursive: true });
    if (typeof content === 'string') writeFileSync(target, content);
    else await writeWav(target, content, { sampleRate });
  }
  return root;
}

const of = (findings: Finding[], kind: FindingKind): string[][] =>
  findings.filter((finding) => finding.kind === kind).map(({ about }) => about);

test('a copy without faults has no findings', async () => {
  const root = await tree({ 'a/1.wav': song(1), 'a/2.wav': song(2), 'b/3.wav': song(3), 'b/4.wav': song(4) });
  const check = await checkDataset(await listFolder(root), { root, threads: 1 });
  expect(check).toMatchObject({ clips: 4, seconds: 16, findings: [], split: { name: null } });
  expect(describeCheck(check, 'r.html')).toMatch(
    /4 clips, 0.00 hours decoded; 0 errors, 0 to look at\nnothing is wrong/,
  );
});

test('each kind of fault is found, and one bad file does not end it', async () => {
  const root = await tree({
    ...{ 'a/1.wav': song(1), 'a/same as 1.wav': song(1), 'b/same as 1.wav': song(1) },
    ...{ 'a/silent.wav': new Float32Array(16_000), 'b/short.wav': song(5).subarray(0, 4000) },
    ...{ 'b/broken.wav': 'RIFF', 'b/2.wav': song(2) },
  });
  const dataset = await listFolder(root);
  dataset.tags.push('c');
  dataset.skipped.push({ path: join(root, 'a/gone.wav'), reason: 'file not found' });
  dataset.clips = dataset.clips.filter(({ id }) => id !== 'b/2.wav');
  const { findings } = await checkDataset(dataset, { root, threads: 1 });
  expect(of(findings, 'missing')).toEqual([[join(root, 'a/gone.wav')]]);
  expect(of(findings, 'extra')).toEqual([['b/2.wav']]);
  expect(of(findings, 'corrupt')).toEqual([['b/broken.wav']]);
  expect(of(findings, 'silent')).toEqual([['a/silent.wav']]);
  expect(of(findings, 'short')).toEqual([['b/short.wav']]);
  expect(of(findings, 'duplicate')).toEqual([['a/1.wav', 'a/same as 1.wav', 'b/same as 1.wav']]);
  expect(of(findings, 'conflict')).toEqual(of(findings, 'duplicate'));
  expect(of(findings, 'emptyTag')).toEqual([['c']]);
  expect(findings).toHaveLength(8);
});

test('a shorter bound takes short clips', async () => {
  const root = await tree({ 'a/1.wav': song(1).subarray(0, 4000), 'b/2.wav': song(2) });
  const dataset = await listFolder(root);
  expect(of((await checkDataset(dataset, { shortestSeconds: 0.2, threads: 1 })).findings, 'short')).toEqual(
    [],
  );
});

test('the same recording quieter, cut elsewhere, filtered or with noise is found, and nothing else', async () => {
  const original = song(7, 12);
  const noisy = original.map((sample, i) => sample + 0.02 * Math.sin(i * i * 0.37));
  let before = 0;
  const dull = original.map((sample) => (before = 0.5 * before + 0.5 * sample));
  const root = await tree({
    ...{ 'a/original.wav': original, 'a/quiet.wav': original.map((sample) => sample / 10) },
    ...{ 'b/later.wav': original.subarray(3 * sampleRate + 77), 'b/noisy.wav': noisy, 'b/dull.wav': dull },
    ...Object.fromEntries([11, 12, 13, 14, 15, 16, 17, 18].map((seed) => [`a/${seed}.wav`, song(seed)])),
  });
  const { findings } = await checkDataset(await listFolder(root), { threads: 1 });
  const names = new Set(of(findings, 'nearDuplicate').flat());
  expect([...names].sort()).toEqual([
    'a/original.wav',
    'a/quiet.wav',
    'b/dull.wav',
    'b/later.wav',
    'b/noisy.wav',
  ]);
  expect(of(findings, 'nearDuplicate')).toHaveLength(10); // every two of them
  const shift = findings.find(
    ({ kind, about }) =>
      kind === 'nearDuplicate' && about[0] === 'a/original.wav' && about[1] === 'b/later.wav',
  );
  expect(shift!.detail).toMatch(/shifted by 3\.0 s/);
});

test('copies in two parts of the split, exact or near, are errors; so is an artist to look at', async () => {
  const root = await tree({ 'a/1.wav': song(1), 'a/2.wav': song(2), 'b/3.wav': song(3) });
  mkdirSync(join(root, 'b'), { recursive: true });
  cpSync(join(root, 'a/1.wav'), join(root, 'b/copy of 1.wav'));
  await writeWav(
    join(root, 'b/quiet 2.wav'),
    song(2).map((sample) => sample / 3),
    { sampleRate },
  );
  const dataset = await listFolder(root);
  dataset.split = 'published';
  dataset.clips = dataset.clips.map((clip): Clip => ({
    ...clip,
    artist: clip.id === 'b/3.wav' ? 'B' : 'A',
    split: clip.id.startsWith('a') ? 'train' : 'test',
  }));
  const check = await checkDataset(dataset, { threads: 1 });
  expect(of(check.findings, 'leak').sort()).toEqual([
    ['a/1.wav', 'b/copy of 1.wav'],
    ['a/2.wav', 'b/quiet 2.wav'],
  ]);
  expect(check.findings.find(({ kind }) => kind === 'artist')).toMatchObject({
    about: ['A'],
    detail: 'test, train',
  });
  expect(check.split.name).toBe('published');
  const page = renderCheckReport(check);
  expect(page).toContain('Error: The same recording in two parts of the split (2)');
  expect(describeCheck(check, 'r')).toContain('a/1.wav = b/copy of 1.wav: train, test: the same samples');
});

test('lists that are not the published ones are told by size and checksum', async () => {
  const root = await tree({
    'a/1.wav': song(1),
    'b/2.wav': song(2),
    'one.csv': '123456789',
    'two.csv': '12',
    'four.csv': '12',
  });
  const files = [
    { path: 'one.csv', md5: '25f9e794323b453885f5181f1b624d0b', bytes: 9 }, // by md5sum of coreutils
    { path: 'two.csv', md5: '25f9e794323b453885f5181f1b624d0b' },
    { path: 'three.csv', bytes: 3 },
    { path: 'four.csv', bytes: 10 },
  ];
  const facts = { files } as unknown as DatasetFacts;
  const { findings } = await checkDataset(await listFolder(root), { root, facts, threads: 1 });
  expect(of(findings, 'checksum')).toEqual([['two.csv'], ['four.csv']]);
});
