import { expect, test } from 'vitest';
import type { AudioPool } from '../../../src/audio/audioPool.ts';
import { InputError } from '../../../src/errors.ts';
import { loadAhead, type LoadedClip } from '../../../src/features/loadAhead.ts';

/** A pool of two threads whose jobs end when the test says so; a path with "bad" cannot be read. */
function manualPool() {
  const jobs: { path: string; end: () => void }[] = [];
  const options: unknown[] = [];
  const load = (path: string, option: unknown) =>
    new Promise((resolve, reject) => {
      options.push(option);
      const end = () =>
        path.includes('bad')
          ? reject(new InputError(`${path}: bad`))
          : resolve({ samples: new Float32Array(800).fill(0.5) });
      jobs.push({ path, end });
    });
  return { jobs, options, pool: { threads: 2, load } as unknown as AudioPool };
}
const clip = (source: string) => ({ id: `id of ${source}`, source, labels: [] });

test('clips come in order, whichever is loaded first, with bad ones in their place', async () => {
  const { jobs, options, pool } = manualPool();
  const clips = ['a', 'bad', 'c'].map(clip);
  const collected: LoadedClip[] = [];
  const all = (async () => {
    for await (const loaded of loadAhead(pool, clips, { sampleRate: 8000, durationSeconds: 2 }))
      collected.push(loaded);
  })();
  await Promise.resolve();
  jobs[2].end();
  jobs[1].end();
  await new Promise(setImmediate);
  expect(collected).toEqual([]);
  jobs[0].end();
  await all;
  expect(collected.map((loaded) => loaded.clip)).toEqual(clips);
  expect(collected.map((loaded) => ('reason' in loaded ? loaded.reason : loaded.samples.length))).toEqual([
    800,
    'bad: bad',
    800,
  ]);
  expect(options[0]).toEqual({ sampleRate: 8000, durationSeconds: 2 });
});

test('beside the clip in use, no more are in flight or lie loaded than asked for', async () => {
  const { jobs, pool } = manualPool();
  const clips = Array.from({ length: 20 }, (_, i) => clip(String(i)));
  const loading = loadAhead(pool, clips, { sampleRate: 8000, ahead: 3 });
  const first = loading.next();
  await new Promise(setImmediate);
  expect(jobs).toHaveLength(3);
  for (const { end } of jobs) end();
  await first;
  await new Promise(setImmediate);
  expect(jobs).toHaveLength(4);
  void loading.next();
  await new Promise(setImmediate);
  expect(jobs).toHaveLength(5);
});

test('a rendered clip is rendered at the rate, as much of it as is asked for', async () => {
  const { pool } = manualPool();
  const source = (sampleRate: number) => new Float32Array(3 * sampleRate);
  const lengths: number[] = [];
  for (const durationSeconds of [2, undefined]) {
    const clips = [{ id: 'rendered', source, labels: [] }];
    for await (const loaded of loadAhead(pool, clips, { sampleRate: 1000, durationSeconds })) {
      if ('samples' in loaded) lengths.push(loaded.samples.length);
    }
  }
  expect(lengths).toEqual([2000, 3000]);
});

test('a defect is thrown when its turn comes', async () => {
  const { pool } = manualPool();
  const source = () => {
    throw new TypeError('defect');
  };
  await expect(
    loadAhead(pool, [{ id: 'x', source, labels: [] }], { sampleRate: 8000 }).next(),
  ).rejects.toThrow(TypeError);
});
