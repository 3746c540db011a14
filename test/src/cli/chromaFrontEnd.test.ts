import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { expectRefusal, runCommand } from '../../support/runCommand.ts';
import { writeSounds } from '../../support/soundFolder.ts';
import { tempFolder } from '../../support/tempFolder.ts';
import { tinyModel } from './tinyModel.ts';

vi.mock('../../../src/audio/audioPool.ts', () => import('../../support/singleThreadPool.ts'));

const temp = tempFolder();
const withoutMels = tinyModel.filter((_, i) => ![i, i - 1].some((at) => tinyModel[at] === '--mels'));
const small = ['--octaves', '4', '--bins-per-octave', '12'];
const train = (out: string, ...options: string[]) =>
  runCommand('train', '--data', temp('data'), '--out', temp(out), ...options);
const json = (...parts: string[]) => JSON.parse(readFileSync(temp(...parts), 'utf8'));

beforeAll(async () => {
  await writeSounds(temp('data'), { count: 4 });
});

describe.each([
  ['learned-chroma', withoutMels, { kind: 'learned-chroma' }],
  ['mel+chroma', [...tinyModel, '--mels', '24'], { kind: 'mel+chroma', nMels: 24 }],
])('--front-end %s', (kind, options, frontEnd) => {
  const front = ['--front-end', kind, ...options, ...small];
  let ended: Awaited<ReturnType<typeof train>>;
  beforeAll(async () => {
    ended = await train(kind, ...front, '--baseline');
  });

  test('trains, says how far its chroma moved, and resumes to the same weights', async () => {
    const { code, stdout, stderr } = ended;
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/^moved {4}chroma\/kernel: \S+ of its norm, one value by up to \S+$/m);
    expect(stdout).toContain(kind === 'mel+chroma' ? 'mean log-mel spectrum' : 'mean log chroma');
    const config = json(kind, 'config.json');
    expect(config.frontEnd).toMatchObject({ ...frontEnd, nOctaves: 4, binsPerOctave: 12 });
    const { weightsHash } = json(kind, 'metrics.json');
    const again = await train(kind, ...front, '--baseline', '--resume');
    expect(again.code, again.stderr).toBe(0);
    expect(json(kind, 'metrics.json').weightsHash).toBe(weightsHash);
    const report = readFileSync(temp(kind, 'report.html'), 'utf8');
    expect(report.includes('>F♯</text>')).toBe(kind === 'learned-chroma');
  });

  test('tags, is evaluated, and gives features that transfer takes', async () => {
    const model = ['--model', temp(kind), '--engine', 'wasm'];
    const tagged = await runCommand('tag', ...model, '--json', temp('data', 'sine', '0.wav'));
    expect(tagged.code, tagged.stderr).toBe(0);
    const evaluated = await runCommand('evaluate', ...model, '--data', temp('data'), '--json');
    expect(evaluated.code, evaluated.stderr).toBe(0);
    expect(JSON.parse(evaluated.stdout).clips).toBe(12);
    const file = temp(`${kind}.h5`);
    const features = await runCommand('features', ...model, '--data', temp('data'), '--out', file, '--json');
    expect(features.code, features.stderr).toBe(0);
    expect(JSON.parse(features.stdout).parts).toHaveLength(5);
    const transfer = await runCommand(
      ...['transfer', '--features', file, '--folds', '2', '--threads', '1', '--classifier', 'linear'],
      ...['--subsets', '0,1', '--no-nested', '--json'],
    );
    expect(transfer.code, transfer.stderr).toBe(0);
  });
});

test('--fixed-chroma leaves chroma at octave equivalence: nothing is said to have moved', async () => {
  const { code, stdout, stderr } = await train(
    ...(['fixed', '--front-end', 'learned-chroma', ...withoutMels, ...small] as const),
    '--fixed-chroma',
  );
  expect(code, stderr).toBe(0);
  expect(stdout).not.toContain('moved');
  expect(json('fixed', 'config.json').frontEnd.trainableChroma).toBe(false);
});

test.each([
  [['--fixed-chroma'], '--fixed-chroma: --front-end mel has no such part'],
  [['--octaves', '3'], '--octaves: --front-end mel has no such part'],
  [['--front-end', 'learned-chroma'], '--mels: --front-end learned-chroma has no such part'],
  [['--front-end', 'mel+chroma'], 'mel bands must be a multiple of 12; got 16. Use 12'],
  [['--front-end', 'mel+chroma', '--mels', '24', '--octaves', '9'], 'beyond half of sampleRate (4000 Hz)'],
  [['--front-end', 'chroma'], 'Allowed choices are mel, learned-chroma, mel+chroma'],
])('%j after --mels 16 is refused', async (options, reason) => {
  expect(expectRefusal(await train('refused', ...tinyModel, ...options))).toContain(reason);
});
