import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { CoverageResult } from '../../experiments/auditCoverage/report.ts';
import { expectRefusal, runCommand } from '../support/runCommand.ts';
import { tempFolder } from '../support/tempFolder.ts';

const temp = tempFolder();
const run = (...options: string[]) =>
  runCommand(
    ...['experiment', 'auditCoverage', '--out', temp('run'), '--repetitions', '20', '--draws', '100'],
    ...options,
  );

test('every design is audited with both intervals and for fixed truths', async () => {
  const { code, stdout, stderr } = await run('--json');
  expect(code, stderr).toBe(0);
  const { rows, repetitions } = JSON.parse(stdout) as CoverageResult;
  expect(repetitions).toBe(20);
  expect(rows).toHaveLength(28);
  for (const design of ['tagged', 'random', 'stratified', 'informative']) {
    expect(rows.filter((row) => row.design === design).map(({ intervals }) => intervals)).toEqual([
      ...['jeffreys', 'exact'],
      ...Array<string>(5).fill('jeffreys'),
    ]);
  }
  for (const { measures } of rows) {
    expect(measures.precision!.coverage).toBeGreaterThan(0.6);
    expect(measures.precision!.defined).toBeLessThanOrEqual(20);
  }
  expect(JSON.parse(readFileSync(temp('run', 'result.json'), 'utf8'))).toMatchObject({ rows });
});

test('for people, a line a design within 80 columns and a page', async () => {
  const { stdout } = await run();
  expect(stdout).toMatch(/^ {2}tagged +50 clips +\d+\.\d +– +– +–$/m);
  for (const line of stdout.split('\n').filter((each) => !each.includes(temp())))
    expect(line.length, line).toBeLessThanOrEqual(80);
  expect(readFileSync(temp('run', 'report.html'), 'utf8')).not.toMatch(/NaN|undefined|null/);
});

test('bad options are refused', async () => {
  expect(expectRefusal(await run('--repetitions', '0'))).toContain('--repetitions');
});
