import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { beforeAll, expect, test, vi } from 'vitest';
import { listChords } from '../../datasets/chords/index.ts';
import type * as design from '../../experiments/learnedChroma/design.ts';
import type { StudyResult } from '../../experiments/learnedChroma/report.ts';
import { writeWav } from '../../src/audio/writeWav.ts';
import { expectRefusal, runCommand, type Ended } from '../support/runCommand.ts';
import { tempFolder } from '../support/tempFolder.ts';

// The study's own 230 clips of 16 s take minutes; its steps are the same on 6 short ones.
vi.mock('../../experiments/learnedChroma/design.ts', async (importOriginal) => ({
  ...(await importOriginal<typeof design>()),
  clipCounts: { train: 2, valid: 2, test: 2, seconds: 4 },
}));

const temp = tempFolder();
const run = (...options: string[]) =>
  runCommand(
    ...['experiment', 'learnedChroma', '--out', temp('run'), '--engine', 'wasm'],
    ...['--trials', '1', '--steps', '3', ...options],
  );
let ended: Ended;
let result: StudyResult;
beforeAll(async () => {
  ended = await run('--json');
  result = JSON.parse(ended.stdout) as StudyResult;
}, 120_000);

test('octave equivalence and 17 kinds of learned chroma are tried, and scored under every condition', () => {
  expect(ended.code, ended.stderr).toBe(0);
  expect(result.analysis.arms).toHaveLength(18);
  expect(result.trials).toHaveLength(18);
  expect(result.conditions.slice(0, 4)).toEqual(['clean', 'noise 20 dB', 'noise 10 dB', 'noise 0 dB']);
  for (const { clean, distorted, curve, arm } of result.trials) {
    for (const recall of [clean, distorted]) expect(recall >= 0 && recall <= 1).toBe(true);
    expect(curve.map(({ step }) => step)).toEqual(arm.layers === 0 ? [] : [3]);
  }
  expect(new Set(result.trials.map(({ distorted }) => distorted)).size).toBeGreaterThan(5); // kinds do differ
  expect(result.data).toMatchObject({
    train: 2,
    valid: 2,
    test: 2,
    unseen: ['bowed string', 'brass', 'voice'],
  });
  expect(result.configuration).toMatchObject({ steps: 3, trials: 1, seed: 3 });
});

test('the result file is what --json prints, and the report has its pictures', () => {
  expect(JSON.parse(readFileSync(temp('run', 'result.json'), 'utf8'))).toEqual(result);
  const page = readFileSync(temp('run', 'report.html'), 'utf8');
  expect(page.match(/<img src="data:image\/png/g)).toHaveLength(4 + 2 * 4); // weights; two conditions of four maps
  expect(page.match(/<figure class="chart"/g)!.length).toBe(12 + 3 + 6); // scatters, learning curves
  expect(page).toContain('Does learned beat fixed on them?');
  expect(page).not.toMatch(/NaN|undefined/);
});

test('a killed study runs what is missing and keeps the rest, to the same result', async () => {
  const lost = temp('run', 'trials', '2-layer-regularised-all-01.json');
  const kept = temp('run', 'trials', 'fixed-01.json');
  const read = () => ({ ...(JSON.parse(readFileSync(lost, 'utf8')) as object), seconds: 0 });
  const [before, written] = [read(), statSync(kept).mtimeMs];
  rmSync(lost);
  const { code, stdout, stderr } = await run();
  expect(code, stderr).toBe(0);
  expect(statSync(kept).mtimeMs).toBe(written);
  expect(read()).toEqual(before);
  expect(stdout).toMatch(/^clean +0\.\d{3} \[0\.\d{3}, \d\.\d{3}\] +\d\.\d{3} \[/m);
  expect(stdout).toContain(temp('run', 'report.html'));
  for (const line of stdout.split('\n').filter((each) => !each.includes(temp())))
    expect(line.length, line).toBeLessThanOrEqual(80);
});

test('trials of other options and damaged ones are refused', async () => {
  expect(expectRefusal(await run('--steps', '4'))).toContain('Choose another --out');
  writeFileSync(temp('run', 'trials', 'fixed-01.json'), '{');
  expect(expectRefusal(await run())).toContain('fixed-01.json: damaged');
});

test('recordings with annotations are studied in place of rendered clips; too few are refused', async () => {
  mkdirSync(temp('songs'));
  const { clips } = listChords({ train: 5, valid: 0, test: 0, seconds: 4 });
  for (const [i, { source, segments }] of clips.entries()) {
    await writeWav(temp('songs', `${i}.wav`), source(11_025), { sampleRate: 11_025 });
    const lines = segments.map(({ start, end, label }) => `${start}\t${end}\t${label}\n`);
    writeFileSync(temp('songs', `${i}.lab`), lines.join(''));
  }
  writeFileSync(temp('songs', 'alone.lab'), '0 1 C\n');
  const ofSongs = (...options: string[]) =>
    runCommand(
      ...['experiment', 'learnedChroma', '--out', temp('songs-run'), '--engine', 'wasm'],
      ...['--trials', '1', '--steps', '1', '--data', temp('songs'), '--json', ...options],
    );
  const { code, stdout, stderr } = await ofSongs();
  expect(code, stderr).toBe(0);
  expect(stderr).toContain('no recording of the same name beside it');
  expect((JSON.parse(stdout) as StudyResult).data).toMatchObject({ train: 3, valid: 1, test: 1, unseen: [] });
  for (const i of [2, 3, 4]) rmSync(temp('songs', `${i}.wav`));
  expect(expectRefusal(await ofSongs())).toContain('Use five recordings or more');
});
