import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterEach, expect, test, vi } from 'vitest';

import { loadAudio } from '../../../src/audio/loadAudio.ts';
import { FIXTURES, largestDifference, readExpected } from './fixtures.ts';
import { folder, writeTemporary } from './temporaryFolder.ts';

const noFfmpeg = spawnSync('ffmpeg', ['-version']).status !== 0;
const why = noFfmpeg ? ' (skipped: no ffmpeg on the PATH)' : '';

afterEach(() => vi.unstubAllEnvs());

test.each<[string, string]>([
  ['aac.m4a', 'MP4 or M4A'],
  ['aiff.aiff', 'AIFF'],
  ['ffmpeg-adpcm.wav', 'WAV with IMA ADPCM inside'],
])('%s without ffmpeg: one line that names the format and the way out', async (name, format) => {
  vi.stubEnv('PATH', folder);
  await expect(loadAudio(FIXTURES + name, { sampleRate: 12000 })).rejects.toThrow(
    `${name}: ${format} needs ffmpeg, which is used when it is on the PATH. ` +
      'Install ffmpeg, or convert the file to WAV, FLAC or MP3.',
  );
});

test.skipIf(noFfmpeg).each<[string, number, number, number]>([
  ['aac.m4a', 22050, 1, 1e-4], // decoders differ between versions of ffmpeg
  ['aiff.aiff', 8000, 2, 0],
  ['ffmpeg-adpcm.wav', 8000, 2, 0],
])(`%s comes through ffmpeg${why}`, async (name, sampleRate, channels, tolerance) => {
  const { samples, source } = await loadAudio(FIXTURES + name, { sampleRate });
  expect(source).toMatchObject({ sampleRate, channels });
  expect(largestDifference(samples, readExpected(name, channels))).toBeLessThanOrEqual(tolerance);
});

test.skipIf(noFfmpeg)(
  `a part through ffmpeg has the same bits as that slice of the whole${why}`,
  async () => {
    const path = `${FIXTURES}aiff.aiff`;
    const whole = (await loadAudio(path, { sampleRate: 12000 })).samples;
    const part = { sampleRate: 12000, offsetSeconds: 0.01, durationSeconds: 0.02 };
    expect((await loadAudio(path, part)).samples).toEqual(whole.slice(120, 360));
  },
);

test.skipIf(noFfmpeg)(`a name that looks like an option or a protocol is a file${why}`, async () => {
  const bytes = readFileSync(`${FIXTURES}aiff.aiff`);
  for (const name of ['-i.aiff', 'http:x.aiff', 'a b;$(c).aiff', '%d.aiff']) {
    const { samples } = await loadAudio(writeTemporary(name, bytes), { sampleRate: 8000 });
    expect(samples).toHaveLength(353);
  }
});

test.skipIf(noFfmpeg)(`a file that ffmpeg finds cut short or damaged is refused${why}`, async () => {
  const m4a = readFileSync(`${FIXTURES}aac.m4a`);
  const cut = writeTemporary('cut.m4a', m4a.subarray(0, 900));
  await expect(loadAudio(cut, { sampleRate: 12000 })).rejects.toThrow(
    'truncated MP4 or M4A file, ffmpeg says "moov atom not found"',
  );
  const nonsense = Buffer.concat([Buffer.from('FORM\0\0\0\x40AIFF'), Buffer.alloc(64, 7)]);
  const bad = writeTemporary('bad.aiff', nonsense);
  await expect(loadAudio(bad, { sampleRate: 12000 })).rejects.toThrow(
    /bad\.aiff: (damaged|truncated) AIFF file, [^\n]*$/,
  );
});
