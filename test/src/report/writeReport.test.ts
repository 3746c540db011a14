import { mkdtemp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { InputError } from '../../../src/errors.ts';
import { renderReport } from '../../../src/report/renderReport.ts';
import { writeReport } from '../../../src/report/writeReport.ts';
import { bareReport } from './sampleReport.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sonotag-report-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('the file replaces an older one, and nothing else is left in the folder', async () => {
  const path = join(folder, 'run', 'report.html');
  await mkdir(join(folder, 'run'));
  await writeFile(path, 'old');
  await writeReport(path, bareReport);
  expect(await readFile(path, 'utf8')).toBe(renderReport(bareReport));
  expect(await readdir(join(folder, 'run'))).toEqual(['report.html']);
});

test('a path that cannot be written is an input error that names it', async () => {
  await mkdir(join(folder, 'taken.html', 'full'), { recursive: true });
  const failure = await writeReport(join(folder, 'taken.html'), bareReport).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(InputError);
  expect((failure as Error).message).toContain('taken.html: the report cannot be written');
  expect(await readdir(join(folder, 'taken.html'))).toEqual(['full']);
});
