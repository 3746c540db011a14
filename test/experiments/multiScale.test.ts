import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { beforeAll, expect, test, vi } from 'vitest';
import type * as datasets from '../../datasets/index.ts';
import type { MultiScaleResult } from '../../experiments/multiScale/report.ts';
import { expectRefusal, runCommand, type Ended } from '../support/runCommand.ts';
import { writeSounds } from '../support/soundFolder.ts';
import { tempFolder } from '../support/tempFolder.ts';

// The generated data take minutes to render; what is done with them is the same for a few.
vi.mock('../../datasets/index.ts', async (importOriginal) => {
  const original = await importOriginal<typeof datasets>();
  const fewOf = (options: { train?: number; test?: number }) => ({
    ...{ train: options.train ?? 8, test: options.test ?? 24, valid: 0, seconds: 1 },
  });
  return {
    ...original,
    listGenerated: (options: object) => original.listGenerated({ ...options, ...fewOf(options) }),
  };
});

const temp = tempFolder();
const base = ['experiment', 'multiScale', '--engine', 'wasm', '--threads', '1', '--folds', '3'];
const run = (...options: string[]) =>
  runCommand(
    ...[...base, '--data', temp('sounds'), '--out', temp('run')],
    ...['--train-data', temp('others'), '--seconds', '0.2,0.4', '--epochs', '2', '--filters', '4'],
    ...['--sample-rate', '8000', ...options],
  );
let ended: Ended;
let result: MultiScaleResult;
beforeAll(async () => {
  await writeSounds(temp('sounds'), { count: 4 });
  await writeSounds(temp('others'), { count: 4, first: 100 });
  ended = await run('--json');
  result = JSON.parse(ended.stdout) as MultiScaleResult;
}, 120_000);

const figures = ({ rows, comparisons }: MultiScaleResult) => ({ rows, comparisons });

test('each scale and all of them, with the last level and with all, are scored in each pooling', () => {
  expect(ended.code, ended.stderr).toBe(0);
  expect(result.scales.map(({ name, sampleRate }) => [name, sampleRate])).toEqual([
    ['0.2 s', 8000],
    ['0.4 s', 8000],
  ]);
  const ofMean = result.rows.filter(({ pooling }) => pooling === 'mean');
  // 4 channels a level, 5 levels, 2 scales
  expect(ofMean.map(({ scale, levels, features }) => [scale, levels, features])).toEqual([
    ['0.2 s', 'last level', 4],
    ['0.2 s', 'all levels', 20],
    ['0.4 s', 'last level', 4],
    ['0.4 s', 'all levels', 20],
    [null, 'last level', 8],
    [null, 'all levels', 40],
  ]);
  // Of the last level's map one place is left, so that its largest value is its mean, and counts once.
  const both = result.rows.filter(({ pooling }) => pooling === 'both');
  expect(both.map(({ features }) => features)).toEqual([4, 36, 4, 36, 8, 72]);
  expect(result.rows).toHaveLength(18);
  expect(result).toMatchObject({ clips: 12, classes: ['clicks', 'noise', 'sine'], skipped: [] });
  expect(result.configuration).toMatchObject({ epochs: 2, filters: 4, folds: 3, seconds: [0.2, 0.4] });
});

test('differences are those of the rows’ accuracies, in whole clips, and count the same clips', () => {
  for (const {
    pooling,
    difference,
    singleAccuracy,
    onlyAll,
    onlySingle,
    chosen,
    interval,
  } of result.comparisons) {
    const all = result.rows.find(
      (row) => row.pooling === pooling && row.scale === null && row.levels === 'all levels',
    )!;
    expect(difference).toBeCloseTo(all.accuracy - singleAccuracy, 12);
    expect(difference).toBeCloseTo((onlyAll - onlySingle) / 12, 12);
    expect(chosen.reduce((sum, { parts }) => sum + parts, 0)).toBe(3);
    expect(interval[0]).toBeLessThanOrEqual(difference);
    expect(interval[1]).toBeGreaterThanOrEqual(difference);
  }
});

test('the result file is what --json prints, and the report shows every row', () => {
  expect(JSON.parse(readFileSync(temp('run', 'result.json'), 'utf8'))).toEqual(result);
  const page = readFileSync(temp('run', 'report.html'), 'utf8');
  expect(page.match(/<td class="features">/g)).toHaveLength(18);
  expect(page).toContain('all scales, all levels');
  expect(page).not.toMatch(/NaN|undefined/);
});

test('a second run trains and extracts nothing that is there, and what was lost anew, to the same figures', async () => {
  const [kept, keptRows] = [temp('run', 'taggers', '0.2s', 'model', 'weights.bin'), temp('run', 'features', '1-0.2s.h5')]; // prettier-ignore
  const before = [statSync(kept).mtimeMs, statSync(keptRows).mtimeMs];
  rmSync(temp('run', 'taggers', '0.4s', 'metrics.json')); // as if killed after the last epoch
  rmSync(temp('run', 'features', '2-0.4s.h5'));
  const { code, stdout, stderr } = await run();
  expect(code, stderr).toBe(0);
  expect([statSync(kept).mtimeMs, statSync(keptRows).mtimeMs]).toEqual(before);
  expect(stderr).toContain('0.2s: already trained');
  expect(stderr).toContain('1-0.2s.h5: already extracted');
  expect(stderr).not.toContain('2-0.4s.h5: already extracted');
  const again = JSON.parse(readFileSync(temp('run', 'result.json'), 'utf8')) as MultiScaleResult;
  expect(figures(again)).toEqual(figures(result));
  expect(stdout).toMatch(/^ {2}all scales, all levels +72 +[01]\.\d{3} \[/m);
  for (const line of stdout.split('\n').filter((each) => !each.includes(temp())))
    expect(line.length, line).toBeLessThanOrEqual(80);
});

const named = (...options: string[]) =>
  runCommand(...base, '--data', temp('sounds'), '--out', temp('named'), '--json', ...options);

test('taggers that are there may be named, to the same figures', async () => {
  const models = [temp('run', 'taggers', '0.2s'), temp('run', 'taggers', '0.4s')].join(',');
  const { code, stdout, stderr } = await named('--models', models);
  expect(code, stderr).toBe(0);
  expect(figures(JSON.parse(stdout) as MultiScaleResult)).toEqual(figures(result));
});

test('taggers trained anew have features of their own; two of one length are told apart', async () => {
  const anew = await run('--overwrite', '--seed', '7', '--json');
  expect(anew.code, anew.stderr).toBe(0);
  expect(anew.stderr).not.toContain('already');
  const short = temp('run', 'taggers', '0.2s');
  const { code, stdout, stderr } = await named('--models', `${short},${short}`, '--seed', '7');
  expect(code, stderr).toBe(0);
  expect(stderr).not.toContain('already'); // 1-0.2s.h5 is there, of the weights before
  const { scales, rows } = JSON.parse(stdout) as MultiScaleResult;
  expect(scales.map(({ name }) => name)).toEqual(['0.2 s', '0.2 s (2)']);
  const ofFirst = (all: MultiScaleResult['rows']) => all.filter(({ scale }) => scale === '0.2 s');
  expect(ofFirst(rows)).toEqual(ofFirst((JSON.parse(anew.stdout) as MultiScaleResult).rows));
});

test('without --data it is the tempo of held-out generated clips that is told', async () => {
  const { code, stdout, stderr } = await runCommand(
    ...[
      ...base,
      '--out',
      temp('generated'),
      '--json',
      '--seconds',
      '0.5,1',
      '--epochs',
      '1',
      '--filters',
      '4',
    ],
    ...['--seed', '2'],
  );
  expect(code, stderr).toBe(0);
  const own = JSON.parse(stdout) as MultiScaleResult;
  expect(own).toMatchObject({ data: 'generated, test part by tempo', classes: ['fast', 'moderate', 'slow'], clips: 24 }); // prettier-ignore
});

test('a file that cannot be read is left out, named, and the rest is told', async () => {
  await writeSounds(temp('faulty'), { count: 5 });
  writeFileSync(temp('faulty', 'noise', '4.wav'), 'no audio');
  const { code, stdout, stderr } = await run('--data', temp('faulty'), '--seed', '7', '--json');
  expect(code, stderr).toBe(1);
  const { clips, skipped } = JSON.parse(stdout) as MultiScaleResult;
  expect(clips).toBe(14);
  expect(skipped).toEqual([{ path: 'noise/4.wav', reason: 'could not be read' }]);
});

test('several tags a clip, few clips, the same clips twice, one model and other options are refused', async () => {
  const rows = ['clicks/0.wav,a;b', 'noise/0.wav,a', 'sine/0.wav,b'];
  writeFileSync(temp('sounds', 'tags.csv'), `path,tags\n${rows.join('\n')}\n`);
  const manyTags = expectRefusal(await run('--data', temp('sounds', 'tags.csv')));
  expect(manyTags).toContain('expected one class a clip, but "clicks/0.wav" has 2 tags (a, b)');
  expect(expectRefusal(await run('--folds', '5'))).toContain('"clicks" has 4. Pass --folds 4 or less');
  expect(expectRefusal(await run('--train-data', temp('sounds')))).toContain('Choose another --train-data');
  expect(expectRefusal(await runCommand(...base, '--models', 'one'))).toContain('name two at least');
  expect(expectRefusal(await run('--models', 'a,b'))).toContain('cannot be used with option');
  expect(expectRefusal(await run('--seconds', '1'))).toContain('two different lengths');
  expect(expectRefusal(await run('--epochs', '3', '--seed', '7'))).toContain('epochs was 2, now 3');
});
