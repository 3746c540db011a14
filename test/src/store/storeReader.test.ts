import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, renameSync, truncateSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { listDataset, type Clip, type StoredSamples } from '../../../datasets/index.ts';
import { createRandom } from '../../../datasets/random.ts';
import { InputError } from '../../../src/errors.ts';
import { prepareStore } from '../../../src/store/prepareStore.ts';
import { StoreReader } from '../../../src/store/storeReader.ts';
import { batches } from '../../../src/training/batches.ts';
import { WaveformStore } from '../../../src/audio/waveformStore.ts';
import { renderSound, soundRate, sounds } from '../../support/soundFolder.ts';
import { tempFolder } from '../../support/tempFolder.ts';

const temp = tempFolder();
const rendered: Clip[] = Array.from({ length: 80 }, (_, i) => ({
  id: `${i}`,
  labels: [sounds[i % 3]],
  source: () => renderSound(sounds[i % 3], i),
}));
const samplesOf = (i: number) => renderSound(sounds[i % 3], i);
const options = { sampleRate: soundRate, encoding: 'float32', shardClips: 1 } as const;
const prepare = (name: string, clips = rendered, given: object = options) =>
  prepareStore({ name, clips, tags: [...sounds], exclusive: true, skipped: [] }, temp(name), {
    ...options,
    ...given,
  });
const sourcesOf = async (name: string) =>
  (await listDataset(temp(name))).clips.map(({ source }) => source as StoredSamples);

let sources: StoredSamples[];
beforeAll(async () => {
  await prepare('store');
  sources = await sourcesOf('store');
});

test('any stretch of a clip is that of the whole, from more shards than are kept open, many at a time', async () => {
  const reader = new StoreReader();
  const crops = await Promise.all(sources.map((source, i) => reader.read(source, 10 * i, 10 * i + 300)));
  crops.forEach((crop, i) => expect(crop).toEqual(samplesOf(i).subarray(10 * i, 10 * i + 300)));
  const { length } = sources[5];
  expect(await reader.read(sources[5], length - 1)).toEqual(samplesOf(5).subarray(length - 1));
  await reader.close();
});

test('a stretch that is not in the clip is refused', async () => {
  const reader = new StoreReader();
  const { length } = sources[0];
  for (const [first, end] of [
    [-1, 5],
    [5, 5],
    [0, length + 1],
    [0.5, 3],
  ]) {
    await expect(reader.read(sources[0], first, end)).rejects.toThrow(RangeError);
  }
});

test('a shard that has gone, or was cut off, since the store was listed is told in one line; then it is read again', async () => {
  await prepare('cut', rendered.slice(0, 2));
  const [gone, cut] = await sourcesOf('cut');
  const reader = new StoreReader();
  renameSync(gone.file, temp('aside'));
  await expect(reader.read(gone)).rejects.toThrow(InputError);
  await expect(reader.read(gone)).rejects.toThrow(/cut: shard-00000\.h5: ENOENT.*"sonotag prepare" again/);
  renameSync(temp('aside'), gone.file);
  expect(await reader.read(gone)).toEqual(samplesOf(0));
  truncateSync(cut.file, 5000);
  await expect(reader.read(cut)).rejects.toThrow(`shard-00001.h5: ends before byte ${4096 + 4 * cut.length}`);
  await expect(reader.read({ ...cut, length: 1e15 })).rejects.toThrow('ends before byte'); // no memory is taken
  await reader.close();
});

test('float samples that are none are refused with their time', async () => {
  await prepare('nan', rendered.slice(0, 1));
  const [source] = await sourcesOf('nan');
  const bytes = readFileSync(source.file);
  bytes.writeFloatLE(NaN, 4096 + 4 * 800);
  writeFileSync(source.file, bytes);
  const reader = new StoreReader();
  await expect(reader.read(source)).rejects.toThrow('the sample at 0.100 s is NaN');
  await reader.close();
});

test('crops for training come from the store alone, the same as from whole clips; shorter clips are repeated', async () => {
  const { clips } = await listDataset(temp('store'));
  const stored = new WaveformStore({ sampleRate: soundRate, threads: 1 });
  const whole = new WaveformStore({ sampleRate: soundRate, threads: 1 });
  const setOf = (store: WaveformStore, of: Clip[]) => store.clipSet(of, sounds);
  const fromStore = setOf(stored, clips);
  const read: number[] = [];
  const watched = {
    ...fromStore,
    waveform: (i: number) => (read.push(clips.length && i), fromStore.waveform(i)),
  };
  for (const [samples, speed] of [
    [2000, 0],
    [2000, 0.1],
    [6500, 0],
  ]) {
    const given = { batchSize: 16, samples, speed, seed: 3, epoch: 1 };
    const expected = batches(setOf(whole, rendered), given);
    for await (const batch of batches(watched, given)) {
      const { waveforms, targets } = (await expected.next()).value as typeof batch;
      expect(Buffer.from(batch.waveforms.buffer).equals(Buffer.from(waveforms.buffer))).toBe(true);
      expect(batch.targets).toEqual(targets);
    }
  }
  const short = read.filter((i) => samplesOf(i).length >= 6500);
  expect(short).toEqual([]); // whole clips are read only where they are shorter than the crop
  expect(read.length).toBeGreaterThan(0);
  await Promise.all([stored.close(), whole.close()]);
});

test('eight processes at once read the same data', async () => {
  await prepare('shared', rendered, { encoding: 'int16', shardClips: 30 });
  const script = fileURLToPath(new URL('./readInChild.ts', import.meta.url));
  const hashes = await Promise.all(
    Array.from({ length: 8 }, async () => {
      const child = spawn(process.execPath, ['--import', 'tsx', script, temp('shared')], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let hash = '';
      child.stdout.on('data', (text) => (hash += text));
      await once(child, 'close');
      return hash;
    }),
  );
  const hash = createHash('sha256');
  const random = createRandom(1);
  for (let i = 0; i < rendered.length; i++) {
    const samples = samplesOf(i).map((sample) => Math.floor(sample * 32768 + 0.5) / 32768);
    hash.update(samples);
    for (let j = 0; j < 20; j++) {
      const first = Math.floor(random.uniform(0, samples.length - 100));
      hash.update(samples.subarray(first, first + 100));
    }
  }
  expect([...new Set(hashes)]).toEqual([hash.digest('hex')]);
});
