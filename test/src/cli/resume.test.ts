import { existsSync, readFileSync } from 'node:fs';
import { beforeAll, expect, test, vi } from 'vitest';
import { runCommand, startProgram } from '../../support/runCommand.ts';
import { writeSounds } from '../../support/soundFolder.ts';
import { tempFolder } from '../../support/tempFolder.ts';
import { tinyModel } from './tinyModel.ts';

vi.mock('../../../src/audio/audioPool.ts', () => import('../../support/singleThreadPool.ts')); // not of the program that is killed

const temp = tempFolder();
beforeAll(async () => {
  await writeSounds(temp('data'), { count: 8 });
});

const command = (out: string, ...options: string[]) => [
  ...['train', '--data', temp('data'), '--out', temp(out), ...tinyModel, '--batch-size', '2', ...options],
];
const weightsHash = (out: string) => JSON.parse(readFileSync(temp(out, 'metrics.json'), 'utf8')).weightsHash;

/** The history without its wall clock, which stands in the last column. */
function historyOf(...parts: string[]): string[][] {
  const lines = readFileSync(temp(...parts), 'utf8')
    .trimEnd()
    .split('\n');
  expect(lines[0].endsWith(',seconds')).toBe(true);
  return lines.map((line) => line.split(',').slice(0, -1));
}

/** Starts the program and ends it by SIGKILL as soon as `file` is there; it must not have finished by then. */
async function killWhenThere(args: string[], file: string): Promise<void> {
  const { child, ended } = startProgram(args);
  const timer = setInterval(() => existsSync(file) && child.kill('SIGKILL'), 5);
  const { code, stderr } = await ended.finally(() => clearInterval(timer));
  expect(code, stderr).toBeNull();
}

test('killed after its first checkpoint and resumed, a run ends as one that was not', async () => {
  const options = ['--epochs', '4'];
  await killWhenThere(command('killed', ...options), temp('killed', 'checkpoint', 'last.h5'));
  expect(existsSync(temp('killed', 'model'))).toBe(false);
  const resumed = await runCommand(...command('killed', ...options, '--resume'));
  expect(resumed.code, resumed.stderr).toBe(0);
  expect(resumed.stderr).not.toContain('epoch 1/4'); // it went on where it was
  const whole = await runCommand(...command('whole', ...options));
  expect(whole.code, whole.stderr).toBe(0);
  expect(historyOf('killed', 'history.csv')).toHaveLength(1 + 4);
  expect(historyOf('killed', 'history.csv')).toEqual(historyOf('whole', 'history.csv'));
  expect(weightsHash('killed')).toBe(weightsHash('whole'));
  expect(readFileSync(temp('killed', 'predictions.csv'))).toEqual(
    readFileSync(temp('whole', 'predictions.csv')),
  );
});

test('killed in its second fold and resumed, a cross-validation ends as one that was not', async () => {
  const options = ['--folds', '3', '--epochs', '2'];
  await killWhenThere(
    command('killedFolds', ...options),
    temp('killedFolds', 'folds', '2', 'checkpoint', 'last.h5'),
  );
  expect(existsSync(temp('killedFolds', 'folds', '1', 'scores.json'))).toBe(true);
  const resumed = await runCommand(...command('killedFolds', ...options, '--resume'));
  expect(resumed.code, resumed.stderr).toBe(0);
  expect(resumed.stderr).toContain('fold 1/3  accuracy');
  expect(resumed.stderr).not.toContain('fold 1/3  epoch');
  expect(resumed.stderr).not.toContain('fold 2/3  epoch 1/2');
  const whole = await runCommand(...command('wholeFolds', ...options));
  expect(whole.code, whole.stderr).toBe(0);
  for (const history of [
    'history.csv',
    'folds/1/history.csv',
    'folds/2/history.csv',
    'folds/3/history.csv',
  ]) {
    expect(historyOf('killedFolds', history), history).toEqual(historyOf('wholeFolds', history));
  }
  expect(weightsHash('killedFolds')).toBe(weightsHash('wholeFolds'));
  const predictions = (out: string) => readFileSync(temp(out, 'predictions.csv'), 'utf8');
  expect(predictions('killedFolds')).toBe(predictions('wholeFolds'));
});
