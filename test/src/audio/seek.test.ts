import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

import { byteSourceOf } from '../../../src/audio/byteSource.ts';
import type { ByteSource } from '../../../src/audio/byteSource.ts';
import { decodeFlac } from '../../../src/audio/decoders/decodeFlac.ts';
import { decodeOggVorbis } from '../../../src/audio/decoders/decodeOgg.ts';
import { findVorbisSeek } from '../../../src/audio/decoders/seekVorbis.ts';
import { findFlacFrame, readFlacFrameHeader } from '../../../src/audio/flacFrames.ts';
import type { FlacStreamInfo } from '../../../src/audio/flacFrames.ts';
import { loadAudio } from '../../../src/audio/loadAudio.ts';
import { surveyOggPages } from '../../../src/audio/oggPages.ts';
import { PartCollector } from '../../../src/audio/partCollector.ts';
import { FIXTURES } from './fixtures.ts';
import { writeTemporary } from './temporaryFolder.ts';

const flac = new Uint8Array(readFileSync(`${FIXTURES}seek/mono.flac`)); // 8 s at 8 kHz in blocks of 1024
const vorbis = new Uint8Array(readFileSync(`${FIXTURES}seek/stereo.ogg`)); // 4 s at 22.05 kHz, pages of 0.1 s
const flacInfo: FlacStreamInfo = {
  sampleRate: 8000,
  channels: 1,
  bitDepth: 16,
  largestBlock: 1024,
  totalFrames: 64_000,
};

test.each([
  ['FLAC', 'mono.flac'],
  ['Ogg Vorbis', 'stereo.ogg'],
])('%s: a part far in has the bits of the whole, and the file its length', async (_, name) => {
  const path = `${FIXTURES}seek/${name}`;
  for (const sampleRate of [8000, 12_000]) {
    const whole = await loadAudio(path, { sampleRate });
    const seconds = whole.samples.length / sampleRate;
    for (const place of [0.1, 0.3, 0.43, 0.5, 0.61, 0.8, 0.97, 0.999]) {
      for (const durationSeconds of [0.05, 1000]) {
        const offsetSeconds = place * seconds;
        const part = await loadAudio(path, { sampleRate, offsetSeconds, durationSeconds });
        const first = Math.round(offsetSeconds * sampleRate);
        expect(part.samples).toEqual(
          whole.samples.slice(first, first + Math.round(durationSeconds * sampleRate)),
        );
        expect(part.source).toEqual(whole.source);
      }
    }
  }
});

/** Bytes that a decoder reads for the second half of the last second. */
async function bytesRead(
  bytes: Uint8Array,
  rate: number,
  seconds: number,
  decode: typeof decodeFlac,
): Promise<number> {
  let count = 0;
  const memory = byteSourceOf(bytes, 'memory');
  const source: ByteSource = {
    ...memory,
    read: (position, length) => {
      const read = memory.read(position, length);
      count += read.length;
      return read;
    },
  };
  const wanted = { first: (seconds - 0.5) * rate, end: seconds * rate };
  const collector = new PartCollector({ path: 'memory', wanted, fileRate: rate, sampleRate: rate });
  await decode(source, () => collector);
  expect(collector.finish(seconds * rate)).toHaveLength(rate / 2);
  return count;
}

test('of a FLAC file far in, only the search and the part are read', async () => {
  expect(await bytesRead(flac, 8000, 8, decodeFlac)).toBeLessThan(0.5 * flac.length);
});

test('of an Ogg Vorbis file far in, pages are checked, and two and the part decoded', async () => {
  const survey = surveyOggPages(byteSourceOf(vorbis, 'memory'));
  const seek = await findVorbisSeek(byteSourceOf(vorbis, 'memory'), survey, 3.5 * 22_050);
  expect(seek!.firstFrame).toBeGreaterThan(3 * 22_050);
  expect(seek!.firstFrame).toBeLessThanOrEqual(3.5 * 22_050);
  const length = (bytes: Uint8Array) => bytesRead(bytes, 22_050, 4, decodeOggVorbis);
  expect(await length(vorbis)).toBeLessThan(1.7 * vorbis.length); // once whole for the checksums
});

test('a Vorbis stream cut out of a longer one is decoded from its start', async () => {
  const source = byteSourceOf(vorbis, 'memory');
  const survey = surveyOggPages(source);
  const fresh = survey.fresh.map((page) => ({ ...page, granule: page.granule + 100_000 }));
  expect(await findVorbisSeek(source, { ...survey, fresh }, 170_000)).toBeUndefined();
});

test('near the start nothing is sought', async () => {
  const source = byteSourceOf(vorbis, 'memory');
  expect(await findVorbisSeek(source, surveyOggPages(source), 5000)).toBeUndefined();
  expect(findFlacFrame(byteSourceOf(flac, 'memory'), flacInfo, 0, 1000)).toBeUndefined();
});

test('the frame found is the one before the sample, or at most 16 KiB before it', () => {
  const source = byteSourceOf(flac, 'memory');
  for (const sample of [30_000, 40_960, 50_000, 63_999]) {
    const frame = findFlacFrame(source, flacInfo, 0, sample)!;
    expect(frame.firstSample % 1024).toBe(0);
    expect(frame.firstSample).toBeLessThanOrEqual(sample);
    const next = findFlacFrame(source, flacInfo, frame.position + 1, sample);
    if (next) expect(next.position - frame.position).toBeLessThan(2 ** 14);
  }
});

test('a frame header is read as in the example of RFC 9639, appendix D.1', () => {
  const info = { sampleRate: 44_100, channels: 2, bitDepth: 16, largestBlock: 4096, totalFrames: 1 };
  const bytes = Uint8Array.of(0xff, 0xf8, 0x69, 0x18, 0x00, 0x00, 0xbf, 0x03, 0x58);
  expect(readFlacFrameHeader(bytes, 0, info)).toEqual({
    position: 0,
    firstSample: 0,
    blockSize: 1,
    headerBytes: 7,
  });
  bytes[6] ^= 1;
  expect(readFlacFrameHeader(bytes, 0, info)).toBeUndefined();
});

test('where blocks differ in size, a header counts samples, in up to seven bytes', () => {
  const info = { sampleRate: 48_000, channels: 1, bitDepth: 24, largestBlock: 4608, totalFrames: 0 };
  // 0xf9: samples are counted; 0x50: 4608 samples, rate as in STREAMINFO; 0x0c: mono, 24 bits. The number as in UTF-8:
  // 0x1234567 = 000001 001000 110100 010101 100111, five bytes.
  const header = [0xff, 0xf9, 0x50, 0x0c, 0xf9, 0x88, 0xb4, 0x95, 0xa7];
  const bytes = Uint8Array.of(...header, remainder(header), 0);
  expect(readFlacFrameHeader(bytes, 0, info)).toEqual({
    position: 0,
    firstSample: 0x1234567,
    blockSize: 4608,
    headerBytes: 10,
  });
  expect(readFlacFrameHeader(bytes, 0, { ...info, channels: 2 })).toBeUndefined();
  expect(readFlacFrameHeader(bytes, 0, { ...info, bitDepth: 16 })).toBeUndefined();
});

/** CRC-8 of RFC 9639 by division of polynomials. */
function remainder(bytes: number[]): number {
  let value = 0n;
  for (const byte of [...bytes, 0]) {
    for (let bit = 7; bit >= 0; bit -= 1) {
      value = (value << 1n) | BigInt((byte >> bit) & 1);
      if (value >> 8n) value ^= 0x107n;
    }
  }
  return Number(value);
}

test('a FLAC frame that is damaged is no place to start', () => {
  const found = findFlacFrame(byteSourceOf(flac, 'memory'), flacInfo, 0, 50_000)!;
  const damaged = flac.slice();
  damaged[found.position + 200] ^= 1;
  const other = findFlacFrame(byteSourceOf(damaged, 'memory'), flacInfo, 0, 50_000)!;
  expect(other.position).not.toBe(found.position);
});

test('a part far in of a truncated FLAC file is refused as the whole is', async () => {
  const path = writeTemporary('cut.flac', flac.subarray(0, flac.length - 3000));
  const part = loadAudio(path, { sampleRate: 8000, offsetSeconds: 7, durationSeconds: 10 });
  await expect(part).rejects.toThrow('truncated FLAC file, it holds');
});
