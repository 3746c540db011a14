import { execFile } from 'node:child_process';
import { closeSync, ftruncateSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { tempFolder } from '../../support/tempFolder.ts';
import { FIXTURES } from './fixtures.ts';

const temp = tempFolder();
const hour = 3600; // seconds

/**
 * What is decoded of an hour at 44.1 kHz is 605 MB of float32; what is wanted at 1 kHz is 14 MB. The program itself,
 * with its TypeScript loader, takes 120 to 180 MB.
 */
const bound = 350; // MB

async function load(path: string): Promise<{ samples: number; megabytes: number }> {
  const script = fileURLToPath(new URL('../../support/peakMemory.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', script, path]);
  return JSON.parse(stdout) as { samples: number; megabytes: number };
}

test('an hour of WAV is loaded in bounded memory', async () => {
  const path = temp('hour.wav');
  const [rate, bytes] = [44_100, 2 * 44_100 * hour];
  const header = Buffer.alloc(44);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(36 + bytes, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20); // PCM
  header.writeUInt16LE(1, 22); // mono
  header.writeUInt32LE(rate, 24);
  header.writeUInt32LE(2 * rate, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(bytes, 40);
  const file = openSync(path, 'w');
  writeSync(file, header);
  ftruncateSync(file, 44 + bytes); // silence that takes no room on disk
  closeSync(file);
  const { samples, megabytes } = await load(path);
  expect(samples).toBe(1000 * hour);
  expect(megabytes).toBeLessThan(bound);
});

test('an hour of MP3 is loaded in bounded memory', async () => {
  const path = temp('hour.mp3');
  const clip = readFileSync(`${FIXTURES}lame-bare.mp3`); // 5 frames of 1152 samples at 44.1 kHz
  const copies = Math.ceil((hour * 44_100) / (5 * 1152));
  writeFileSync(path, Buffer.concat(Array.from({ length: copies }, () => clip)));
  const { samples, megabytes } = await load(path);
  expect(samples / 1000).toBeCloseTo((copies * 5 * 1152) / 44_100, 0);
  expect(megabytes).toBeLessThan(bound);
});
