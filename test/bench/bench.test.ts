import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { goals } from '../../bench/goals.ts';
import { findPython, lacks } from '../../bench/python.ts';
import { tempFolder } from '../support/tempFolder.ts';

const temp = tempFolder();
const script = fileURLToPath(new URL('../../bench/index.ts', import.meta.url));
const root = fileURLToPath(new URL('../..', import.meta.url));

function bench(...args: string[]) {
  const env = { ...process.env, SONOTAG_PYTHON: temp('no-python') };
  return promisify(execFile)(process.execPath, ['--import', 'tsx', script, ...args], { cwd: root, env });
}

test('without Python, the bench measures ours, names each peer that is missing, and writes JSON', async () => {
  const { stdout } = await bench('--quick', '--only', 'a', '--rounds', '1', '--json', temp('bench.json'));
  for (const name of [
    'torch',
    'torchaudio',
    'librosa',
    'tensorflow',
    'keras',
    'kapre',
    'soxr',
    'soundfile',
  ]) {
    expect(stdout).toContain(`- ${name}: ${temp('no-python')} is not there\n`);
  }
  expect(stdout).toContain('pip install -r bench/requirements.txt');
  expect(stdout).toMatch(/\| ours, wasm, \d+ threads? +\| [\d.]+ \[/);
  expect(stdout).toMatch(/≤ 0\.3 × torchaudio, 2 threads +\| not measured/);
  expect(stdout).not.toContain(goals.wholeJob.what); // of a section that was not asked for
  const report = JSON.parse(readFileSync(temp('bench.json'), 'utf8'));
  expect(report).toMatchObject({ quick: true, rounds: 1, goals: [], machine: { peers: [] } });
  const [{ timings, checks }] = report.sections[0].data;
  expect(timings.map(({ name }: { name: string }) => name)).toContain('ours, wasm, 1 thread');
  for (const { values } of timings) expect(values).toEqual([expect.any(Number)]);
  for (const { difference, atMost } of checks) expect(difference).toBeLessThanOrEqual(atMost);
});

test('an unknown section is refused with those that there are', async () => {
  await expect(bench('--only', 'a,z')).rejects.toThrow('there is no section "z". Choose from a,b,c,d,e,f,g.');
});

test('a Python that does not run is told from one that is not there', async () => {
  const broken = await findPython(process.execPath); // node, which knows no -c of this kind
  expect(broken.versions).toEqual({});
  expect(broken.missing).toContain(`torch: ${process.execPath} does not run`);
  expect(lacks(broken, 'librosa_peer')).toEqual(['librosa', 'soxr', 'soundfile', 'numpy']);
});
