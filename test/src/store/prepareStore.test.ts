import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import h5wasm, { ready, type Dataset as Hdf5Dataset } from 'h5wasm/node';
import { beforeAll, expect, test, vi } from 'vitest';
import { listDataset, type Dataset } from '../../../datasets/index.ts';
import { loadAudio } from '../../../src/audio/loadAudio.ts';
import { InputError } from '../../../src/errors.ts';
import { prepareStore } from '../../../src/store/prepareStore.ts';
import { StoreReader } from '../../../src/store/storeReader.ts';
import { soundRate } from '../../support/soundFolder.ts';
import { tempFolder } from '../../support/tempFolder.ts';
import { hashesOf, writeMixedSounds } from './soundStore.ts';

vi.mock('../../../src/audio/audioPool.ts', () => import('../../support/singleThreadPool.ts'));

const temp = tempFolder();
const options = { sampleRate: soundRate, encoding: 'float32', shardClips: 4 } as const;
let dataset: Dataset;
let whole: Record<string, string>;
beforeAll(async () => {
  await ready;
  dataset = await writeMixedSounds(temp('data'));
  await prepareStore(dataset, temp('whole'), options);
  whole = hashesOf(temp('whole'));
});
const usable = [
  'noise/0.wav',
  'noise/2.wav',
  'noise/3.wav',
  'sine/0.wav',
  'sine/1.wav',
  'sine/2.wav',
  'sine/ö.wav',
];
const copy = (name: string) => cpSync(temp('whole'), temp(name), { recursive: true });

test('a store has the clips that can be read, in their order, with labels and the reasons of the others', async () => {
  const { clips, skipped, tags, exclusive, name } = await listDataset(temp('whole'));
  expect(clips.map(({ id }) => id)).toEqual(usable);
  expect(clips.map(({ labels }) => labels)).toEqual(usable.map((id) => [id.split('/')[0]]));
  expect({ tags, exclusive, name }).toEqual({ tags: ['noise', 'sine'], exclusive: true, name: 'whole' });
  expect(skipped.map(({ path }) => path)).toEqual(['noise/1.wav', 'sine/3.wav']);
  expect(skipped[0].reason).toContain(temp('data', 'noise', '1.wav'));
});

test('its samples are those that loadAudio gives, bit for bit in float32, to half a step in int16', async () => {
  await prepareStore(dataset, temp('int16'), { ...options, encoding: 'int16', shardClips: 100 });
  const reader = new StoreReader();
  for (const [store, most] of [
    ['whole', 0],
    ['int16', 0.5 / 32768],
  ] as const) {
    for (const { id, source } of (await listDataset(temp(store))).clips) {
      const { samples } = await loadAudio(temp('data', id), { sampleRate: soundRate });
      const stored = await reader.read(source as never);
      expect(stored.length).toBe(samples.length);
      expect(Math.max(...samples.map((sample, i) => Math.abs(sample - stored[i])))).toBeLessThanOrEqual(most);
    }
  }
  await reader.close();
});

test.each([
  ['float32', '<f', 1],
  ['int16', '<h', 32768],
] as const)(
  'h5wasm reads a shard of %s: samples, places, ids, and what they were made from',
  async (encoding, dtype, fullScale) => {
    const out = temp(`read ${encoding}`);
    await prepareStore(dataset, out, { ...options, encoding });
    const file = new h5wasm.File(`${out}/shard-00001.h5`, 'r'); // noise/3 is the last of the first
    try {
      const value = (name: string) => (file.get(name) as Hdf5Dataset).value as never;
      expect(file.keys().sort()).toEqual(['clips', 'ids', 'lengths', 'offsets', 'samples']);
      expect((file.get('samples') as Hdf5Dataset).dtype).toBe(dtype);
      const { samples } = await loadAudio(temp('data', 'sine/1.wav'), { sampleRate: soundRate });
      const lengths = [...(value('lengths') as BigInt64Array)].map(Number);
      const offsets = [...(value('offsets') as BigInt64Array)].map(Number);
      expect(lengths[1]).toBe(samples.length);
      expect(offsets).toEqual([0, lengths[0], lengths[0] + lengths[1]]);
      const stored = (value('samples') as Float32Array).subarray(offsets[1], offsets[2]);
      expect(stored[100] / fullScale).toBeCloseTo(samples[100], encoding === 'int16' ? 4 : 12);
      expect(value('ids')).toEqual(['sine/0.wav', 'sine/1.wav', 'sine/2.wav']);
      const attribute = (name: string) => file.attrs[name].value as never;
      expect(attribute('format')).toBe('sonotag shard');
      expect([attribute('sampleRate'), attribute('fullScale')].map(Number)).toEqual([soundRate, fullScale]);
      const lines = Buffer.from(value('clips') as Uint8Array)
        .toString()
        .trimEnd()
        .split('\n');
      const wav = readFileSync(temp('data', 'sine/1.wav'));
      expect(JSON.parse(lines[1]).source).toEqual({
        bytes: wav.length,
        sha256: createHash('sha256').update(wav).digest('hex'),
      });
    } finally {
      file.close();
    }
  },
);

test('h5wasm reads a shard of which no clip could be read', async () => {
  const bad = {
    ...dataset,
    clips: dataset.clips.filter(({ id }) => ['noise/1.wav', 'sine/0.wav'].includes(id)),
  };
  await prepareStore(bad, temp('empty shard'), { ...options, shardClips: 1 });
  const file = new h5wasm.File(temp('empty shard', 'shard-00000.h5'), 'r');
  expect((file.get('samples') as Hdf5Dataset).shape).toEqual([0]);
  file.close();
  expect((await listDataset(temp('empty shard'))).clips.map(({ id }) => id)).toEqual(['sine/0.wav']);
});

test('given again, the job keeps every whole shard and changes nothing', async () => {
  copy('again');
  const { resumed, clips, skipped } = await prepareStore(dataset, temp('again'), options);
  expect({ resumed, clips, skipped: skipped.length }).toEqual({ resumed: 9, clips: 7, skipped: 2 });
  expect(hashesOf(temp('again'))).toEqual(whole);
});

test.each([
  ['a shard is missing', (store: string) => rmSync(`${store}/shard-00001.h5`)],
  ['a shard is cut off', (store: string) => truncateSync(`${store}/shard-00001.h5`, 9000)],
  ['a bit of a sample is turned', (store: string) => turnBit(`${store}/shard-00001.h5`, 8000)],
  ['a bit of the head is turned', (store: string) => turnBit(`${store}/shard-00001.h5`, 1040)],
  ['the manifest is damaged', (store: string) => writeFileSync(`${store}/manifest.json`, '{')],
  [
    'what a process that is gone was writing lies there',
    (store: string) => writeFileSync(`${store}/.999999999.partial.shard-00001.h5`, 'half'),
  ],
  [
    'a shard of a longer data set lies there',
    (store: string) => cpSync(`${store}/shard-00000.h5`, `${store}/shard-00003.h5`),
  ],
])('given again where %s, the job ends with the same bytes', async (name, damage) => {
  const store = temp(name);
  copy(name);
  damage(store);
  await prepareStore(dataset, store, options);
  expect(hashesOf(store)).toEqual(whole);
});

test('a source of another size is prepared anew, and a file that was mended is taken in', async () => {
  cpSync(temp('data'), temp('mended data'), { recursive: true });
  const before = await listDataset(temp('mended data'));
  await prepareStore(before, temp('mended'), options);
  cpSync(temp('data', 'noise', '0.wav'), temp('mended data', 'noise', '1.wav'));
  const { resumed, clips } = await prepareStore(before, temp('mended'), options);
  expect({ resumed, clips }).toEqual({ resumed: 5, clips: 8 });
});

test('while a shard is made anew the store counts as unfinished', async () => {
  copy('failing');
  rmSync(temp('failing', 'shard-00002.h5'));
  const clips = dataset.clips.map((clip) => ({ ...clip }));
  clips[8].source = () => {
    throw new Error('a defect');
  };
  await expect(prepareStore({ ...dataset, clips }, temp('failing'), options)).rejects.toThrow('a defect');
  await expect(listDataset(temp('failing'))).rejects.toThrow('the store is not finished');
  await prepareStore(dataset, temp('failing'), options);
  expect(hashesOf(temp('failing'))).toEqual(whole);
});

test('a store of other options, and a folder of something else, are left alone', async () => {
  for (const [option, value, told] of [
    ['sampleRate', 6000, 'sampleRate 8000, not 6000'],
    ['encoding', 'int16', 'encoding float32, not int16'],
    ['shardClips', 5, 'shardClips 4, not 5'],
  ] as const) {
    const refused = prepareStore(dataset, temp('whole'), { ...options, [option]: value });
    await expect(refused).rejects.toThrow(`is a store with ${told}. Choose another place`);
  }
  mkdirSync(temp('photos'));
  writeFileSync(temp('photos', 'a.jpg'), '');
  const refused = prepareStore(dataset, temp('photos'), options);
  await expect(refused).rejects.toThrow(InputError);
  await expect(refused).rejects.toThrow('is not a store: it holds a.jpg');
  expect(existsSync(temp('photos', 'manifest.json'))).toBe(false);
  await expect(prepareStore(dataset, temp('photos', 'a.jpg'), options)).rejects.toThrow('ENOTDIR');
  expect(hashesOf(temp('whole'))).toEqual(whole);
});

test('where no clip can be read the first reason is told, and the store stays unfinished', async () => {
  const bad = { ...dataset, clips: dataset.clips.filter(({ id }) => id === 'noise/1.wav') };
  await expect(prepareStore(bad, temp('bad'), options)).rejects.toThrow(/no clip can be read.*1\.wav/);
  await expect(listDataset(temp('bad'))).rejects.toThrow('the store is not finished');
});

test('samples that pass full scale are counted, in all and for their clip', async () => {
  const loud = {
    ...dataset,
    clips: [
      { id: 'loud', labels: ['sine'], source: () => Float32Array.of(...new Array(999).fill(0.5), 1.5) },
    ],
  };
  const { clipped } = await prepareStore(loud, temp('loud'), { ...options, encoding: 'int16' });
  expect(clipped).toBe(1);
  expect(JSON.parse(readFileSync(temp('loud', 'manifest.json'), 'utf8')).clipped).toBe(1);
  expect(JSON.parse(readFileSync(temp('loud', 'clips.jsonl'), 'utf8'))).toMatchObject({
    clipped: 1,
    source: null,
  });
});

test('what a data set knows of a clip comes back, the part that it belongs to and anything else', async () => {
  const clips = dataset.clips.slice(0, 1).map((clip) => ({ ...clip, split: 'valid' as const, artist: 'Ä' }));
  await prepareStore({ ...dataset, clips }, temp('facts'), options);
  const [{ source, ...facts }] = (await listDataset(temp('facts'))).clips;
  expect(source).toMatchObject({ sampleRate: soundRate, encoding: 'float32' });
  expect(facts).toEqual({ id: 'noise/0.wav', labels: ['noise'], split: 'valid', artist: 'Ä' });
});

test('a rate and a number of clips that are none are refused', async () => {
  const refused = prepareStore(dataset, temp('none'), { sampleRate: 0 });
  await expect(refused).rejects.toThrow(RangeError);
  await expect(prepareStore(dataset, temp('none'), { ...options, shardClips: 0.5 })).rejects.toThrow(
    'got 0.5',
  );
});

function turnBit(path: string, at: number): void {
  const bytes = readFileSync(path);
  bytes[at] ^= 1;
  writeFileSync(path, bytes);
}
