import h5wasm, { ready, type Dataset as Hdf5Dataset } from 'h5wasm/node';
import { cpSync, existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { beforeAll, expect, test, vi } from 'vitest';
import { expectRefusal, runCommand, startProgram } from '../../support/runCommand.ts';
import { sounds, writeSounds } from '../../support/soundFolder.ts';
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
    parts: [0, 1, 2, 3, 4].map((index) => ({ dataset: `layer${index}`, layer: `block${index}` })),
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

test('killed again and again, the job goes on after the rows that it has, to the same file', async () => {
  await writeSounds(temp('many'), { count: 30 });
  const out = temp('killed', 'f.h5');
  const args = (path: string) => [
    ...[
      'features',
      '--model',
      temp('run'),
      '--data',
      temp('many'),
      '--out',
      path,
      '--engine',
      'wasm',
      '--json',
    ],
  ];
  const journal = temp('killed', '.f.h5.rows');
  for (let kill = 0; kill < 3; kill++) {
    const { child, ended } = startProgram(args(out));
    let start = 0; // size of the journal when the program found it or made it
    const timer = setInterval(() => {
      const size = existsSync(journal) ? statSync(journal).size : 0;
      start ||= size;
      if (size > start + 250) child.kill('SIGKILL'); // rows take 88 bytes
    }, 1);
    const { code, stderr } = await ended.finally(() => clearInterval(timer));
    expect(code, stderr).toBeNull();
    expect(existsSync(out)).toBe(false);
    if (kill > 0) expect(stderr).toMatch(/going on after \d+ of 90 clips/);
  }
  const resumed = await runCommand(...args(out));
  expect(resumed.code, resumed.stderr).toBe(0);
  expect(JSON.parse(resumed.stdout).resumed).toBeGreaterThan(2);
  const whole = await runCommand(...args(temp('whole.h5')));
  expect(whole.code, whole.stderr).toBe(0);
  expect(contentOf(out)).toEqual(contentOf(temp('whole.h5')));
  expect(readdirSync(temp('killed'))).toEqual(['f.h5']);
});

/** Bytes of all datasets, and the attributes. */
function contentOf(path: string): Record<string, unknown> {
  const file = new h5wasm.File(path, 'r');
  const datasets = file.keys().map((name) => [name, (file.get(name) as Hdf5Dataset).value]);
  const attributes = Object.entries(file.attrs).map(([name, { value }]) => [name, value]);
  file.close();
  return Object.fromEntries([...datasets, ...attributes]) as Record<string, unknown>;
}

test('a folder of recordings without classes gives features without labels; random weights give others', async () => {
  await writeSounds(temp('plain'), { count: 2 });
  cpSync(temp('plain', 'noise'), temp('bare'), { recursive: true });
  const { code, stderr } = await features('bare', '--npy');
  expect(code, stderr).toBe(0);
  expect(existsSync(temp('f_layer_4.npy'))).toBe(true);
  const learned = contentOf(temp('f.h5'));
  expect(Object.keys(learned)).not.toContain('labels');
  await features('bare', '--random-weights', '1');
  const random = contentOf(temp('f.h5'));
  expect(random.weightsHash).toBe('random, seed 1');
  expect(random.layer4).not.toEqual(learned.layer4);
  await features('bare', '--random-weights', '1');
  expect(contentOf(temp('f.h5')).layer4).toEqual(random.layer4);
  await features('bare', '--random-weights', '2');
  expect(contentOf(temp('f.h5')).layer4).not.toEqual(random.layer4);
});

test('shards go through the command line, and so does putting them together', async () => {
  for (const shard of ['1/2', '2/2']) {
    const { code, stderr } = await features('data', '--shard', shard, '--out', temp(`${shard[0]}.h5`));
    expect(code, stderr).toBe(0);
  }
  const merged = await runCommand('merge', temp('2.h5'), temp('1.h5'), '--out', temp('both.h5'));
  expect(merged).toMatchObject({ code: 0, stdout: `${temp('both.h5')}: 9 clips of 2 files\n` });
  await features('data');
  expect(contentOf(temp('both.h5'))).toEqual(contentOf(temp('f.h5')));
});

test.each(['0/2', '3/2', '2', 'a/b'])('--shard %s is refused', async (shard) => {
  expect(expectRefusal(await features('data', '--shard', shard))).toContain('Expected one of 1/N to N/N');
});

test('statistics of MFCC need no model; neither a model nor them is refused, and both', async () => {
  const run = (...options: string[]) =>
    runCommand('features', '--data', temp('data'), '--out', temp('mfcc.h5'), '--engine', 'wasm', ...options);
  const { code, stdout, stderr } = await run('--mfcc', '--sample-rate', '8000');
  expect(code, stderr).toBe(0);
  expect(stdout).toContain('9 clips × 120 features (mfcc)');
  expect(contentOf(temp('mfcc.h5'))).toMatchObject({ extractor: 'MFCC', sampleRate: 8000, tags: sounds });
  expect(expectRefusal(await run())).toContain('--mfcc');
  expect(expectRefusal(await run('--mfcc', '--model', temp('run')))).toContain('cannot be used with');
});
