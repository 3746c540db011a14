import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname } from 'node:path';
import { expect, test } from 'vitest';
import { replaceWhole, writeWhole } from '../../../src/files/writeWhole.ts';
import { tempFolder } from '../../support/tempFolder.ts';

const temp = tempFolder();

test('text and bytes are written as they are, and folders on the way are made', async () => {
  await writeWhole(temp('a', 'b', 'text.csv'), 'ä,1\n');
  await writeWhole(temp('a', 'b', 'bytes.bin'), Uint8Array.of(0, 255, 10, 13));
  expect(readFileSync(temp('a', 'b', 'text.csv'), 'utf8')).toBe('ä,1\n');
  expect([...readFileSync(temp('a', 'b', 'bytes.bin'))]).toEqual([0, 255, 10, 13]);
  expect(readdirSync(temp('a', 'b')).sort()).toEqual(['bytes.bin', 'text.csv']);
});

test('a shorter content replaces a longer one whole', async () => {
  await writeWhole(temp('short.txt'), 'a long line');
  await writeWhole(temp('short.txt'), '');
  expect(readFileSync(temp('short.txt'), 'utf8')).toBe('');
});

test('the old file stands, whole, until the new one is finished beside it', async () => {
  await writeWhole(temp('stands', 'f.h5'), 'old');
  await replaceWhole(temp('stands', 'f.h5'), async (beside) => {
    writeFileSync(beside, 'ne');
    expect(readFileSync(temp('stands', 'f.h5'), 'utf8')).toBe('old');
    expect(dirname(beside)).toBe(temp('stands')); // on the same disk, or a rename is a copy
    expect([extname(beside), basename(beside)[0]]).toEqual(['.h5', '.']);
    writeFileSync(beside, 'new');
  });
  expect(readFileSync(temp('stands', 'f.h5'), 'utf8')).toBe('new');
});

test('a writer that throws leaves the old file and nothing beside it', async () => {
  await writeWhole(temp('throws', 'f.txt'), 'old');
  const failed = replaceWhole(temp('throws', 'f.txt'), async (beside) => {
    writeFileSync(beside, 'half');
    throw new Error('out of ideas');
  });
  await expect(failed).rejects.toThrow('out of ideas');
  expect(readFileSync(temp('throws', 'f.txt'), 'utf8')).toBe('old');
  expect(readdirSync(temp('throws'))).toEqual(['f.txt']);
});

test('a writer that writes nothing is an error, and makes no file', async () => {
  await expect(replaceWhole(temp('nothing', 'f.txt'), async () => undefined)).rejects.toThrow('ENOENT');
  expect(readdirSync(temp('nothing'))).toEqual([]);
});

test('a folder in the place of the file is an error, and stays', async () => {
  mkdirSync(temp('place', 'taken'), { recursive: true });
  await expect(writeWhole(temp('place', 'taken'), 'x')).rejects.toThrow();
  expect(readdirSync(temp('place'))).toEqual(['taken']);
});
