import { closeSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { loadAudio } from '../../../src/audio/loadAudio.ts';
import { resample } from '../../../src/audio/resample.ts';
import { buildWav, chunk, int16Bytes, uint32 } from './buildWav.ts';
import { FIXTURES } from './fixtures.ts';
import { folder, writeTemporary } from './temporaryFolder.ts';

/** Noise that repeats with the seed: x ← 1103515245 x + 12345 mod 2^31, the high bits. */
function noise(length: number, seed = 1): number[] {
  let state = seed;
  return Array.from({ length }, () => {
    state = (Math.imul(1103515245, state) + 12345) & 0x7fffffff;
    return (state >> 15) - 32768;
  });
}

test('channels are averaged, then resampled', async () => {
  const [left, right] = [noise(3000, 1), noise(3000, 2)];
  const data = int16Bytes(...left.flatMap((sample, i) => [sample, right[i]]));
  const path = writeTemporary('stereo.wav', buildWav({ channels: 2, sampleRate: 44100, data }));
  const { samples, sampleRate, source } = await loadAudio(path, { sampleRate: 12000 });
  const mean = Float32Array.from(left, (sample, i) => (sample + right[i]) / 65536);
  expect(samples).toEqual(resample(mean, 44100, 12000));
  expect(sampleRate).toBe(12000);
  expect(source).toEqual({ format: 'WAV', sampleRate: 44100, channels: 2, seconds: 3000 / 44100 });
});

test.each([
  'ffmpeg-pcm_s24le.wav',
  'ffmpeg-pipe.au',
  'flac-16.flac',
  'lame-stereo.mp3',
  'lame-mono.mp3',
  'vorbis.ogg',
  'opus.opus',
])('%s: a part has the same bits as that slice of the whole, at any rate', async (name) => {
  for (const sampleRate of [8000, 12000, 44100]) {
    const whole = (await loadAudio(FIXTURES + name, { sampleRate })).samples;
    for (const [offsetSeconds, durationSeconds] of [
      [0, 0.01],
      [0.0151, 0.02],
      [0.03, 9],
    ]) {
      const part = await loadAudio(FIXTURES + name, { sampleRate, offsetSeconds, durationSeconds });
      const first = Math.round(offsetSeconds * sampleRate);
      expect(part.samples).toEqual(whole.slice(first, first + Math.round(durationSeconds * sampleRate)));
    }
  }
});

test('the length of the whole file is told when a part is loaded', async () => {
  for (const name of ['ffmpeg-pcm_s16le.wav', 'flac-16.flac', 'lame-mono.mp3', 'vorbis.ogg', 'opus.opus']) {
    const whole = await loadAudio(FIXTURES + name, { sampleRate: 8000 });
    const part = await loadAudio(FIXTURES + name, { sampleRate: 8000, durationSeconds: 0.01 });
    expect(part.source).toEqual(whole.source);
  }
});

test('a part that reaches past the end is shorter, one that starts there is an error', async () => {
  const path = writeTemporary('second.wav', buildWav({ data: int16Bytes(...noise(8000)) }));
  const { samples } = await loadAudio(path, { sampleRate: 8000, offsetSeconds: 0.75, durationSeconds: 3 });
  expect(samples).toHaveLength(2000);
  await expect(loadAudio(path, { sampleRate: 8000, offsetSeconds: 1 })).rejects.toThrow(
    `${path}: holds 1.00 s of audio, but the part from 1.00 s on was asked for`,
  );
});

test('the content decides, not the name', async () => {
  const mp3 = writeTemporary('really-mp3.wav', readFileSync(`${FIXTURES}lame-stereo.mp3`));
  expect((await loadAudio(mp3, { sampleRate: 12000 })).source.format).toBe('MP3');
  const wav = writeTemporary('really-wav.mp3', readFileSync(`${FIXTURES}ffmpeg-pcm_s16le.wav`));
  expect((await loadAudio(wav, { sampleRate: 12000 })).source.format).toBe('WAV');
});

test('many blocks give the same as one: a file longer than what is read at a time', async () => {
  const frames = 400_000; // 2.4 MB of 24-bit stereo
  const values = Float32Array.from(noise(frames), (sample) => sample / 32768);
  const data = new Uint8Array(frames * 6);
  values.forEach((sample, i) => {
    const step = sample * 2 ** 23;
    for (const at of [0, 3]) data.set([step & 0xff, (step >> 8) & 0xff, (step >> 16) & 0xff], i * 6 + at);
  });
  const header = buildWav({ channels: 2, bits: 24, sampleRate: 44100, dataSize: data.length });
  const path = writeTemporary('long.wav', Buffer.concat([header, data]));
  expect((await loadAudio(path, { sampleRate: 44100 })).samples).toEqual(values);
});

test('the end of a 3 GiB RF64 file is read without reading the rest', async () => {
  const dataBytes = 3 * 2 ** 30;
  const longSize = [...uint32(dataBytes >>> 0), ...uint32(Math.floor(dataBytes / 2 ** 32))];
  const ds64 = chunk('ds64', [
    ...uint32(0),
    ...uint32(0),
    ...longSize,
    ...uint32(0),
    ...uint32(0),
    ...uint32(0),
  ]);
  const header = buildWav({ id: 'RF64', before: ds64, dataSize: 0xffffffff, sampleRate: 48000 });
  const path = join(folder, 'huge.wav');
  const file = openSync(path, 'w');
  writeSync(file, header);
  ftruncateSync(file, header.length + dataBytes); // sparse: takes no room on the disk
  const tail = noise(480);
  writeSync(file, Uint8Array.from(int16Bytes(...tail)), 0, 960, header.length + dataBytes - 960);
  closeSync(file);
  const seconds = dataBytes / 2 / 48000;
  const { samples, source } = await loadAudio(path, { sampleRate: 48000, offsetSeconds: seconds - 0.01 });
  expect(samples).toEqual(Float32Array.from(tail, (sample) => sample / 32768));
  expect(source.seconds).toBe(seconds);
  const whole = loadAudio(path, { sampleRate: 48000 });
  await expect(whole).rejects.toThrow('more than 186 minutes of audio at 48000 Hz do not fit in memory');
});

test('a silent file passes where silence is allowed', async () => {
  const path = writeTemporary('pause.wav', buildWav({ data: new Array<number>(800).fill(0) }));
  const { samples } = await loadAudio(path, { sampleRate: 8000, allowSilence: true });
  expect(samples).toEqual(new Float32Array(400));
});

test('options outside their range are refused before the file is opened', async () => {
  const load = (options: object) => loadAudio('nowhere.wav', { sampleRate: 8000, ...options });
  await expect(load({ sampleRate: 12 })).rejects.toThrow('Was it given in kHz?');
  await expect(load({ offsetSeconds: -1 })).rejects.toThrow('offsetSeconds must be >= 0 seconds; got -1');
  await expect(load({ durationSeconds: 0 })).rejects.toThrow('durationSeconds must be > 0 seconds; got 0');
  await expect(load({ durationSeconds: NaN })).rejects.toThrow(RangeError);
});
