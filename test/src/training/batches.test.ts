import { expect, test } from 'vitest';
import type { ClipSet } from '../../../src/audio/clipSet.ts';
import { batches, knownTargets, type Batch, type BatchOptions } from '../../../src/training/batches.ts';

/** Sample t of clip i is 1000 i + t, so that a crop tells where it is from; the clip's number is also its target. */
function countingSet(lengths: number[]): ClipSet {
  return {
    ids: lengths.map(String),
    targets: Float32Array.from(lengths.flatMap((_, i) => [i, -i])),
    nTags: 2,
    waveform: async (index) => Float32Array.from({ length: lengths[index] }, (_, t) => 1000 * index + t),
  };
}

async function epochOf(set: ClipSet, options: Partial<BatchOptions> = {}): Promise<Batch[]> {
  const all = [];
  for await (const batch of batches(set, { batchSize: 4, samples: 10, seed: 1, epoch: 1, ...options }))
    all.push(batch);
  return all;
}

/** Clip and crop of each row. */
function rows(epoch: Batch[], samples = 10): { clip: number; crop: number[]; target: number[] }[] {
  return epoch.flatMap(({ waveforms, targets, size }) =>
    Array.from({ length: size }, (_, row) => {
      const crop = Array.from(waveforms.subarray(row * samples, (row + 1) * samples));
      const target = Array.from(targets.subarray(row * 2, row * 2 + 2));
      return { clip: Math.floor(crop[0] / 1000), crop: crop.map((sample) => sample % 1000), target };
    }),
  );
}

const upFrom = (first: number) => Array.from({ length: 10 }, (_, i) => first + i);

test('an epoch holds every clip once, with its targets, in batches of batchSize and a rest', async () => {
  const epoch = await epochOf(countingSet(Array<number>(11).fill(30)));
  expect(epoch.map(({ size }) => size)).toEqual([4, 4, 3]);
  expect(epoch.map(({ waveforms }) => waveforms.length)).toEqual([40, 40, 30]);
  const all = rows(epoch);
  expect(all.map(({ clip }) => clip).sort((a, b) => a - b)).toEqual(upFrom(0).concat(10));
  for (const { clip, target } of all) expect(target).toEqual([clip, clip ? -clip : -0]);
});

test('a crop is consecutive samples from within the clip, and every place comes up', async () => {
  const places = new Set<number>();
  for (let epoch = 1; epoch <= 60; epoch++) {
    for (const { crop } of rows(await epochOf(countingSet([13, 13, 13]), { epoch }))) {
      expect(crop).toEqual(upFrom(crop[0]));
      places.add(crop[0]);
    }
  }
  expect([...places].sort((a, b) => a - b)).toEqual([0, 1, 2, 3]);
});

test('a clip as long as the input is taken whole, from its start', async () => {
  for (let epoch = 1; epoch <= 5; epoch++) {
    expect(rows(await epochOf(countingSet([10]), { epoch }))[0].crop).toEqual(upFrom(0));
  }
});

test('a shorter clip is repeated, from any of its samples on', async () => {
  const places = new Set<number>();
  for (let epoch = 1; epoch <= 40; epoch++) {
    const [{ crop }] = rows(await epochOf(countingSet([3]), { epoch }));
    expect(crop).toEqual(upFrom(crop[0]).map((sample) => sample % 3));
    places.add(crop[0]);
  }
  expect(places).toEqual(new Set([0, 1, 2]));
});

test('the same seed and epoch give the same batches, another epoch or seed others', async () => {
  const set = countingSet(Array<number>(9).fill(50));
  const first = await epochOf(set, { seed: 7, epoch: 3 });
  expect(await epochOf(set, { seed: 7, epoch: 3 })).toEqual(first);
  expect(await epochOf(set, { seed: 7, epoch: 4 })).not.toEqual(first);
  expect(await epochOf(set, { seed: 8, epoch: 3 })).not.toEqual(first);
});

test('the batch size groups the clips and changes neither their order nor their crops', async () => {
  const set = countingSet(Array<number>(7).fill(50));
  expect(rows(await epochOf(set, { batchSize: 1 }))).toEqual(rows(await epochOf(set, { batchSize: 7 })));
});

test('the next batch is fetched while the present one is in use, and no more', async () => {
  const set = countingSet(Array<number>(12).fill(20));
  let fetched = 0;
  const counting = { ...set, waveform: (index: number) => (fetched++, set.waveform(index)) };
  const epoch = batches(counting, { batchSize: 4, samples: 10, seed: 1, epoch: 1 });
  await epoch.next();
  expect(fetched).toBe(8);
  await epoch.next();
  expect(fetched).toBe(12);
  await epoch.return(undefined);
});

test('a clip that cannot be read rejects when its batch is due, and is no unhandled rejection before', async () => {
  const unhandled: unknown[] = [];
  const onUnhandled = (reason: unknown) => unhandled.push(reason);
  process.on('unhandledRejection', onUnhandled);
  try {
    const set = countingSet(Array<number>(8).fill(20));
    let served = 0;
    const failing: ClipSet = {
      ...set,
      waveform: async (index) => {
        if (++served > 4) throw new Error(`clip ${index} cannot be read`);
        return set.waveform(index);
      },
    };
    const epoch = batches(failing, { batchSize: 4, samples: 10, seed: 1, epoch: 1 });
    expect((await epoch.next()).value).toMatchObject({ size: 4 });
    await new Promise((resolve) => setTimeout(resolve, 20)); // the second batch has failed by now
    await expect(epoch.next()).rejects.toThrow('cannot be read');

    served = 0;
    const abandoned = batches(failing, { batchSize: 4, samples: 10, seed: 1, epoch: 1 });
    await abandoned.next();
    await abandoned.return(undefined);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(unhandled).toEqual([]);
  } finally {
    process.off('unhandledRejection', onUnhandled);
  }
});

test('no clips make no batches', async () => {
  expect(await epochOf(countingSet([]))).toEqual([]);
});

test.each([0, -1, 2.5, NaN])('a batch size of %d is refused', async (batchSize) => {
  await expect(epochOf(countingSet([20]), { batchSize })).rejects.toThrow(
    'batchSize must be an integer >= 1',
  );
});

test('speed 0.5 plays every crop between 1/1.5 and 1.5 times as fast, and leaves order and targets as they are', async () => {
  const ramp = Float32Array.from({ length: 1000 }, (_, n) => n);
  const set: ClipSet = {
    ids: ['a', 'b', 'c', 'd'],
    targets: Float32Array.of(1, 2, 3, 4),
    nTags: 1,
    waveform: async () => ramp,
  };
  const epoch = { batchSize: 4, samples: 50, seed: 3, epoch: 2 };
  const draw = async (speed: number): Promise<Batch> =>
    (await batches(set, { ...epoch, speed }).next()).value;
  const [plain, faster] = [await draw(0), await draw(0.5)];
  expect(faster.targets).toEqual(plain.targets);
  // on a ramp the distance of neighbouring samples is the speed
  const speeds = [0, 1, 2, 3].map((row) => faster.waveforms[row * 50 + 21] - faster.waveforms[row * 50 + 20]);
  expect(new Set(speeds.map((speed) => speed.toFixed(3))).size).toBe(4);
  for (const speed of speeds) {
    expect(speed).toBeGreaterThan(1 / 1.5 - 1e-3);
    expect(speed).toBeLessThan(1.5 + 1e-3);
  }
  expect((await draw(0.5)).waveforms).toEqual(faster.waveforms);
});

test('unknown targets become 0 beside a mask; without any there is no mask and nothing is copied', () => {
  const { targets, known } = knownTargets(Float32Array.of(1, NaN, 0));
  expect([...targets]).toEqual([1, 0, 0]);
  expect([...known!]).toEqual([1, 0, 1]);
  const all = Float32Array.of(1, 0.25);
  expect(knownTargets(all)).toEqual({ targets: all, known: null });
  expect(knownTargets(all).targets).toBe(all);
});
