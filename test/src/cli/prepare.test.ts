import { readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, expect, test, vi } from 'vitest';
import { listFolder } from '../../../datasets/index.ts';
import { loadAudio } from '../../../src/audio/loadAudio.ts';
import { openFeatures, readFeatureRows } from '../../../src/features/featureFile.ts';
import { expectRefusal, runCommand, startProgram } from '../../support/runCommand.ts';
import { writeSounds } from '../../support/soundFolder.ts';
import { tempFolder } from '../../support/tempFolder.ts';

vi.mock('../../../src/audio/audioPool.ts', () => import('../../support/singleThreadPool.ts')); // not of the program's

const temp = tempFolder();
const rate = 6000; // Hz, not that of the files
const model = ['--sample-rate', String(rate), '--filters', '4', '--fft', '128', '--mels', '16'];

/** Prepared by a program of its own: whatever the engine has switched on in this process must not be needed for it. */
async function prepare(out: string, ...options: string[]) {
  const args = [
    'prepare',
    '--data',
    temp('data'),
    '--sample-rate',
    String(rate),
    '--out',
    temp(out),
    ...options,
  ];
  const ended = await startProgram(args).ended;
  expect(ended.code, ended.stderr).toBe(0);
  return ended;
}
const train = (data: string, out: string, ...options: string[]) =>
  runCommand(
    'train',
    '--data',
    temp(data),
    '--out',
    temp(out),
    ...model,
    '--epochs',
    '2',
    '--seconds',
    '0.5',
    ...options,
  );

/** The history without its wall clock, which stands in the last column. */
const historyOf = (run: string) =>
  readFileSync(temp(run, 'history.csv'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => line.split(',').slice(0, -1));
const json = (...parts: string[]) => JSON.parse(readFileSync(temp(...parts), 'utf8'));

beforeAll(async () => {
  await writeSounds(temp('data'), { count: 5 });
  await prepare('float32', '--format', 'float32', '--shard-clips', '4', '--threads', '1');
  expect((await train('data', 'from files')).code).toBe(0);
});

test('training from a float32 store is training from the files, bit for bit', async () => {
  const { code, stderr } = await train('float32', 'from float32');
  expect(code, stderr).toBe(0);
  expect(historyOf('from float32')).toEqual(historyOf('from files'));
  expect(json('from float32', 'metrics.json').weightsHash).toBe(
    json('from files', 'metrics.json').weightsHash,
  );
});

test('training from an int16 store differs by its rounding; samples that passed full scale are counted', async () => {
  const args = ['--data', temp('data'), '--sample-rate', String(rate), '--out', temp('int16'), '--json'];
  const { stdout } = await runCommand('prepare', ...args);
  let clipped = 0;
  for (const { source } of (await listFolder(temp('data'))).clips) {
    const { samples } = await loadAudio(source as string, { sampleRate: rate });
    clipped += samples.filter((sample) => sample < -1 - 0.5 / 32768 || sample >= 1 - 0.5 / 32768).length;
  }
  expect(JSON.parse(stdout)).toMatchObject({ clips: 15, clipped, resumed: 0, skipped: [] });
  expect((await train('int16', 'from int16')).code).toBe(0);
  const losses = (run: string) =>
    historyOf(run)
      .slice(1)
      .map((row) => Number(row[1]));
  const exact = losses('from files');
  losses('from int16').forEach((loss, i) => expect(Math.abs(loss / exact[i] - 1)).toBeLessThan(0.02));
});

test('evaluate and features take a store as they take the files, features the first seconds alone, too', async () => {
  const outputs: unknown[] = [];
  for (const data of ['data', 'float32']) {
    const { stdout, code, stderr } = await runCommand(
      'evaluate',
      '--model',
      temp('from files'),
      '--data',
      temp(data),
      '--json',
    );
    expect(code, stderr).toBe(0);
    const evaluation = { ...JSON.parse(stdout), data: '' };
    const rows = [];
    for (const options of [['--windows', 'first'], []]) {
      const out = temp(`${data}${options.length}.h5`);
      const args = [
        'features',
        '--model',
        temp('from files'),
        '--data',
        temp(data),
        '--out',
        out,
        ...options,
      ];
      expect((await runCommand(...args)).code).toBe(0);
      const { ids, tags, labels } = await openFeatures(out);
      rows.push(ids, tags, labels, await readFeatureRows(out, 'layer2', 0, ids.length));
    }
    outputs.push({ evaluation, rows });
  }
  expect(outputs[1]).toEqual(outputs[0]);
});

test('a store of another rate is refused by each command, with both rates and the way out', async () => {
  const told = `holds samples at ${rate} Hz, 8000 Hz are needed. Prepare a store with --sample-rate 8000`;
  expect(expectRefusal(await train('float32', 'none', '--sample-rate', '8000'))).toContain(told);
  expect((await train('data', 'at 8000', '--sample-rate', '8000', '--epochs', '1')).code).toBe(0);
  const withModel = ['--model', temp('at 8000'), '--data', temp('float32')];
  expect(expectRefusal(await runCommand('evaluate', ...withModel))).toContain(told);
  expect(expectRefusal(await runCommand('features', ...withModel, '--out', temp('none.h5')))).toContain(told);
});

test('bad options and places are refused in one line', async () => {
  const run = (...options: string[]) => runCommand('prepare', '--data', temp('data'), ...options);
  expect(expectRefusal(await run('--out', temp('x')))).toContain('--sample-rate');
  expect(expectRefusal(await run('--sample-rate', '12', '--out', temp('x')))).toContain('>= 1000');
  expect(expectRefusal(await run('--sample-rate', '8000', '--out', temp('data')))).toContain(
    'is not a store',
  );
  expect(expectRefusal(await run('--sample-rate', '8000', '--out', temp('float32')))).toContain(
    'sampleRate 6000, not 8000',
  );
});

test('files that cannot be read are named, the others are prepared, and the exit code is 1', async () => {
  await writeSounds(temp('faulty'), { count: 1 });
  writeFileSync(temp('faulty', 'sine', 'bad.wav'), '');
  const args = ['prepare', '--data', temp('faulty'), '--sample-rate', '8000', '--out', temp('rest')];
  const { code, stdout, stderr } = await runCommand(...args);
  expect(code).toBe(1);
  expect(stdout).toContain('3 clips');
  expect(stderr).toContain(`Skipped 1:\n  ${temp('faulty', 'sine', 'bad.wav')}: `);
});
