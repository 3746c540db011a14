import h5wasm, { ready, type Dataset as Hdf5Dataset } from 'h5wasm/node';
import { existsSync, writeFileSync } from 'node:fs';
import { beforeAll, expect, test, vi } from 'vitest';
import { expectRefusal, runCommand, startProgram } from '../../support/runCommand.ts';
import { writeSounds } from '../../support/soundFolder.ts';
import { tempFolder } from '../../support/tempFolder.ts';
import { tinyModel } from './tinyModel.ts';

vi.mock('../../../src/audio/audioPool.ts', () => import('../../support/singleThreadPool.ts'));

const temp = tempFolder();
const features = (data: string, ...options: string[]) =>
  runCommand(
    ...['features', '--model', temp('run'), '--data', temp(data), '--out', temp('f.h5'), '--engine', 'wasm'],
    ...options,
  );

beforeAll(async () => {
  await ready;
  await writeSounds(temp('data'), { count: 3 });
  const trained = await runCommand(
    ...['train', '--data', temp('data'), '--out', temp('run'), ...tinyModel, '--test', '0'],
  );
  expect(trained.code, trained.stderr).toBe(0);
});

function layersIn(path: string): Record<string, number[] | null> {
  const file = new h5wasm.File(path, 'r');
  const names = file.keys().filter((name) => name.startsWith('layer'));
  const shapes = names.map((name) => [name, (file.get(name) as Hdf5Dataset).shape]);
  file.close();
  return Object.fromEntries(shapes) as Record<string, number[] | null>;
}

test('all layers of all clips go into the file, and --json says so', async () => {
  const { code, stdout, stderr } = await features('data', '--layers', 'all', '--json');
  expect(code, stderr).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    ...{ model: temp('run'), data: temp('data'), engine: 'wasm', path: temp('f.h5'), clips: 9, skipped: [] },
    layers: [0, 1, 2, 3, 4].map((index) => ({ index, name: `block${index}`, units: 4 })),
  });
  expect(layersIn(temp('f.h5'))).toEqual({
    ...{ layer0: [9, 4], layer1: [9, 4], layer2: [9, 4], layer3: [9, 4], layer4: [9, 4] },
  });
});

test('for people, one line says what was written; some layers may be chosen', async () => {
  const { stdout } = await features('data', '--layers', '0,2,4', '--windows', 'first');
  expect(stdout).toMatch(/f\.h5: 9 clips × 12 features \(layer0, layer2, layer4\) in \d+\.\d s\n$/);
  expect(Object.keys(layersIn(temp('f.h5')))).toEqual(['layer0', 'layer2', 'layer4']);
});

test('bad files among good ones are skipped, listed, and the exit code is 1', async () => {
  await writeSounds(temp('some'), { first: 80, count: 1 });
  writeFileSync(temp('some', 'noise', 'empty.wav'), '');
  const { code, stdout, stderr } = await features(
    'some',
    '--json',
    '--short-clips',
    'zeros',
    '--batch-size',
    '2',
  );
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ clips: 3, skipped: [{ path: 'noise/empty.wav' }] });
  expect(stderr).toContain(`  ${temp('some', 'noise', 'empty.wav')}: `);
  expect(layersIn(temp('f.h5')).layer0).toEqual([3, 4]);
});

test.each(['0;2', '1.5', 'last', ''])('--layers %j is refused', async (layers) => {
  expect(expectRefusal(await features('data', '--layers', layers))).toContain('such as 0,2,4');
});

test('a layer that the model has not is refused with those that it has', async () => {
  expect(expectRefusal(await features('data', '--layers', '7'))).toContain('choose from 0, 1, 2, 3, 4');
});

test('the program itself decodes in threads and writes the file', async () => {
  const { code, stdout, stderr } = await startProgram([
    ...['features', '--model', temp('run'), '--data', temp('data'), '--out', temp('own', 'f.h5'), '--json'],
  ]).ended;
  expect(code, stderr).toBe(0);
  expect(JSON.parse(stdout).clips).toBe(9);
  expect(existsSync(temp('own', 'f.h5'))).toBe(true);
});
