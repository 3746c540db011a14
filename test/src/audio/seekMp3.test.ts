import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

import { byteSourceOf } from '../../../src/audio/byteSource.ts';
import { decodeMp3 } from '../../../src/audio/decoders/decodeMp3.ts';
import { silenceLead, startsWhole } from '../../../src/audio/decoders/silenceLead.ts';
import { loadAudio } from '../../../src/audio/loadAudio.ts';
import { readMpegHeader, surveyMpegFrames } from '../../../src/audio/mpegFrames.ts';
import { PartCollector } from '../../../src/audio/partCollector.ts';
import { FIXTURES } from './fixtures.ts';
import { writeTemporary } from './temporaryFolder.ts';

const bare = new Uint8Array(readFileSync(`${FIXTURES}lame-bare.mp3`)); // 5 frames, MPEG-1, mono, 44.1 kHz
const withTag = new Uint8Array(readFileSync(`${FIXTURES}lame-stereo.mp3`)); // Info frame, MPEG-2, stereo, 22.05 kHz
const repeat = (bytes: Uint8Array, times: number) =>
  Buffer.concat(Array.from({ length: times }, () => bytes));

/** The file without its first frame. */
function withoutFirstFrame(bytes: Uint8Array): Uint8Array {
  const { start, first } = surveyMpegFrames(byteSourceOf(bytes, 'memory'))!;
  return bytes.subarray(start + first.length);
}

/** An Info frame with these counts, followed by the frames of lame-stereo.mp3 many times over. */
function taggedStream(times: number): Uint8Array {
  const { start, first, frames } = surveyMpegFrames(byteSourceOf(withTag, 'memory'))!;
  const info = Buffer.from(withTag.subarray(start, start + first.length));
  info.writeUInt32BE(frames * times, info.indexOf('Info') + 8);
  return Buffer.concat([info, repeat(withoutFirstFrame(withTag), times)]);
}

test.each<[string, Uint8Array]>([
  ['MPEG-1 without a tag', repeat(bare, 100)],
  ['MPEG-2 stereo with an Info tag and its trimming', taggedStream(100)],
  ['a stream cut out of a longer one', withoutFirstFrame(repeat(bare, 100))],
  ['junk in the middle', Buffer.concat([repeat(bare, 60), Buffer.from('junk'), repeat(bare, 60)])],
])('%s: a part far in has the bits of the whole, and the file its length', async (name, bytes) => {
  const path = writeTemporary(`${name}.mp3`, bytes);
  for (const sampleRate of [8000, 12000, 22050]) {
    const whole = await loadAudio(path, { sampleRate });
    const seconds = whole.samples.length / sampleRate;
    for (const place of [0.2, 0.43, 0.5, 0.61, 0.8, 0.97, 0.999]) {
      for (const durationSeconds of [0.05, 1000]) {
        const offsetSeconds = place * seconds;
        const part = await loadAudio(path, { sampleRate, offsetSeconds, durationSeconds });
        const first = Math.round(offsetSeconds * sampleRate);
        expect(part.samples).toEqual(
          whole.samples.slice(first, first + Math.round(durationSeconds * sampleRate)),
        );
        // where decoding stops before the end in a file with junk, mpg123 is not asked what it makes of the rest
        if (name !== 'junk in the middle') expect(part.source).toEqual(whole.source);
      }
    }
  }
});

test('of a part far in, little more than the part is decoded', async () => {
  const bytes = repeat(bare, 600); // 3000 frames, 78 s
  const blocks: number[] = [];
  const fileRate = 44100;
  const wanted = { first: 70 * fileRate, end: 71 * fileRate };
  class CountingCollector extends PartCollector {
    override add(block: Float32Array): void {
      blocks.push(block.length);
      super.add(block);
    }
  }
  const collector = new CountingCollector({ path: 'memory', wanted, fileRate, sampleRate: fileRate });
  await decodeMp3(byteSourceOf(bytes, 'memory'), () => collector);
  expect(collector.finish(78 * fileRate)).toHaveLength(fileRate);
  const seconds = blocks.reduce((sum, length) => sum + length, 0) / fileRate;
  expect(seconds).toBeLessThan(1 + 8.2 + 0.1); // and a block of 64 KiB, 8.2 s at 64 kbit/s
});

test('a part far in is found truncated as the whole is', async () => {
  const bytes = taggedStream(100);
  const path = writeTemporary('cut.mp3', bytes.subarray(0, bytes.length - 5000));
  const part = loadAudio(path, { sampleRate: 12000, offsetSeconds: 5, durationSeconds: 1 });
  await expect(part).rejects.toThrow('truncated MP3 file, it holds');
});

test('silent frames keep their length, header and main data, and look no further back than the lead', () => {
  const bytes = repeat(bare, 20);
  const source = byteSourceOf(bytes, 'memory');
  const lead = silenceLead(source, 0, 60)!;
  let reservoir = 0;
  for (let at = 0, frame = 0; frame < 60; frame += 1) {
    const { length } = readMpegHeader(bytes, at)!;
    expect(readMpegHeader(lead, at)).toEqual(readMpegHeader(bytes, at));
    const begin = (lead[at + 4] << 1) | (lead[at + 5] >> 7);
    expect(begin).toBe(Math.min((bytes[at + 4] << 1) | (bytes[at + 5] >> 7), reservoir));
    expect([...lead.subarray(at + 6, at + 21)]).toEqual(new Array(15).fill(0)); // 17 bytes of side information
    expect(Buffer.compare(lead.subarray(at + 21, at + length), bytes.subarray(at + 21, at + length))).toBe(0);
    reservoir += length - 21;
    at += length;
  }
});

test('a frame with a checksum, or none, makes no lead', () => {
  const bytes = repeat(bare, 20);
  bytes[1] &= 0xfe;
  expect(silenceLead(byteSourceOf(bytes, 'memory'), 0, 10)).toBeUndefined();
  expect(silenceLead(byteSourceOf(bare, 'memory'), 0, 6)).toBeUndefined(); // 5 frames there
});

test('a stream whose first frame looks back for bits was cut out of a longer one', () => {
  expect(startsWhole(byteSourceOf(bare, 'memory'), 0)).toBe(true);
  const cut = bare.slice();
  cut[4] = 1; // 2 bytes back
  expect(startsWhole(byteSourceOf(cut, 'memory'), 0)).toBe(false);
});
