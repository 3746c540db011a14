import * as fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';

import { InputError } from '../../../src/errors.ts';
import { loadAudio } from '../../../src/audio/loadAudio.ts';
import { FIXTURES } from './fixtures.ts';
import { folder, writeTemporary } from './temporaryFolder.ts';

const FIXED_SEED = { seed: 7 };

/** A file with a few bytes changed, mostly in its header, and perhaps cut. */
const damage = (bytes: Uint8Array) =>
  fc
    .record({
      changes: fc.array(fc.tuple(fc.nat(Math.min(120, bytes.length - 1)), fc.nat(255)), { maxLength: 4 }),
      anywhere: fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { maxLength: 2 }),
      length: fc.oneof(fc.constant(bytes.length), fc.nat(bytes.length)),
    })
    .map(({ changes, anywhere, length }) => {
      const copy = bytes.slice();
      for (const [at, value] of [...changes, ...anywhere]) copy[at] = value;
      return copy.subarray(0, length);
    });

test.each<[name: string, numRuns: number, offsetSeconds?: number]>([
  ['ffmpeg-pcm_s16le.wav', 80],
  ['ffmpeg-pcm_f32le.wav', 80],
  ['ffmpeg-rf64.wav', 80],
  ['sox-pipe.wav', 60],
  ['ffmpeg-pcm_s24be.au', 80],
  ['flac-16.flac', 40],
  ['lame-stereo.mp3', 60],
  ['vorbis.ogg', 40],
  ['opus.opus', 40],
  ['seek/mono.flac', 60, 5],
])(
  '%s, damaged at random: finite samples or an InputError, and little memory',
  async (name, numRuns, offsetSeconds = 0) => {
    vi.stubEnv('PATH', folder); // without ffmpeg, which is not what is tested
    const bytes = new Uint8Array(readFileSync(FIXTURES + name));
    const property = fc.asyncProperty(damage(bytes), async (damaged) => {
      const path = writeTemporary('damaged', damaged);
      try {
        const { samples } = await loadAudio(path, { sampleRate: 12000, offsetSeconds });
        expect(samples.length).toBeGreaterThan(0);
        expect(samples.byteLength).toBeLessThan(64 * 2 ** 20);
        expect(samples.every(Number.isFinite)).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(InputError);
        expect((error as InputError).message).toMatch(/^[^\n]*damaged: [^\n]+$/);
      }
    });
    await fc.assert(property, { ...FIXED_SEED, numRuns });
    vi.unstubAllEnvs();
  },
);
