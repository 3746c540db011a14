import { chmodSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { InputError } from '../../../src/errors.ts';
import { loadAudio } from '../../../src/audio/loadAudio.ts';
import { buildWav, int16Bytes } from './buildWav.ts';
import { FIXTURES } from './fixtures.ts';
import { folder, writeTemporary } from './temporaryFolder.ts';

/** Loading fails with an InputError of one line that starts with the path and says this. */
async function expectRefused(path: string, message: string): Promise<void> {
  const error = await loadAudio(path, { sampleRate: 12000 }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(InputError);
  const line = (error as InputError).message;
  expect(line.startsWith(`${path}: `)).toBe(true);
  expect(line).toContain(message);
  expect(line).not.toContain('\n');
}

const cut = (name: string, bytes: number) => readFileSync(FIXTURES + name).subarray(0, bytes);

test('a missing file, a folder, and a path through a file', async () => {
  await expectRefused(join(folder, 'missing.wav'), 'no such file');
  await expectRefused(join(writeTemporary('file', 'x'), 'a.wav'), 'no such file');
  mkdirSync(join(folder, 'songs'));
  await expectRefused(join(folder, 'songs'), 'is a folder, expected an audio file');
});

test('a device, and a link that leads to itself', async () => {
  await expectRefused('/dev/null', 'is not a regular file');
  symlinkSync(join(folder, 'loop.wav'), join(folder, 'loop.wav'));
  await expectRefused(join(folder, 'loop.wav'), 'cannot be opened (ELOOP)');
});

test.skipIf(process.getuid?.() === 0)(
  'a file without read permission (not as root, who may read it)',
  async () => {
    const path = writeTemporary('secret.wav', buildWav({ data: [1, 2] }));
    chmodSync(path, 0);
    await expectRefused(path, 'permission denied');
  },
);

test('an empty file', async () => {
  await expectRefused(writeTemporary('empty.mp3', ''), 'the file is empty (0 bytes)');
});

test('a text file named .mp3 shows how it starts', async () => {
  await expectRefused(
    writeTemporary('text.mp3', 'hello world, this is not music\n'.repeat(100)),
    'not an audio file (starts with "hello wo…"); expected WAV, AU, MP3, FLAC, Ogg Vorbis or Opus.',
  );
  await expectRefused(writeTemporary('line.wav', 'a\nb'), 'not an audio file (starts with "a b")');
  const utf16 = Buffer.from('\ufeffhello', 'utf16le');
  await expectRefused(writeTemporary('utf16.mp3', utf16), 'not an audio file (starts with bytes ff fe 68 00');
  const picture = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0);
  await expectRefused(writeTemporary('cover.mp3', picture), 'starts with bytes 89 50 4e 47 0d 0a 1a 0a)');
});

test('random bytes, and bytes all ones', async () => {
  const random = Uint8Array.from({ length: 70_000 }, (_, i) => (Math.imul(i, 2654435761) >>> 13) & 0xff);
  await expectRefused(writeTemporary('random.mp3', random), 'not an audio file');
  await expectRefused(writeTemporary('ones.mp3', new Uint8Array(5000).fill(255)), 'not an audio file');
});

test('files without a sample', async () => {
  await expectRefused(writeTemporary('none.wav', buildWav()), 'the WAV file holds no audio samples');
  const au = cut('sox-s16.au', 44);
  au.writeUInt32BE(44, 4);
  au.writeUInt32BE(0, 8);
  await expectRefused(writeTemporary('none.au', au), 'the AU file holds no audio samples');
});

test.each<[string, number, string]>([
  ['ffmpeg-pcm_s16le.wav', 1000, 'truncated WAV file, it holds 0.03 s of the 0.04 s'],
  ['ffmpeg-pcm_s16le.wav', 30, 'truncated WAV file, it ends inside the header'],
  ['ffmpeg-pcm_s16le.wav', 60, 'truncated WAV file, it has no data chunk'],
  ['ffmpeg-pipe.wav', 1001, 'truncated WAV file, it ends inside a frame'],
  ['ffmpeg-pcm_s16be.au', 1000, 'truncated AU file, it holds 0.03 s of the 0.04 s'],
  ['ffmpeg-pcm_s16be.au', 20, 'truncated AU file, it ends inside the header'],
  ['ffmpeg-pipe.au', 1001, 'truncated AU file, it ends inside a frame'],
  ['flac-16.flac', 9200, 'truncated FLAC file, it holds 0 of the 353 samples that its header says'],
  ['flac-16.flac', 40, 'truncated FLAC file, it ends inside the header'],
  ['lame-stereo.mp3', 1000, 'frames that its header says'],
  ['lame-mono.mp3', 1290, 'truncated MP3 file, it ends inside frame'],
  ['lame-bare.mp3', 1000, 'truncated MP3 file, it ends inside frame 5'],
  ['vorbis.ogg', 4000, 'truncated Ogg Vorbis file, it ends inside page'],
  ['vorbis.ogg', 3300, 'truncated Ogg Vorbis file'],
  ['opus.opus', 500, 'truncated Opus file, it ends inside page'],
])('%s cut after %i bytes', async (name, bytes, message) => {
  await expectRefused(writeTemporary(name, cut(name, bytes)), message);
});

test('an Ogg file cut between two pages lacks its end-of-stream flag', async () => {
  const whole = readFileSync(`${FIXTURES}vorbis.ogg`);
  const path = writeTemporary('pages.ogg', whole.subarray(0, whole.lastIndexOf('OggS')));
  await expectRefused(path, 'truncated Ogg Vorbis file, its last page lacks the end-of-stream flag');
});

test('one flipped bit in an Ogg page fails its checksum', async () => {
  for (const name of ['vorbis.ogg', 'opus.opus']) {
    const bytes = readFileSync(FIXTURES + name);
    bytes[bytes.length - 20] ^= 4;
    await expectRefused(writeTemporary(name, bytes), 'fails its checksum');
  }
});

test('a flipped bit in a FLAC frame is damage', async () => {
  const bytes = readFileSync(`${FIXTURES}flac-16.flac`);
  bytes[bytes.length - 200] ^= 4;
  await expectRefused(writeTemporary('flipped.flac', bytes), 'FLAC file');
});

test('silence, exact and below -90 dBFS, says which part was silent', async () => {
  const zero = writeTemporary('zero.wav', buildWav({ data: new Array<number>(16000).fill(0) }));
  await expectRefused(zero, 'silent, no sample of the part from 0.00 s to 1.00 s is above -90 dBFS');
  const dither = int16Bytes(...Array.from({ length: 8000 }, (_, i) => i % 2));
  await expectRefused(writeTemporary('dither.wav', buildWav({ data: dither })), 'silent');
});

test('channels that cancel are silent in the mean, and the line says so', async () => {
  const data = int16Bytes(...Array.from({ length: 8000 }, (_, i) => (i % 2 ? -1 : 1) * 9000));
  const path = writeTemporary('cancel.wav', buildWav({ channels: 2, data }));
  await expectRefused(path, 'silent, no sample of the mean of its 2 channels from 0.00 s to 0.50 s');
});

test('NaN, infinite and absurd samples say at which time', async () => {
  for (const [value, message] of [
    [NaN, 'the sample at 0.500 s is NaN, expected a finite number'],
    [-Infinity, 'the sample at 0.500 s is -Infinity'],
    [30000, 'the sample at 0.500 s is 3.00e+4, expected at most 8 (full scale is 1)'],
  ] as const) {
    const samples = Float32Array.from({ length: 8000 }, (_, i) => Math.sin(i));
    samples[4000] = value;
    const data = [...new Uint8Array(samples.buffer)];
    await expectRefused(writeTemporary('float.wav', buildWav({ tag: 3, bits: 32, data })), message);
  }
});
