import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';

import { readWav } from '../../../src/audio/wav.ts';
import { writeWav } from '../../../src/audio/writeWav.ts';

const folder = mkdtempSync(join(tmpdir(), 'sonotag-writeWav-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('16-bit samples come back to half a step, without bias', async () => {
  const samples = Float32Array.from({ length: 2001 }, (_, i) => (i - 1000) / 1000.37);
  await writeWav(join(folder, 'int16.wav'), samples, { sampleRate: 12000 });
  const { sampleRate, channels } = readWav(readFileSync(join(folder, 'int16.wav')));
  expect(sampleRate).toBe(12000);
  expect(channels).toHaveLength(1);
  channels[0].forEach((sample, i) => expect(sample * 32768).toBe(Math.round(samples[i] * 32768) + 0));
});

test('every step of 16 bits is written as itself', async () => {
  const steps = Float32Array.from({ length: 65536 }, (_, i) => (i - 32768) / 32768);
  await writeWav(join(folder, 'steps.wav'), steps, { sampleRate: 8000 });
  expect(readWav(readFileSync(join(folder, 'steps.wav'))).channels[0]).toEqual(steps);
});

test('floats come back to the bit, in every channel', async () => {
  const channels = [Float32Array.of(0.1, -1, 1), Float32Array.of(1e-9, 0, -0.3)];
  await writeWav(join(folder, 'float.wav'), channels, { sampleRate: 44100, encoding: 'float32' });
  expect(readWav(readFileSync(join(folder, 'float.wav')))).toEqual({ sampleRate: 44100, channels });
});

test('both encodings clip at full scale', async () => {
  const loud = Float32Array.of(1.5, -1.5);
  await writeWav(join(folder, 'clip.wav'), loud, { sampleRate: 8000 });
  expect([...readWav(readFileSync(join(folder, 'clip.wav'))).channels[0]]).toEqual([32767 / 32768, -1]);
  await writeWav(join(folder, 'clip.wav'), loud, { sampleRate: 8000, encoding: 'float32' });
  expect([...readWav(readFileSync(join(folder, 'clip.wav'))).channels[0]]).toEqual([1, -1]);
});

test('an existing file is replaced as a whole, and nothing is left beside it', async () => {
  const place = mkdtempSync(join(folder, 'place-'));
  writeFileSync(join(place, 'a.wav'), 'old');
  await writeWav(join(place, 'a.wav'), Float32Array.of(0.5), { sampleRate: 8000 });
  expect(readdirSync(place)).toEqual(['a.wav']);
  await expect(
    writeWav(join(place, 'a.wav', 'b.wav'), Float32Array.of(0), { sampleRate: 8000 }),
  ).rejects.toThrow(/EEXIST|ENOTDIR/);
  expect(readdirSync(place)).toEqual(['a.wav']);
});

test('what cannot be written is refused before the file is touched', async () => {
  const write = (channels: Float32Array[], sampleRate = 8000) =>
    writeWav(join(folder, 'no.wav'), channels, { sampleRate });
  await expect(write([])).rejects.toThrow('at least one channel');
  await expect(write([new Float32Array(0)])).rejects.toThrow(RangeError);
  await expect(write([new Float32Array(1), new Float32Array(2)])).rejects.toThrow('equally long');
  await expect(write([Float32Array.of(0), Float32Array.of(NaN)])).rejects.toThrow(
    'channel 1 holds a sample that is not',
  );
  await expect(write([Float32Array.of(0)], 44.1)).rejects.toThrow('sampleRate must be a whole number of Hz');
  expect(readdirSync(folder)).not.toContain('no.wav');
});
