import { readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';

import { loadAudio } from '../../../src/audio/loadAudio.ts';
import { byteSourceOf } from '../../../src/audio/byteSource.ts';
import * as oggPages from '../../../src/audio/oggPages.ts';
import { FIXTURES } from './fixtures.ts';
import { writeTemporary } from './temporaryFolder.ts';

const surveyOggPages = (bytes: Uint8Array) => oggPages.surveyOggPages(byteSourceOf(bytes, 'memory'));

const vorbis = new Uint8Array(readFileSync(`${FIXTURES}vorbis.ogg`));

/** The checksum of RFC 3533 bit by bit: polynomial division by 0x04c11db7. */
function checksum(page: Uint8Array): number {
  let remainder = 0n;
  for (const byte of page) {
    remainder ^= BigInt(byte) << 24n;
    for (let bit = 0; bit < 8; bit += 1) {
      remainder <<= 1n;
      if (remainder >> 32n) remainder ^= 0x104c11db7n;
    }
  }
  return Number(remainder);
}

/** Changes one page and mends its checksum; `body` is where its first packet starts. */
function editPage(
  file: Uint8Array,
  number: number,
  edit: (page: DataView, body: number) => void,
): Uint8Array {
  const bytes = file.slice();
  const starts = [0];
  while (starts.length <= number) starts.push(Buffer.from(bytes).indexOf('OggS', starts.at(-1)! + 4));
  const next = Buffer.from(bytes).indexOf('OggS', starts[number] + 4);
  const page = bytes.subarray(starts[number], next < 0 ? bytes.length : next);
  const view = new DataView(page.buffer, page.byteOffset, page.byteLength);
  edit(view, 27 + page[26]);
  view.setUint32(22, 0, true);
  view.setUint32(22, checksum(page), true);
  return bytes;
}

test('a whole file: three pages, one stream, the end flag, the last granule in samples', () => {
  const survey = surveyOggPages(vorbis);
  expect(survey).toMatchObject({ streams: 1, hasEnd: true, endsInsidePage: false, lastGranule: 2205 });
  expect(survey.damagedAt).toBeUndefined();
  expect(String.fromCharCode(...survey.firstPacket.subarray(1, 7))).toBe('vorbis');
});

test('a mended page passes, a changed byte does not', () => {
  const same = editPage(vorbis, 0, () => undefined);
  expect(same).toEqual(vorbis);
  const other = editPage(vorbis, 0, (page) => page.setUint32(14, 12345, true)); // another stream's number
  expect(surveyOggPages(other)).toMatchObject({ streams: 2, hasEnd: true });
  expect(surveyOggPages(other).damagedAt).toBeUndefined();
  other[40] ^= 1;
  expect(surveyOggPages(other).damagedAt).toBe(0);
});

test('junk after the last page is damage, a few bytes of the next page are a cut', () => {
  const junk = Uint8Array.from([...vorbis, 1, 2, 3]);
  expect(surveyOggPages(junk).damagedAt).toBe(vorbis.length);
  const cut = Uint8Array.from([...vorbis, 0x4f, 0x67]);
  expect(surveyOggPages(cut)).toMatchObject({ endsInsidePage: true });
});

test('the gain in an Opus header is applied: 20 dB more is ten times every sample', async () => {
  const opus = new Uint8Array(readFileSync(`${FIXTURES}opus.opus`));
  const louder = editPage(opus, 0, (page, packet) => page.setInt16(packet + 16, 20 * 256, true)); // in 1/256 dB
  const plain = (await loadAudio(`${FIXTURES}opus.opus`, { sampleRate: 48000 })).samples;
  const { samples } = await loadAudio(writeTemporary('louder.opus', louder), { sampleRate: 48000 });
  samples.forEach((sample, i) => expect(Math.abs(sample - 10 * plain[i])).toBeLessThan(1e-5));
});

test('a fault inside a decoder becomes the error, and nothing is printed', async () => {
  const print = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const opus = new Uint8Array(readFileSync(`${FIXTURES}opus.opus`));
  const bad = editPage(opus, 2, (page, body) => page.setUint16(body, 0xffff)); // 63 frames in one packet
  const path = writeTemporary('bad.opus', bad);
  await expect(loadAudio(path, { sampleRate: 48000 })).rejects.toThrow(
    /damaged Opus file, its decoder [^\n]*$/,
  );
  expect(print).not.toHaveBeenCalled();
  expect(Reflect.get(console, 'error')).toBe(print);
  print.mockRestore();
});
