import { readFileSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';

import { byteSourceOf } from '../../../src/audio/byteSource.ts';
import { sniffFormat } from '../../../src/audio/sniffFormat.ts';
import { FIXTURES } from './fixtures.ts';

const sniff = (bytes: Uint8Array) => sniffFormat(byteSourceOf(bytes, 'some.file'));
const latin1 = (text: string) => new Uint8Array(Buffer.from(text.padEnd(400, '\0'), 'latin1'));

test('every fixture is what its extension says', () => {
  const kinds: Record<string, string> = {
    wav: 'wav',
    au: 'au',
    mp3: 'mp3',
    flac: 'flac',
    ogg: 'ogg-vorbis',
    opus: 'ogg-opus',
    m4a: 'foreign',
    aiff: 'foreign',
  };
  const names = readdirSync(FIXTURES).filter((name) => kinds[name.split('.').at(-1)!]);
  expect(names.length).toBeGreaterThan(40);
  for (const name of names) {
    expect([name, sniff(readFileSync(FIXTURES + name)).kind]).toEqual([name, kinds[name.split('.').at(-1)!]]);
  }
});

test.each([
  ['\0\0\0\x20ftypM4A ', 'MP4 or M4A'],
  ['FORM\0\0\0\0AIFC', 'AIFF'],
  ['\x1aE\xdf\xa3', 'Matroska or WebM'],
  ['\x30\x26\xb2\x75\x8e\x66\xcf\x11', 'WMA (ASF)'],
  ['RIFF\0\0\0\0AVI LIST', 'AVI video'],
  ['\0\0\0\x08wide\0\0', 'QuickTime'],
  ['MAC \x96\x0f', "Monkey's Audio"],
  [`OggS\0\x02${'\0'.repeat(20)}\x01\x13\x7fFLAC\x01`, 'FLAC in Ogg'],
  [`OggS\0\x02${'\0'.repeat(20)}\x01\x13\x80theora`, 'Ogg with another codec'],
  ['\xff\xf1\x50\x80\x01\x1f\xfc\0\xff\xf1', 'AAC (ADTS)'],
  [`G${'\0'.repeat(187)}G${'\0'.repeat(187)}G`, 'MPEG transport stream'],
])('%j is named for the message, and left to ffmpeg', (start, name) => {
  expect(sniff(latin1(start))).toEqual({ kind: 'foreign', name });
});

test('an ID3 tag may stand before MP3 and FLAC, and be longer than what is looked at first', () => {
  const tag = new Uint8Array(10 + 200_000);
  tag.set([0x49, 0x44, 0x33, 4, 0, 0, 0, 200_000 >> 14, (200_000 >> 7) & 0x7f, 200_000 & 0x7f]);
  const after = (name: string) => sniff(Buffer.concat([tag, readFileSync(FIXTURES + name)]));
  expect(after('lame-bare.mp3')).toEqual({ kind: 'mp3', name: 'MP3' });
  expect(after('flac-16.flac')).toEqual({ kind: 'flac', name: 'FLAC' });
  expect(after('sox-u8.wav')).toEqual({ kind: 'foreign', name: 'WAV after an ID3 tag' });
});

test('a RIFF file that holds no audio is not audio', () => {
  expect(() => sniff(latin1('RIFF\0\0\0\0WEBPVP8 '))).toThrow(
    'some.file: not an audio file (starts with bytes 52 49',
  );
});

test.each([
  'FORM letter',
  'MAC address',
  'caffeine',
  'DSD is',
  'a wide street',
  'riff raff',
  '.snd'.slice(1),
])('text that starts with "%s" is not audio', (text) => {
  expect(() => sniff(Buffer.from(text.padEnd(200, ' and so on')))).toThrow(
    'not an audio file (starts with "',
  );
});
