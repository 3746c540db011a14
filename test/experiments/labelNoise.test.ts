import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { beforeAll, expect, test, vi } from 'vitest';
import type * as datasets from '../../datasets/index.ts';
import type { LabelNoiseResult } from '../../experiments/labelNoise/report.ts';
import { expectRefusal, runCommand, type Ended } from '../support/runCommand.ts';
import { writeSounds } from '../support/soundFolder.ts';
import { tempFolder } from '../support/tempFolder.ts';

// The smoke run's own 240 clips take a while to render; its steps are the same on 36.
vi.mock('../../datasets/index.ts', async (importOriginal) => {
  const original = await importOriginal<typeof datasets>();
  const few = { train: 20, valid: 0, test: 16 };
  return { ...original, listGenerated: (options: object) => original.listGenerated({ ...options, ...few }) };
});

const temp = tempFolder();
const run = (...options: string[]) =>
  runCommand(
    ...['experiment', 'labelNoise', '--out', temp('run'), '--engine', 'wasm', '--quick'],
    ...['--data', temp('sounds'), '--seeds', '1', ...options],
  );
let ended: Ended;
let result: LabelNoiseResult;
beforeAll(async () => {
  await writeSounds(temp('sounds'), { count: 12 });
  ended = await run('--json');
  expect(ended.code, ended.stderr).toBe(0);
  result = JSON.parse(ended.stdout) as LabelNoiseResult;
}, 120_000);

test('both data sets are studied; classes that exclude each other have no co-occurrence noise', () => {
  expect(result.tasks.map(({ name, exclusive }) => [name, exclusive])).toEqual([
    ['generated', false],
    ['sounds', true],
  ]);
  const kinds = result.tasks.map(({ analysis }) => analysis.effects.map(({ kind }) => kind));
  expect(kinds[0]).toEqual(['symmetric', 'missing', 'tagDependent', 'coOccurrence']);
  expect(kinds[1]).toEqual(['symmetric', 'missing', 'tagDependent']);
  expect(result.trainings).toBe(3 + 4 + 6 + (3 + 3 + 6)); // systems, kinds at one rate, remedies
  expect(result.tasks[0].testClips).toBe(16);
  expect(Math.abs(result.tasks[0].trainClips - 10)).toBeLessThanOrEqual(2); // about half of 20 is kept back
});

test('scores lie in [0, 1], and noise is there only where a rate is', () => {
  for (const { effects, rankings, remedies } of result.tasks.map(({ analysis }) => analysis)) {
    for (const { points } of effects) {
      expect(points.map(({ rate }) => rate)).toEqual([0, 0.6]);
      expect(points[0]).toMatchObject({
        precision: 1,
        recall: 1,
        change: { mean: 0 },
        misjudged: { mean: 0 },
      });
      expect(points[1].recall).toBeLessThan(1);
      for (const { onTrue, onNoisy } of points) {
        for (const { mean } of [onTrue, onNoisy]) expect(mean >= 0 && mean <= 1).toBe(true);
      }
    }
    for (const { points } of rankings) expect(Math.abs(points[0].tau.mean)).toBeLessThanOrEqual(1);
    expect(remedies[0].rows.map(({ remedy }) => remedy)).toHaveLength(7);
    expect(new Set(remedies[0].rows.map(({ onTrue }) => onTrue.mean)).size).toBeGreaterThan(2);
  }
});

test('the result file is what --json prints, and the report has a chart a kind for training and for ranking', () => {
  expect(JSON.parse(readFileSync(temp('run', 'result.json'), 'utf8'))).toEqual(result);
  const page = readFileSync(temp('run', 'report.html'), 'utf8');
  expect(page.match(/<figure/g)).toHaveLength(2 * 4 + 2 * 3);
  expect(page).toContain('Is the training alright?');
  expect(page).toContain('forward correction');
  expect(page).not.toMatch(/NaN|undefined|null/);
});

test('a killed study trains what is missing and keeps the rest, to the same result', async () => {
  const lost = temp('run', 'cells', 'sounds', 'missing-060-usual-co-teaching-seed1.json');
  const kept = temp('run', 'cells', 'generated', 'coOccurrence-060-usual-none-seed1.json');
  const [before, written] = [readFileSync(lost, 'utf8'), statSync(kept).mtimeMs];
  rmSync(lost);
  const { code, stdout, stderr } = await run();
  expect(code, stderr).toBe(0);
  expect(statSync(kept).mtimeMs).toBe(written);
  expect(JSON.parse(readFileSync(lost, 'utf8')).scores).toEqual(JSON.parse(before).scores);
  expect(stdout).toContain('not to be told with 1 seed at 60 %'); // one seed has no interval
  expect(stdout).toContain(temp('run', 'report.html'));
  for (const line of stdout.split('\n').filter((each) => !each.includes(temp())))
    expect(line.length, line).toBeLessThanOrEqual(80);
});

test('damaged cells and a folder that is not there are refused', async () => {
  expect(expectRefusal(await run('--data', temp('nowhere')))).toContain('nowhere');
  const path = temp('run', 'cells', 'generated', 'clean-usual-none-seed1.json');
  writeFileSync(path, '{');
  expect(expectRefusal(await run())).toContain(`${path}: damaged`);
});
