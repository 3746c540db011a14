import * as tf from '@tensorflow/tfjs';
import h5wasm, { ready } from 'h5wasm/node';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import type * as fsPromises from 'node:fs/promises';
import { rename } from 'node:fs/promises';
import { beforeAll, expect, test, vi } from 'vitest';
import { useEngine } from '../../../src/engine/engine.ts';
import { InputError } from '../../../src/errors.ts';
import {
  readCheckpoint,
  readWeights,
  restoreWeights,
  writeCheckpoint,
  type Checkpoint,
} from '../../../src/training/checkpoint.ts';
import type { EpochRecord } from '../../../src/training/history.ts';
import { createCompactConvnet } from '../../../src/models/compactConvnet.ts';
import { tempFolder } from '../../support/tempFolder.ts';
import { toneModel, weightsOf } from '../../support/toneTask.ts';

vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof fsPromises>();
  return { ...real, rename: vi.fn(real.rename) };
});

const temp = tempFolder();

/** float32 values that a text form or a rounding would lose, both zeros among them. */
const awkward = Float32Array.of(0.1, -0, 0, 1e-45, 3.4028234663852886e38, -1 / 3);

function record(epoch: number): EpochRecord {
  return {
    epoch,
    trainLoss: 0.1 + 0.2 * epoch,
    validLoss: epoch % 2 ? null : Math.PI / epoch,
    validRocAuc: 1 / 3,
    validPrAuc: null,
    validAccuracy: 5e-324,
    seconds: 0.125,
    learningRate: 1e-3 / epoch,
  };
}

const checkpoint: Checkpoint = {
  weights: [
    { name: 'a kernel', shape: [1, 2, 3], values: awkward },
    { name: 'twice', shape: [2], values: Float32Array.of(1, 2) },
    { name: 'twice', shape: [1], values: Float32Array.of(-7) },
    { name: 'größe', shape: [1, 1], values: Float32Array.of(0) },
  ],
  adam: { step: 12_345, m: awkward, v: Float32Array.of(1, 2, 3, 4, 5, 6) },
  history: [record(1), record(2), record(3)],
  best: { epoch: 2, merit: 0.30000000000000004 },
  configHash: 'c0ffee',
};

beforeAll(async () => {
  await useEngine('cpu');
});

test('what is written is read back exactly', async () => {
  await writeCheckpoint(temp('new', 'folder', 'last.h5'), checkpoint);
  expect(await readCheckpoint(temp('new', 'folder', 'last.h5'))).toStrictEqual(checkpoint);
  expect(readdirSync(temp('new', 'folder'))).toEqual(['last.h5']);
});

test('before the first epoch there is no best and no history', async () => {
  const early = { ...checkpoint, history: [], best: null };
  await writeCheckpoint(temp('early.h5'), early);
  expect(await readCheckpoint(temp('early.h5'))).toStrictEqual(early);
});

test('a history of 2000 epochs, longer than an HDF5 attribute used to hold, is kept whole', async () => {
  const long = { ...checkpoint, history: Array.from({ length: 2000 }, (_, i) => record(i + 1)) };
  await writeCheckpoint(temp('long.h5'), long);
  expect((await readCheckpoint(temp('long.h5')))!.history).toStrictEqual(long.history);
});

test('where there is no file there is no checkpoint', async () => {
  expect(await readCheckpoint(temp('nowhere', 'last.h5'))).toBeNull();
});

test('a second checkpoint replaces the first', async () => {
  await writeCheckpoint(temp('same.h5'), checkpoint);
  await writeCheckpoint(temp('same.h5'), { ...checkpoint, configHash: 'second', weights: [] });
  expect(await readCheckpoint(temp('same.h5'))).toStrictEqual({
    ...checkpoint,
    configHash: 'second',
    weights: [],
  });
});

test('what stops between writing and renaming leaves the old checkpoint', async () => {
  await writeCheckpoint(temp('crash', 'last.h5'), checkpoint);
  vi.mocked(rename).mockRejectedValueOnce(new Error('power cut'));
  const newer = writeCheckpoint(temp('crash', 'last.h5'), { ...checkpoint, configHash: 'newer' });
  await expect(newer).rejects.toThrow('power cut');
  expect(await readCheckpoint(temp('crash', 'last.h5'))).toStrictEqual(checkpoint);
  expect(readdirSync(temp('crash'))).toEqual(['last.h5']);
});

test('what HDF5 cannot write is an error, and no broken checkpoint takes the place of the old one', async () => {
  await writeCheckpoint(temp('full', 'last.h5'), checkpoint);
  const impossible = { name: 'more values than the shape has', shape: [1000], values: new Float32Array(3) };
  await expect(
    writeCheckpoint(temp('full', 'last.h5'), { ...checkpoint, weights: [impossible] }),
  ).rejects.toThrow();
  expect(await readCheckpoint(temp('full', 'last.h5'))).toStrictEqual(checkpoint);
});

test.each([
  ['truncated', (path: string) => writeFileSync(path, readFileSync(path).subarray(0, -100))],
  ['cut to its head', (path: string) => writeFileSync(path, readFileSync(path).subarray(0, 64))],
  ['a text file', (path: string) => writeFileSync(path, 'epoch,trainLoss\n1,0.5\n')],
  ['empty', (path: string) => writeFileSync(path, '')],
  ['HDF5 of another program', (path: string) => writeHdf5(path, {})],
  ['of broken JSON', (path: string) => writeHdf5(path, { head: '{"step": 3, "histo' })],
  ['of another version', (path: string) => writeHdf5(path, { head: '{"step": 3}' })],
  [
    'without its weights',
    (path: string) =>
      writeHdf5(path, { head: '{"step":3,"history":[],"best":null,"configHash":"","weightNames":["a"]}' }),
  ],
])('a file that is %s is one line with the path and the way out', async (what, spoil) => {
  const path = temp(`${what}.h5`);
  await writeCheckpoint(path, checkpoint);
  await spoil(path);
  const error = await readCheckpoint(path).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(InputError);
  expect((error as Error).message).toMatch(
    /^[^\n]*: not a checkpoint of this version \([^\n]+\)\. Remove it to start anew\.$/,
  );
  expect((error as Error).message).toContain(path);
});

test('weights put back are those that were read, moving statistics too', async () => {
  const weights = await readWeights(toneModel({ seed: 1 }));
  const model = toneModel({ seed: 2 });
  const before = tf.memory().numTensors;
  restoreWeights(model, weights, 'last.h5');
  expect(weightsOf(model)).toEqual(weightsOf(toneModel({ seed: 1 })));
  expect(weights).toHaveLength(5 * 6 + 2);
  expect(tf.memory().numTensors - before).toBe(weights.length); // those of the model that was made to compare
});

test('weights of another model are refused, both shapes and the path named', async () => {
  const other = createCompactConvnet({
    sampleRate: 4000,
    samples: 1000,
    nTags: 3,
    filters: 4,
    frontEnd: { nFft: 128, nMels: 16 },
  });
  const weights = await readWeights(other);
  const restore = () => restoreWeights(toneModel(), weights, 'run/last.h5');
  expect(restore).toThrow(InputError);
  expect(restore).toThrow(/run\/last\.h5: holds weights of another model .*4×3.*this one has.*4×2/);
});

async function writeHdf5(path: string, attributes: Record<string, string>): Promise<void> {
  await ready;
  const file = new h5wasm.File(path, 'w');
  for (const [name, value] of Object.entries(attributes)) file.create_attribute(name, value);
  file.create_group('weights');
  file.close();
}
