import { expect, test } from 'vitest';

import { loadAudio } from '../../../src/audio/loadAudio.ts';
import { FIXTURES, largestDifference, readExpected } from './fixtures.ts';

// Expected samples: ffmpeg 5.1.9 and SoX 14.4.2, see test/fixtures/audio/make.sh

test.each<[string, number]>([
  ['ffmpeg-pcm_u8.wav', 2],
  ['ffmpeg-pcm_s16le.wav', 2],
  ['ffmpeg-pcm_s24le.wav', 2],
  ['ffmpeg-pcm_s32le.wav', 2],
  ['ffmpeg-pcm_s64le.wav', 2],
  ['ffmpeg-pcm_f32le.wav', 2],
  ['ffmpeg-pcm_f64le.wav', 2],
  ['ffmpeg-pcm_alaw.wav', 2],
  ['ffmpeg-pcm_mulaw.wav', 2],
  ['ffmpeg-s24-mono.wav', 1],
  ['ffmpeg-six-channels.wav', 6],
  ['ffmpeg-rf64.wav', 2],
  ['ffmpeg-list.wav', 2],
  ['ffmpeg-pipe.wav', 2],
  ['ffmpeg-pipe-s24-mono.wav', 1],
  ['sox-u8.wav', 2],
  ['sox-s24.wav', 2],
  ['sox-f32.wav', 2],
  ['sox-f64.wav', 2],
  ['sox-alaw.wav', 2],
  ['sox-mulaw.wav', 2],
  ['sox-rifx.wav', 2],
  ['sox-pipe.wav', 2],
  ['ffmpeg-pcm_mulaw.au', 2],
  ['ffmpeg-pcm_alaw.au', 2],
  ['ffmpeg-pcm_s8.au', 2],
  ['ffmpeg-pcm_s16be.au', 2],
  ['ffmpeg-pcm_s24be.au', 2],
  ['ffmpeg-pcm_s32be.au', 2],
  ['ffmpeg-pcm_f32be.au', 2],
  ['ffmpeg-pcm_f64be.au', 2],
  ['ffmpeg-pipe.au', 2],
  ['sox-s16.au', 2],
  ['flac-16.flac', 2],
  ['flac-24.flac', 2],
])('%s gives the mean of ffmpeg’s samples to the bit', async (name, channels) => {
  const { samples, source } = await loadAudio(FIXTURES + name, { sampleRate: 8000 });
  expect(source).toMatchObject({ sampleRate: 8000, channels, seconds: 353 / 8000 });
  expect(largestDifference(samples, readExpected(name, channels))).toBe(0);
});

test.each<[string, string, number, number, number]>([
  ['lame-stereo.mp3', 'MP3', 22050, 2, 2e-6],
  ['lame-mono.mp3', 'MP3', 44100, 1, 2e-6],
  ['lame-bare.mp3', 'MP3', 44100, 1, 2e-6], // neither Xing header nor ID3 tag
  ['lame-attacks.mp3', 'MP3', 44100, 2, 2e-6], // short blocks
  ['lame-8k.mp3', 'MP3', 8000, 2, 2e-6], // MPEG-2.5
  ['lame-checksum.mp3', 'MP3', 32000, 2, 2e-6],
  ['opus.opus', 'Opus', 48000, 2, 2e-5],
])(
  '%s is ffmpeg’s signal within the decoders’ rounding',
  async (name, format, sampleRate, channels, tolerance) => {
    const { samples, source } = await loadAudio(FIXTURES + name, { sampleRate });
    const expected = readExpected(name, channels);
    expect(source).toEqual({ format, sampleRate, channels, seconds: expected.length / sampleRate });
    expect(largestDifference(samples, expected)).toBeLessThan(tolerance);
  },
);

test('vorbis.ogg ends where its last granule position says; ffmpeg 5.1 plays its last block to the end', async () => {
  const { samples, source } = await loadAudio(`${FIXTURES}vorbis.ogg`, { sampleRate: 22050 });
  expect(source).toEqual({ format: 'Ogg Vorbis', sampleRate: 22050, channels: 2, seconds: 0.1 });
  const expected = readExpected('vorbis.ogg', 2).subarray(0, 2205);
  expect(largestDifference(samples, expected)).toBeLessThan(1e-6);
});
