import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transferableSymbol, valueSymbol } from 'piscina';
import ts from 'typescript';
import { afterAll, expect, test } from 'vitest';

import { InputError } from '../../../src/errors.ts';
import { AudioPool } from '../../../src/audio/audioPool.ts';
import { loadInWorker } from '../../../src/audio/audioWorker.ts';
import { loadAudio } from '../../../src/audio/loadAudio.ts';
import { FIXTURES } from './fixtures.ts';
import { folder, writeTemporary } from './temporaryFolder.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const OPTIONS = { sampleRate: 12000 };
const NAMES = [
  'ffmpeg-pcm_s24le.wav',
  'lame-stereo.mp3',
  'flac-16.flac',
  'vorbis.ogg',
  'opus.opus',
  'sox-s16.au',
];

const pool = new AudioPool({ threads: 2 });
afterAll(() => pool.close());

test('gives what loadAudio gives, for more files than threads', async () => {
  const names = [...NAMES, ...NAMES];
  const loaded = await Promise.all(names.map((name) => pool.load(FIXTURES + name, OPTIONS)));
  for (const [i, name] of names.entries())
    expect(loaded[i]).toEqual(await loadAudio(FIXTURES + name, OPTIONS));
});

test('an InputError arrives as one, among files that load', async () => {
  const text = writeTemporary('text.mp3', 'not music at all');
  const [good, bad] = await Promise.allSettled([
    pool.load(`${FIXTURES}sox-u8.wav`, OPTIONS),
    pool.load(text, OPTIONS),
  ]);
  expect(good.status).toBe('fulfilled');
  const { reason } = bad as PromiseRejectedResult;
  expect(reason).toBeInstanceOf(InputError);
  expect(reason.name).toBe('InputError');
  expect(reason.message).toMatch(/text\.mp3: not an audio file \(starts with "not musi…"\)/);
});

test('loadAll gives every file in order, a bad one with its error', async () => {
  const paths = [NAMES[1], 'missing.mp3', ...NAMES].map((name) => FIXTURES + name);
  const loaded = [];
  for await (const file of pool.loadAll(paths, OPTIONS)) loaded.push(file);
  expect(loaded.map(({ path }) => path)).toEqual(paths);
  for (const { path, waveform, error } of loaded) {
    if (error === undefined) expect(waveform).toEqual(await loadAudio(path, OPTIONS));
    else expect(error.message).toBe(`${FIXTURES}missing.mp3: no such file. Check the path.`);
  }
  expect(loaded.filter(({ error }) => error).length).toBe(1);
});

test('a defect ends loadAll', async () => {
  const workerFile = new URL('./crashingWorker.ts', import.meta.url);
  const crashing = new AudioPool({ threads: 1, workerFile });
  try {
    const all = crashing.loadAll([`${FIXTURES}sox-u8.wav`, 'defect'], OPTIONS);
    expect((await all.next()).value).toHaveProperty('waveform');
    await expect(all.next()).rejects.toThrow(TypeError);
  } finally {
    await crashing.close();
  }
});

test('a wrong option arrives as a RangeError', async () => {
  await expect(pool.load(`${FIXTURES}sox-u8.wav`, { sampleRate: 12 })).rejects.toThrow(RangeError);
  expect(() => new AudioPool({ threads: 0 })).toThrow('threads must be a whole number >= 1; got 0');
});

test('the samples are moved out of the thread, not copied', async () => {
  const result = await loadInWorker({
    path: `${FIXTURES}sox-u8.wav`,
    options: OPTIONS,
    build: 'none',
  });
  const wrapped = result as unknown as Record<symbol, unknown>;
  const { waveform } = wrapped[valueSymbol] as { waveform: { samples: Float32Array } };
  expect(wrapped[transferableSymbol]).toEqual([waveform.samples.buffer]);
});

test('a thread that ends takes only its own file along', async () => {
  const workerFile = new URL('./crashingWorker.ts', import.meta.url);
  const crashing = new AudioPool({ threads: 2, workerFile });
  try {
    const good = `${FIXTURES}sox-u8.wav`;
    const paths = [good, 'exit', good, good, 'exit', 'defect', good];
    const results = await Promise.allSettled(paths.map((path) => crashing.load(path, OPTIONS)));
    expect(results.map(({ status }) => status === 'fulfilled')).toEqual(paths.map((path) => path === good));
    const reasons = results.map((result) =>
      result.status === 'rejected' ? (result.reason as Error) : undefined,
    );
    expect(reasons[1]).toBeInstanceOf(InputError);
    expect(reasons[1]?.message).toContain('exit: decoding ended its thread (worker exited with code: 3)');
    expect(reasons[5]).toBeInstanceOf(TypeError); // a defect stays one
    expect((await crashing.load(good, OPTIONS)).source.format).toBe('WAV');
  } finally {
    await crashing.close();
  }
});

test('files that wait while every thread ends are still loaded, by new threads', async () => {
  const workerFile = new URL('./crashingWorker.ts', import.meta.url);
  const crashing = new AudioPool({ threads: 2, workerFile });
  try {
    const good = `${FIXTURES}sox-u8.wav`;
    const paths = ['exit', 'exit', good, 'exit', 'exit', good];
    const results = await Promise.allSettled(paths.map((path) => crashing.load(path, OPTIONS)));
    expect(results.map(({ status }) => status === 'fulfilled')).toEqual(paths.map((path) => path === good));
  } finally {
    await crashing.close();
  }
});

/** A program that loads a good and a bad file and neither closes the pool nor ends the process. */
const program = (poolModule: string) => `
  import { AudioPool } from ${JSON.stringify(poolModule)};
  const pool = new AudioPool({ threads: 2 });
  const { samples } = await pool.load(${JSON.stringify(`${FIXTURES}flac-16.flac`)}, { sampleRate: 8000 });
  const error = await pool.load('missing.wav', { sampleRate: 8000 }).catch((reason) => reason);
  console.log(samples.length, error.name, error.message);
`;
const PRINTED = '353 InputError missing.wav: no such file. Check the path.\n';
const run = (...args: string[]) =>
  spawnSync(process.execPath, args, { encoding: 'utf8', cwd: ROOT, timeout: 30_000 });

test('works from TypeScript under tsx, and an idle pool lets the process end', () => {
  const script = writeTemporary('tsx.mts', program(join(ROOT, 'src/audio/audioPool.ts')));
  const tsx = import.meta.resolve('tsx');
  expect(run('--import', tsx, script)).toMatchObject({ stdout: PRINTED, stderr: '', status: 0 });
});

test('works from compiled JavaScript', () => {
  // What tsc writes to dist, of the files that matter, in another folder.
  const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 };
  const sources = [
    'src/errors.ts',
    ...readdirSync(join(ROOT, 'src/audio'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join('src/audio', name)),
  ];
  for (const source of sources) {
    const target = join(folder, 'dist', source.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(target), { recursive: true });
    const code = readFileSync(join(ROOT, source), 'utf8');
    const options = { ...compilerOptions, rewriteRelativeImportExtensions: true };
    writeFileSync(target, ts.transpileModule(code, { compilerOptions: options }).outputText);
  }
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  const script = writeTemporary('plain.mjs', program(join(folder, 'dist/src/audio/audioPool.js')));
  expect(run(script)).toMatchObject({ stdout: PRINTED, stderr: '', status: 0 });
});
