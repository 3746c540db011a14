import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import type * as fsPromises from 'node:fs/promises';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { replaceFolder } from '../../../src/files/replaceFolder.ts';
import { tempFolder } from '../../support/tempFolder.ts';

vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof fsPromises>();
  return { ...real, rename: vi.fn(real.rename) };
});

const temp = tempFolder();

/** A fill that writes one file. */
function file(name: string, content: string): (beside: string) => Promise<void> {
  return async (beside) => writeFileSync(join(beside, name), content);
}

test('a folder is made with those above it, and nothing beside it', async () => {
  await replaceFolder(temp('made', 'run', 'model'), file('a', '1'));
  expect(readFileSync(temp('made', 'run', 'model', 'a'), 'utf8')).toBe('1');
  expect(readdirSync(temp('made', 'run'))).toEqual(['model']);
});

test('a folder takes the place of another whole, its older files gone, also under a name with a slash', async () => {
  await replaceFolder(temp('taken', 'model'), file('old', '1'));
  await replaceFolder(`${temp('taken', 'model')}/`, async (beside) => {
    expect(existsSync(temp('taken', 'model', 'old'))).toBe(true);
    await file('new', '2')(beside);
  });
  expect(readdirSync(temp('taken', 'model'))).toEqual(['new']);
  expect(readdirSync(temp('taken'))).toEqual(['model']);
});

test('a fill that throws leaves the old folder and nothing beside it', async () => {
  await replaceFolder(temp('throws', 'model'), file('old', '1'));
  const failed = replaceFolder(temp('throws', 'model'), async (beside) => {
    mkdirSync(join(beside, 'half'));
    throw new Error('out of ideas');
  });
  await expect(failed).rejects.toThrow('out of ideas');
  expect(readdirSync(temp('throws', 'model'))).toEqual(['old']);
  expect(readdirSync(temp('throws'))).toEqual(['model']);
});

test('a rename that fails puts the old folder back', async () => {
  await replaceFolder(temp('renames', 'model'), file('old', '1'));
  const real = vi.mocked(rename).getMockImplementation()!;
  vi.mocked(rename).mockImplementationOnce(real).mockRejectedValueOnce(new Error('not permitted'));
  await expect(replaceFolder(temp('renames', 'model'), file('new', '2'))).rejects.toThrow('not permitted');
  expect(readdirSync(temp('renames', 'model'))).toEqual(['old']);
  expect(readdirSync(temp('renames'))).toEqual(['model']);
});
