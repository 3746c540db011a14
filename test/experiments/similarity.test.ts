import { readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { appendFeatureRows, createFeatureFile, finishFeatureFile } from '../../src/features/featureFile.ts';
import type { SimilarityResult } from '../../experiments/similarity/report.ts';
import { expectRefusal, runCommand } from '../support/runCommand.ts';
import { tempFolder } from '../support/tempFolder.ts';

const temp = tempFolder();
const run = (...options: string[]) =>
  runCommand('experiment', 'similarity', '--features', temp('f.h5'), '--out', temp('run'), ...options);

/** Two classes of four: layer0 points at the class, layer1 at nothing (each clip along an axis of its own). */
const ids = ['a 0.wav', 'b#1.wav', 'a2.wav', 'b3.wav', 'a4.wav', 'b5.wav', 'a6.wav', 'b7.wav'];
beforeAll(async () => {
  const part = (dataset: string, count: number) => ({
    ...{ dataset, layer: dataset, pooling: 'none' },
    units: Array.from({ length: count }, (_, i) => String(i)),
  });
  const parts = [part('layer0', 2), part('layer1', 8)];
  await createFeatureFile(temp('f.h5'), { parts, provenance: {} });
  const rows = ids.map((_, clip) => {
    const row = new Float32Array(10);
    row[clip % 2] = 1;
    row[2 + clip] = 1;
    return row;
  });
  await appendFeatureRows(temp('f.h5'), parts, rows);
  const labels = Uint8Array.from(ids.flatMap((_, clip) => [1 - (clip % 2), clip % 2]));
  await finishFeatureFile(temp('f.h5'), { ids, tags: ['a', 'b'], labels });
});

test('features that know the class find all pairs, those that do not find what chance finds', async () => {
  const { code, stdout, stderr } = await run('--k', '3,7', '--json');
  expect(code, stderr).toBe(0);
  const result = JSON.parse(stdout) as SimilarityResult;
  expect(result).toMatchObject({ clips: 8, pairs: 12, chance: [3 / 7, 1] });
  const at = (name: string) =>
    result.rows
      .find(({ features, standardized }) => features === name && !standardized)!
      .precisions.map(({ value }) => value);
  expect(at('layer0')).toEqual([1, 1]);
  expect(at('all')).toEqual([1, 1]);
  // All cosines are 0, so that the lowest numbers come first: of the class of query 0 clip 2 is among 1, 2, 3; of 2 clip
  // 0; of 4 and of 6 both; of 1 clip 3; of 3, 5 and 7 clip 1. Ten of 24 directions.
  expect(at('layer1')[0]).toBeCloseTo(10 / 24, 12);
  expect(at('layer1')[1]).toBe(1);
  expect(JSON.parse(readFileSync(temp('run', 'result.json'), 'utf8'))).toEqual(result);
});

test('pairs may be given; the page names the clips and plays them from the folder', async () => {
  writeFileSync(temp('pairs.csv'), 'a 0.wav,b#1.wav\na2.wav, b3.wav\n');
  const { code, stdout, stderr } = await run(
    '--pairs',
    temp('pairs.csv'),
    '--audio',
    temp('sounds'),
    '--k',
    '1',
  );
  expect(code, stderr).toBe(0);
  expect(stdout).toContain('2 pairs of 8 clips');
  expect(stdout).toMatch(/layer0 +0\.000$/m);
  for (const line of stdout.split('\n').filter((each) => !each.includes(temp())))
    expect(line.length, line).toBeLessThanOrEqual(80);
  const page = readFileSync(temp('run', 'report.html'), 'utf8');
  expect(page).toContain('src="../sounds/a%200.wav"');
  expect(page).toContain('src="../sounds/b%231.wav"');
});

test.each([
  ['a 0.wav,nobody.wav', 'line 1: expected two different ids'],
  ['a 0.wav,a2.wav\na2.wav,a2.wav', 'line 2'],
  ['a 0.wav', 'line 1'],
])('pairs as %j are refused', async (text, message) => {
  writeFileSync(temp('bad.csv'), text);
  expect(expectRefusal(await run('--pairs', temp('bad.csv')))).toContain(message);
});

test('a file that is no feature file is refused', async () => {
  writeFileSync(temp('no.h5'), 'no');
  expect(expectRefusal(await run('--features', temp('no.h5')))).toContain('not a feature file');
});
