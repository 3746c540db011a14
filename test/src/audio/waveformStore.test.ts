import { rmSync, writeFileSync } from 'node:fs';
import { afterEach, beforeAll, expect, test } from 'vitest';
import type { Clip } from '../../../datasets/index.ts';
import { loadAudio } from '../../../src/audio/loadAudio.ts';
import { WaveformStore, type WaveformStoreOptions } from '../../../src/audio/waveformStore.ts';
import { writeWav } from '../../../src/audio/writeWav.ts';
import { renderSound, soundRate } from '../../support/soundFolder.ts';
import { tempFolder } from '../../support/tempFolder.ts';

const temp = tempFolder();
const stores: WaveformStore[] = [];
const openStore = (options: Partial<WaveformStoreOptions> = {}): WaveformStore => {
  const store = new WaveformStore({ sampleRate: soundRate, threads: 1, ...options });
  stores.push(store);
  return store;
};
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close();
});

const clipOf = (name: string): Clip => ({ id: name, source: temp(name), labels: [] });
beforeAll(async () => {
  await writeWav(temp('sine.wav'), renderSound('sine', 1), { sampleRate: soundRate });
  await writeWav(temp('noise.wav'), renderSound('noise', 1), { sampleRate: soundRate });
  await writeWav(temp('short.wav'), renderSound('sine', 1).subarray(0, 799), { sampleRate: soundRate });
  await writeWav(temp('least.wav'), renderSound('sine', 1).subarray(0, 800), { sampleRate: soundRate });
  writeFileSync(temp('empty.wav'), '');
});

test('a clip is what loadAudio gives at the rate of the store', async () => {
  const { samples } = await loadAudio(temp('sine.wav'), { sampleRate: 5000 });
  expect(await openStore({ sampleRate: 5000 }).waveform(clipOf('sine.wav'))).toEqual(samples);
});

test('check tells usable clips with their length from bad ones with the reason, in the order of the clips', async () => {
  const names = ['noise.wav', 'empty.wav', 'sine.wav', 'short.wav', 'least.wav', 'gone.wav'];
  const clips = names.map(clipOf);
  const updates: number[] = [];
  const bar = {
    update: (done: number) => void updates.push(done),
    skip: () => undefined,
    done: () => undefined,
  };
  const { usable, seconds, hashes, skipped } = await openStore().check(clips, bar);
  expect(usable).toEqual([clips[0], clips[2], clips[4]]);
  expect([...hashes.keys()]).toEqual(usable.map(({ id }) => id));
  expect(new Set(hashes.values()).size).toBe(3);
  expect(seconds).toEqual([
    renderSound('noise', 1).length / soundRate,
    renderSound('sine', 1).length / soundRate,
    0.1,
  ]);
  expect(skipped.map(({ path }) => path)).toEqual(['empty.wav', 'short.wav', 'gone.wav']);
  expect(skipped[0].reason).toContain(`${temp('empty.wav')}: `);
  expect(skipped[1].reason).toContain('too short: 0.100 s; expected at least 0.1 s');
  expect(updates).toEqual([1, 2, 3, 4, 5, 6]);
});

test('a clip within the memory given is decoded once, one beyond it again every time', async () => {
  const roomForOne = 4 * renderSound('sine', 1).length;
  const store = openStore({ cacheBytes: roomForOne });
  const clip = clipOf('cached.wav');
  const beyond = clipOf('beyond.wav');
  for (const { id } of [clip, beyond]) {
    await writeWav(temp(id), renderSound('sine', 1), { sampleRate: soundRate });
  }
  const first = await store.waveform(clip);
  const second = await store.waveform(beyond);
  expect(await store.waveform(beyond)).not.toBe(second);
  rmSync(temp('cached.wav'));
  rmSync(temp('beyond.wav'));
  expect(await store.waveform(clip)).toBe(first);
  await expect(store.waveform(beyond)).rejects.toThrow(temp('beyond.wav'));
});

test('a rendered clip is rendered at the rate of the store, and named by its id where it is too short', async () => {
  const store = openStore();
  const rates: number[] = [];
  const source = (rate: number) => (rates.push(rate), new Float32Array(900).fill(0.5));
  const clip = { id: 'rendered', source, labels: [] };
  expect((await store.waveform(clip)).length).toBe(900);
  await store.waveform(clip);
  expect(rates).toEqual([soundRate]);
  const short = { id: 'rendered/short', source: () => new Float32Array(10), labels: [] };
  await expect(store.waveform(short)).rejects.toThrow('rendered/short: too short: 0.001 s');
});

test('a clip set has a row of targets a clip, in the order of the tags given', async () => {
  const clips: Clip[] = [
    { ...clipOf('sine.wav'), labels: ['c', 'a'] },
    { ...clipOf('noise.wav'), labels: [] },
    { ...clipOf('least.wav'), labels: ['b'] },
  ];
  const set = openStore().clipSet(clips, ['a', 'b', 'c']);
  expect(set.ids).toEqual(['sine.wav', 'noise.wav', 'least.wav']);
  expect([...set.targets]).toEqual([1, 0, 1, 0, 0, 0, 0, 1, 0]);
  expect(set.nTags).toBe(3);
  expect((await set.waveform(2)).length).toBe(800);
});

test('a clip that is a segment is that part of its file, and two segments of one file are two clips', async () => {
  const store = openStore({ sampleRate: 4000 });
  const part = (id: string, start: number, end: number): Clip => ({
    ...clipOf('sine.wav'),
    id,
    segment: { start, end },
  });
  const { samples } = await loadAudio(temp('sine.wav'), { sampleRate: 4000 });
  expect(await store.waveform(part('first', 0, 0.25))).toEqual(samples.slice(0, 1000));
  expect(await store.waveform(part('second', 0.25, 0.5))).toEqual(samples.slice(1000, 2000));
  expect(await store.waveform(part('first', 0, 0.25))).toEqual(samples.slice(0, 1000)); // kept, not mixed up
});

test('targets are 1, 0, or NaN for unknown; tags that are not asked for are passed over', () => {
  const clips: Clip[] = [
    { ...clipOf('sine.wav'), labels: ['a', 'z'], unknown: ['b'] },
    { ...clipOf('noise.wav'), labels: [], unknown: ['z'] },
  ];
  expect([...openStore().clipSet(clips, ['a', 'b', 'c']).targets]).toEqual([1, NaN, 0, 0, 0, 0]);
});
