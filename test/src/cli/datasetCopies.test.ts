import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { writeWav } from '../../../src/audio/writeWav.ts';
import { runCommandLine } from '../../../src/cli/runCommandLine.ts';
import { folder } from '../audio/temporaryFolder.ts';
import { song } from '../datasetCopies/songs.ts';

const written = { stdout: '', stderr: '' };
vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((written.stdout += String(text)), true));
vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((written.stderr += String(text)), true));
afterEach(() => Object.assign(written, { stdout: '', stderr: '' }));

test('get of a data set that nobody offers at a public address says how to get it, without asking any server', async () => {
  expect(await runCommandLine(['datasets', 'get', 'gtzan-genre', '--yes'])).toBe(2);
  expect(written.stderr).toMatch(
    /^sonotag: gtzan-genre has no stable public address to fetch it from. Get genres.tar.gz/,
  );
  expect(await runCommandLine(['datasets', 'get', 'gtzan-gerne'])).toBe(2);
  expect(written.stderr).toMatch(/did you mean "gtzan-genre"/);
});

test('check writes check.json and report.html, and ends with 1 where there are errors', async () => {
  const root = join(folder, 'recordings');
  for (const [name, seed] of [
    ['a/1', 1],
    ['b/2', 2],
  ] as const) {
    mkdirSync(join(root, name, '..'), { recursive: true });
    await writeWav(join(root, `${name}.wav`), song(seed, 2), { sampleRate: 16_000 });
  }
  const out = join(folder, 'check');
  const check = (...more: string[]) =>
    runCommandLine(['datasets', 'check', root, '--out', out, '--threads', '1', ...more]);
  expect(await check()).toBe(0);
  expect(written.stdout).toMatch(
    /recordings: 2 clips, .*; 0 errors, 0 to look at\nnothing is wrong with it\nreport/,
  );
  writeFileSync(join(root, 'b/broken.wav'), 'no sound');
  expect(await check('--shortest', '3', '--json')).toBe(1);
  const { findings, split } = JSON.parse(readFileSync(join(out, 'check.json'), 'utf8')) as {
    findings: { kind: string }[];
    split: { hash: string };
  };
  expect(findings.map(({ kind }) => kind)).toEqual(['corrupt', 'short', 'short']);
  expect(split.hash).toMatch(/^[0-9a-f]{64}$/);
  expect(readFileSync(join(out, 'report.html'), 'utf8')).toContain('b/broken.wav');
});
