import { expect, test } from 'vitest';

import { InputError } from '../../../src/errors.ts';
import { readWav } from '../../../src/audio/wav.ts';
import { buildWav, chunk, int16Bytes, uint16, uint32 } from './buildWav.ts';
import type { WavParts } from './buildWav.ts';

const GUID_REST = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71];
const samples = (parts: WavParts) => readWav(buildWav(parts)).channels.map((channel) => [...channel]);

/** Bytes of numbers, little endian. */
function bytesOf(array: Float32Array | Float64Array | Int32Array | BigInt64Array): number[] {
  return [...new Uint8Array(array.buffer)];
}

test('integers are divided by 2^(bits-1), and 8 bits are unsigned', () => {
  expect(samples({ bits: 8, data: [0, 128, 255, 64] })).toEqual([[-1, 0, 127 / 128, -0.5]]);
  expect(samples({ data: int16Bytes(-32768, 0, 32767, 1) })).toEqual([[-1, 0, 32767 / 32768, 1 / 32768]]);
  const int24 = [0, 0, 0x80, 0xff, 0xff, 0x7f, 1, 0, 0, 0xff, 0xff, 0xff];
  expect(samples({ bits: 24, data: int24 })).toEqual([[-1, 1 - 2 ** -23, 2 ** -23, -(2 ** -23)]]);
  const int32 = Int32Array.of(-(2 ** 31), 2 ** 30, 2 ** 8);
  expect(samples({ bits: 32, data: bytesOf(int32) })).toEqual([[-1, 0.5, 2 ** -23]]);
  const int64 = BigInt64Array.of(-(2n ** 63n), 2n ** 62n, -(2n ** 40n));
  expect(samples({ bits: 64, data: bytesOf(int64) })).toEqual([[-1, 0.5, -(2 ** -23)]]);
});

test('floats pass as they are, beyond full scale too', () => {
  const values = [0.25, -1.5, 0, 3];
  expect(samples({ tag: 3, bits: 32, data: bytesOf(Float32Array.from(values)) })).toEqual([values]);
  expect(samples({ tag: 3, bits: 64, data: bytesOf(Float64Array.from(values)) })).toEqual([values]);
});

test('12 valid bits in 16 lie at the top, so the container gives the scale', () => {
  expect(samples({ bits: 12, blockAlign: 2, data: int16Bytes(0x4000, -0x8000) })).toEqual([[0.5, -1]]);
});

test('channels are taken apart', () => {
  expect(samples({ channels: 3, data: int16Bytes(1, 2, 3, 4, 5, 6) })).toEqual(
    [
      [1, 4],
      [2, 5],
      [3, 6],
    ].map((channel) => channel.map((sample) => sample / 32768)),
  );
});

test('WAVE_EXTENSIBLE carries its tag in the sub-format', () => {
  const extensible = (tag: number, valid = 32) => [
    ...uint16(22),
    ...uint16(valid),
    ...uint32(4),
    ...uint16(tag),
  ];
  const float = [...extensible(3), ...GUID_REST];
  const data = bytesOf(Float32Array.of(0.5));
  expect(samples({ tag: 0xfffe, bits: 32, fmtRest: float, data })).toEqual([[0.5]]);
  const integer = [...extensible(1, 20), ...GUID_REST];
  expect(samples({ tag: 0xfffe, bits: 24, fmtRest: integer, data: [0, 0, 0x40] })).toEqual([[0.5]]);
  const unknown = [...extensible(1), ...GUID_REST.map((byte) => byte ^ 1)];
  expect(() => samples({ tag: 0xfffe, bits: 16, fmtRest: unknown })).toThrow(
    'unknown codec inside needs ffmpeg',
  );
});

test('chunks before, between and after are passed over, odd ones with their pad byte', () => {
  const odd = chunk('LIST', [1, 2, 3]);
  const data = int16Bytes(16384);
  expect(
    samples({ before: odd, between: [...odd, ...chunk('fact', [0, 0, 0, 0])], data, after: odd }),
  ).toEqual([[0.5]]);
  expect(samples({ before: chunk('JUNK', [9]), bits: 8, data: [192], after: [0, ...odd] })).toEqual([[0.5]]);
});

test('a size that a pipe left open means up to the end of the file', () => {
  const data = int16Bytes(16384, -16384, 8192);
  for (const dataSize of [0, 0xffffffff, 0x7ffff000, 0x7fffffff, 0x7fffeff8]) {
    expect(samples({ data, dataSize, riffSize: 0xffffffff })).toEqual([[0.5, -0.5, 0.25]]);
  }
});

test('a data size of 0 in a finished file means no samples', () => {
  expect(samples({ data: [], after: chunk('LIST', [1, 2, 3, 4]) })).toEqual([[]]);
});

test('RF64 and BW64 take the data size from ds64', () => {
  const ds64 = chunk('ds64', [
    ...uint32(0),
    ...uint32(0),
    ...uint32(4),
    ...uint32(0),
    ...uint32(2),
    ...uint32(0),
  ]);
  const parts = {
    before: ds64,
    data: int16Bytes(16384, 8192),
    dataSize: 0xffffffff,
    after: chunk('LIST', [1, 2]),
  };
  expect(samples({ ...parts, id: 'RF64' })).toEqual([[0.5, 0.25]]);
  expect(samples({ ...parts, id: 'BW64' })).toEqual([[0.5, 0.25]]);
  const longer = { ...parts, id: 'RF64', data: int16Bytes(16384), after: [] };
  expect(() => samples(longer)).toThrow('truncated WAV file');
});

test('a view at any offset is read', () => {
  const wav = buildWav({ between: chunk('junk', [1]), data: int16Bytes(16384) });
  const shifted = new Uint8Array(wav.length + 8);
  shifted.set(wav, 3);
  expect(readWav(shifted.subarray(3, 3 + wav.length)).channels[0]).toEqual(Float32Array.of(0.5));
});

test('A-law and mu-law extremes are those of G.711', () => {
  // Tables 1a and 2a: ±4032 of 4096, ±8031 of 8192; the smallest ±1 and 0
  expect(samples({ tag: 6, bits: 8, data: [0xaa, 0x2a, 0xd5, 0x55] })).toEqual([
    [4032 / 4096, -4032 / 4096, 1 / 4096, -1 / 4096],
  ]);
  expect(samples({ tag: 7, bits: 8, data: [0x80, 0x00, 0xff, 0x7f] })).toEqual([
    [8031 / 8192, -8031 / 8192, 0, -0],
  ]);
});

test.each<[string, WavParts, string]>([
  ['0 channels', { channels: 0, blockAlign: 2 }, '0 channels'],
  ['0 bytes a frame', { blockAlign: 0, data: [1, 2] }, '0 bytes a frame for 1 channels'],
  ['a frame that channels do not divide', { channels: 2, blockAlign: 5 }, '5 bytes a frame for 2 channels'],
  ['more bits than bytes', { bits: 24, blockAlign: 2 }, '24 bits in 2 bytes'],
  ['a rate of 0', { sampleRate: 0 }, '0 Hz, expected 1000 to 768000 Hz'],
  ['a rate of 4 GHz', { sampleRate: 0xffffffff }, '4294967295 Hz'],
  ['IMA ADPCM', { tag: 0x11, bits: 4, blockAlign: 256 }, 'IMA ADPCM inside needs ffmpeg'],
  ['an unnamed codec', { tag: 0x1234 }, 'codec 0x1234 inside needs ffmpeg'],
  ['missing samples', { data: [1, 2], dataSize: 16000 }, 'holds 0.00 s of the 1.00 s that its header says'],
  ['a frame cut in two', { data: [1, 2, 3], dataSize: 4 }, 'truncated WAV file'],
  [
    'a stream cut inside a frame',
    { data: [1, 2, 3], dataSize: 0xffffffff, riffSize: 0 },
    'ends inside a frame',
  ],
])('%s: one clear line', (_, parts, message) => {
  expect(() => samples(parts)).toThrow(InputError);
  expect(() => samples(parts)).toThrow(message);
  expect(() => samples(parts)).toThrow(/^WAV data: [^\n]*$/);
});

test('a header cut anywhere is truncated or damaged, never something else', () => {
  const wav = buildWav({ data: int16Bytes(1, 2, 3, 4) });
  for (let length = 0; length < wav.length; length += 1) {
    expect(() => readWav(wav.subarray(0, length), 'cut.wav')).toThrow(InputError);
  }
});

test('samples before the format are refused', () => {
  const wav = buildWav({ before: chunk('data', [1, 2]) });
  expect(() => readWav(wav)).toThrow('its samples come before the "fmt " chunk');
});
