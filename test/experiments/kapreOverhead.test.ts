import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { renderOverheadReport, type OverheadResult } from '../../experiments/kapreOverhead/report.ts';
import { expectRefusal, runCommand, type Ended } from '../support/runCommand.ts';
import { tempFolder } from '../support/tempFolder.ts';

const temp = tempFolder();
const run = (...options: string[]) =>
  runCommand(
    ...['experiment', 'kapreOverhead', '--out', temp('run'), '--engine', 'wasm', '--batches', '2'],
    ...['--batch-size', '1', '--seconds', '29', ...options],
  );
let ended: Ended;
beforeAll(async () => {
  ended = await run('--json');
});

test('three sizes are measured, with the parameters that the layers’ formulas give', () => {
  expect(ended.code, ended.stderr).toBe(0);
  const result = JSON.parse(ended.stdout) as OverheadResult;
  // conv 9·f + f and 4 × (9·f² + f), batch norm 5 × 2f, dense 50·f + 50
  const count = (f: number) => 9 * f + f + 4 * (9 * f * f + f) + 10 * f + 50 * f + 50;
  expect(result.sizes.map(({ filters, parameters }) => [filters, parameters])).toEqual(
    [16, 32, 65].map((filters) => [filters, count(filters)]),
  );
  expect(result.sizes[2].parameters).toBe(156_960); // the paper's convnet had 157 thousand
  for (const { frontEnd, training, inference } of result.sizes) {
    for (const { seconds, low, high } of [frontEnd, training, inference]) {
      expect(low).toBeGreaterThan(0);
      expect(seconds).toBeGreaterThanOrEqual(low);
      expect(high).toBeGreaterThanOrEqual(seconds);
    }
  }
  expect(result.configuration).toMatchObject({
    clips: 16_384,
    seconds: 29,
    batches: 2,
    batchSize: 1,
    seed: 1,
  });
});

test('the result file is what --json prints, and the report stands beside it', () => {
  expect(JSON.parse(readFileSync(temp('run', 'result.json'), 'utf8'))).toEqual(JSON.parse(ended.stdout));
  expect(readFileSync(temp('run', 'report.html'), 'utf8')).toContain('156,960 parameters');
});

test('for people, a line a size and where everything is', async () => {
  const { code, stdout, stderr } = await run('--filters', '2,4', '--seconds', '2');
  expect(code, stderr).toBe(0);
  expect(stdout).toMatch(/^ {7}4 +922 +\d+ +\d+ +\d+\.\d % +\d+ +\d+\.\d %$/m);
  expect(stdout).toContain(temp('run', 'report.html'));
  for (const line of stdout.split('\n').filter((each) => !each.includes(temp())))
    expect(line.length, line).toBeLessThanOrEqual(80);
});

test('bad options are refused', async () => {
  expect(expectRefusal(await run('--filters', '2,x'))).toContain('--filters');
});

test('the report gives share and absolute time of the front end', () => {
  const time = (seconds: number) => ({ seconds, low: seconds / 2, high: 2 * seconds });
  const page = renderOverheadReport({
    created: '2026-01-01',
    engine: { name: 'wasm', device: 'a <chip>', version: '1' },
    configuration: { clips: 16_384, seconds: 30, batches: 3, batchSize: 8 },
    sizes: [
      { filters: 32, parameters: 39_282, frontEnd: time(40), training: time(160), inference: time(50) },
    ],
  });
  for (const part of [
    'front end 25.0 %',
    '40 of 160 s',
    'front end 80.0 %',
    '40 of 50 s',
    '160 [80–320]',
    'a &#60;chip&#62;',
  ])
    expect(page).toContain(part);
});
