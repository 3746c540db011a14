import { existsSync, readFileSync } from 'node:fs';
import { beforeAll, expect, test, vi } from 'vitest';
import type * as datasets from '../../datasets/index.ts';
import { runCommand, type Ended } from '../support/runCommand.ts';
import { tempFolder } from '../support/tempFolder.ts';

// The study's own 960 clips take minutes; its steps are the same on 30.
vi.mock('../../datasets/index.ts', async (importOriginal) => {
  const original = await importOriginal<typeof datasets>();
  const few = { train: 16, valid: 6, test: 8 };
  return { ...original, listGenerated: (options: object) => original.listGenerated({ ...options, ...few }) };
});

const temp = tempFolder();
const run = (...options: string[]) =>
  runCommand(
    'experiment',
    'quickstart',
    '--out',
    temp('run'),
    '--engine',
    'wasm',
    '--epochs',
    '1',
    ...options,
  );
let ended: Ended;
beforeAll(async () => {
  ended = await run();
});

test('it trains, evaluates beside the baseline, tags an unseen clip and says where everything is', () => {
  expect(ended.code, ended.stderr).toBe(0);
  for (const name of ['model/model.json', 'metrics.json', 'report.html', 'unseen.wav']) {
    expect(existsSync(temp('run', name)), name).toBe(true);
    expect(ended.stdout).toContain(temp('run', name.replace('/model.json', '')));
  }
  const { evaluation, baseline } = JSON.parse(readFileSync(temp('run', 'metrics.json'), 'utf8'));
  expect(evaluation.clips).toBe(8);
  expect(ended.stdout).toContain(`mean ROC-AUC  ${evaluation.meanRocAuc.toFixed(3)}`);
  expect(ended.stdout).toContain(`baseline      ${baseline.meanRocAuc.toFixed(3)}`);
  expect(ended.stdout).toMatch(/\n {2}heard {3}\S.*\n {2}played {2}\S/);
  expect(ended.stderr).toMatch(/^engine wasm: /);
  expect(ended.stderr).toContain('16 to train, 6 to validate, 8 to test; input 3 s');
});

test('what it prints fits 80 columns, but for paths and the lists of tags', () => {
  const lines = `${ended.stdout}${ended.stderr}`.split('\n');
  for (const line of lines.filter((each) => !/heard|played/.test(each) && !each.includes(temp()))) {
    expect(line.length, line).toBeLessThanOrEqual(80);
  }
});

test('run again it replaces its run, and --json prints the result alone', async () => {
  const { code, stdout, stderr } = await run('--json');
  expect(code, stderr).toBe(0);
  const { path, evaluation, baseline, unseen } = JSON.parse(stdout);
  expect(path).toBe(temp('run'));
  expect(evaluation.clips).toBe(8);
  expect(baseline.meanRocAuc).toBeGreaterThan(0);
  expect(unseen.path).toBe(temp('run', 'unseen.wav'));
  expect(unseen.tags).toHaveLength(15); // eleven instruments, two tempos, two modes
});
