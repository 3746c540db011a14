import { spawnSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { afterEach, expect, test, vi } from 'vitest';
import { codecRoundTrip, lossyCodecs, type LossyCodec } from '../../../src/audio/codecRoundTrip.ts';
import { tempFolder } from '../../support/tempFolder.ts';

const temp = tempFolder();
const noFfmpeg = spawnSync('ffmpeg', ['-version']).status !== 0;
const why = noFfmpeg ? ' (skipped: no ffmpeg on the PATH)' : '';

/** A chirp that is never like itself shifted. */
function chirp(length: number, sampleRate: number): Float32Array {
  return Float32Array.from({ length }, (_, n) => {
    const t = n / sampleRate;
    return 0.5 * Math.sin(2 * Math.PI * (200 * t + 400 * t * t));
  });
}

/** Of `a` delayed by `lag` against `b`, away from the ends. */
function correlation(a: Float32Array, b: Float32Array, lag: number): number {
  let [ab, aa, bb] = [0, 0, 0];
  for (let n = 100; n < a.length - 100; n++) {
    ab += a[n + lag] * b[n];
    aa += a[n + lag] ** 2;
    bb += b[n] ** 2;
  }
  return ab / Math.sqrt(aa * bb);
}

afterEach(() => vi.unstubAllEnvs());

test.skipIf(noFfmpeg).each<[LossyCodec, number, number]>([
  ['mp3', 16000, 12345],
  ['mp3', 12000, 9999],
  ['opus', 16000, 12345],
  ['opus', 22050, 15000],
  ['vorbis', 16000, 12345],
  ['vorbis', 44100, 30001],
])(
  `%s at %d Hz gives as many samples in the same places, changed a little${why}`,
  async (codec, sampleRate, length) => {
    const samples = chirp(length, sampleRate);
    const heard = await codecRoundTrip(samples, { sampleRate, codec, kbps: 48 });
    expect(heard).toHaveLength(length);
    expect(heard.every(Number.isFinite)).toBe(true);
    const lags = Array.from({ length: 41 }, (_, i) => i - 20);
    const byLag = lags.map((lag) => correlation(heard, samples, lag));
    const best = lags[byLag.indexOf(Math.max(...byLag))];
    expect(Math.abs(best)).toBeLessThanOrEqual(1);
    expect(Math.max(...byLag)).toBeGreaterThan(0.97);
    expect(heard).not.toEqual(samples);
  },
);

test.skipIf(noFfmpeg)(`fewer bits leave less of noise${why}`, async () => {
  const noise = Float32Array.from({ length: 16000 }, (_, n) => 0.3 * Math.sin(n * n * 1.7));
  const left = async (kbps: number) =>
    correlation(await codecRoundTrip(noise, { sampleRate: 16000, codec: 'mp3', kbps }), noise, 0);
  expect(await left(16)).toBeLessThan(await left(128));
});

test('without ffmpeg there is one line that says so', async () => {
  vi.stubEnv('PATH', temp());
  await expect(codecRoundTrip(chirp(100, 8000), { sampleRate: 8000, codec: 'opus' })).rejects.toThrow(
    'The codec opus needs ffmpeg, which is used when it is on the PATH. Install ffmpeg, or leave this out.',
  );
});

test.skipIf(process.platform === 'win32')('an ffmpeg without the encoder is quoted', async () => {
  writeFileSync(temp('ffmpeg'), '#!/bin/sh\necho "Unknown encoder libmp3lame" >&2\nexit 1\n');
  chmodSync(temp('ffmpeg'), 0o755);
  vi.stubEnv('PATH', temp());
  await expect(codecRoundTrip(chirp(100, 8000), { sampleRate: 8000, codec: 'mp3' })).rejects.toThrow(
    'ffmpeg could not encode or decode mp3: "Unknown encoder libmp3lame". Take another codec',
  );
});

test('bad samples and options are refused', async () => {
  const options = { sampleRate: 8000, codec: 'mp3' } as const;
  await expect(codecRoundTrip(new Float32Array(0), options)).rejects.toThrow('one finite number or more');
  await expect(codecRoundTrip(Float32Array.of(NaN), options)).rejects.toThrow('one finite number or more');
  await expect(codecRoundTrip(Float32Array.of(0), { ...options, kbps: 0 })).rejects.toThrow('kbps > 0');
  await expect(codecRoundTrip(Float32Array.of(0), { ...options, codec: 'aac' as 'mp3' })).rejects.toThrow(
    lossyCodecs.join(', '),
  );
});
