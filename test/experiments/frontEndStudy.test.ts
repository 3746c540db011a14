import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { beforeAll, expect, test, vi } from 'vitest';
import type * as datasets from '../../datasets/index.ts';
import type * as design from '../../experiments/frontEndStudy/design.ts';
import type { StudyResult } from '../../experiments/frontEndStudy/report.ts';
import { expectRefusal, runCommand, type Ended } from '../support/runCommand.ts';
import { writeSounds } from '../support/soundFolder.ts';
import { tempFolder } from '../support/tempFolder.ts';

// The study's own 840 clips take minutes; its steps are the same on 24.
vi.mock('../../datasets/index.ts', async (importOriginal) => {
  const original = await importOriginal<typeof datasets>();
  const few = { train: 16, valid: 0, test: 8 };
  return { ...original, listGenerated: (options: object) => original.listGenerated({ ...options, ...few }) };
});

// Absent on every machine.
vi.mock('../../experiments/frontEndStudy/design.ts', async (importOriginal) => ({
  ...(await importOriginal<typeof design>()),
  defaultData: 'no/such/instruments',
}));

const temp = tempFolder();
const run = (...options: string[]) =>
  runCommand(
    ...['experiment', 'frontEndStudy', '--out', temp('run'), '--engine', 'wasm'],
    ...['--data', temp('sounds'), '--seeds', '1', '--steps', '2', ...options],
  );
let ended: Ended;
let result: StudyResult;
beforeAll(async () => {
  await writeSounds(temp('sounds'), { count: 4 });
  ended = await run('--json');
  result = JSON.parse(ended.stdout) as StudyResult;
}, 120_000);

test('24 front ends at 3 shares are trained on both tasks, and scored on clips apart', () => {
  expect(ended.code, ended.stderr).toBe(0);
  expect(result.tasks.map(({ name, metric }) => [name, metric])).toEqual([
    ['generated', 'mean ROC-AUC'],
    ['instruments', 'accuracy'],
  ]);
  for (const { cells, analysis } of result.tasks) {
    expect(cells).toHaveLength(72);
    expect(cells.every(({ score }) => score >= 0 && score <= 1)).toBe(true);
    expect(analysis.cells).toHaveLength(72);
    expect(new Set(cells.map(({ score }) => score)).size).toBeGreaterThan(3); // front ends do differ
  }
  const [generated, instruments] = result.tasks;
  expect([generated.trainClips.at(-1), generated.testClips]).toEqual([16, 8]);
  expect([instruments.trainClips.at(-1), instruments.testClips]).toEqual([9, 3]);
  expect(result.configuration).toMatchObject({ steps: 2, seeds: 1, nFolds: 4 });
});

test('the result file is what --json prints, and the report has a chart a scale and all front ends', () => {
  expect(JSON.parse(readFileSync(temp('run', 'result.json'), 'utf8'))).toEqual(result);
  const page = readFileSync(temp('run', 'report.html'), 'utf8');
  expect(page.match(/<figure/g)).toHaveLength(8); // all, spectrogram, mel, CQT; two tasks
  expect(page).toContain('log CQT, whitened, A-weighted');
  expect(page).not.toMatch(/NaN|undefined/);
});

test('a killed study trains what is missing and keeps the rest, to the same result', async () => {
  const lost = temp('run', 'cells', 'instruments-mel-log-whitened-025-seed1.json');
  const kept = temp('run', 'cells', 'generated-CQT-linear-A-100-seed1.json');
  const [before, written] = [readFileSync(lost, 'utf8'), statSync(kept).mtimeMs];
  rmSync(lost);
  const { code, stdout, stderr } = await run();
  expect(code, stderr).toBe(0);
  expect(statSync(kept).mtimeMs).toBe(written);
  expect(JSON.parse(readFileSync(lost, 'utf8')).score).toBe(JSON.parse(before).score);
  expect(stdout).toMatch(/^instruments, accuracy on 3 clips/m);
  expect(stdout).toMatch(/^ {2}CQT, log +0\.\d{3} +0\.\d{3} +0\.\d{3}$/m);
  expect(stdout).toContain(temp('run', 'report.html'));
  for (const line of stdout.split('\n').filter((each) => !each.includes(temp())))
    expect(line.length, line).toBeLessThanOrEqual(80);
});

test('without the recordings one line says so, and the generated data are studied', async () => {
  const { code, stdout, stderr } = await runCommand(
    ...['experiment', 'frontEndStudy', '--out', temp('run'), '--engine', 'wasm'],
    ...['--seeds', '1', '--steps', '2', '--json'],
  );
  expect(code, stderr).toBe(0);
  expect(stderr).toMatch(/^instruments: skipped, there is no \S+; name recordings with --data$/m);
  expect((JSON.parse(stdout) as StudyResult).tasks.map(({ name }) => name)).toEqual(['generated']);
});

test('cells of other options, damaged cells and recordings that are not there are refused', async () => {
  expect(expectRefusal(await run('--steps', '3'))).toContain('Choose another --out');
  expect(expectRefusal(await run('--data', temp('nowhere')))).toContain('no such folder or manifest');
  const [first] = readdirSync(temp('run', 'cells')).filter((name) =>
    name.includes('generated-spectrogram-linear-025'),
  );
  writeFileSync(temp('run', 'cells', first), '{');
  expect(expectRefusal(await run())).toContain(`${first}: damaged`);
});
