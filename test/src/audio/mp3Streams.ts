/** MP3 streams for tests: the frames of a fixture, changed bit by bit, and what mpg123 makes of them. */

import { readFileSync } from 'node:fs';
import { MPEGDecoder } from 'mpg123-decoder';

import { byteSourceOf } from '../../../src/audio/byteSource.ts';
import { mixDown } from '../../../src/audio/mixDown.ts';
import type { Mp3Kernel, Mp3StreamOptions } from '../../../src/audio/mp3Kernel/mp3Kernel.ts';
import { readMpegHeader, surveyMpegFrames } from '../../../src/audio/mpegFrames.ts';
import { FIXTURES } from './fixtures.ts';

/** The frames of audio of a fixture, `times` over, without tags. */
export function framesOf(name: string, times = 1): Uint8Array {
  const bytes = new Uint8Array(readFileSync(FIXTURES + name));
  const { positions } = surveyMpegFrames(byteSourceOf(bytes, name))!;
  return Buffer.concat(Array<Uint8Array>(times).fill(bytes.subarray(positions[0])));
}

/** A copy in which `change` was called with the position of every frame. */
export function changeFrames(bytes: Uint8Array, change: (copy: Uint8Array, at: number) => void): Uint8Array {
  const copy = new Uint8Array(bytes);
  for (let at = 0; at + 4 <= bytes.length; at += readMpegHeader(bytes, at)!.length) change(copy, at);
  return copy;
}

/** Bits of a stream; `place` counts from its first. */
export function getBits(bytes: Uint8Array, place: number, count: number): number {
  let value = 0;
  for (let i = place; i < place + count; i += 1) value = value * 2 + ((bytes[i >> 3] >> (7 - (i & 7))) & 1);
  return value;
}

export function setBits(bytes: Uint8Array, place: number, count: number, value: number): void {
  for (let i = 0; i < count; i += 1) {
    const mask = 1 << (7 - ((place + i) & 7));
    const bit = (value >> (count - 1 - i)) & 1;
    bytes[(place + i) >> 3] = bit ? bytes[(place + i) >> 3] | mask : bytes[(place + i) >> 3] & ~mask;
  }
}

/** Where the granules of a stereo frame of MPEG-1 without checksum start, bits: ISO 11172-3 2.4.1.7. */
export const granulePlaces = (at: number) => [0, 1, 2, 3].map((i) => 8 * (at + 4) + 20 + 59 * i);
/** From there to big_values, the window's flag, its block type, and the flag for mixed blocks. */
export const FIELDS = { bigValues: 12, switched: 33, blockType: 34, mixed: 36 };

/** All samples that the kernel gives, the stream handed over in blocks. */
export function decodeAll(
  kernel: Mp3Kernel,
  stream: Uint8Array,
  options: Mp3StreamOptions = {},
  blockBytes = 65_536,
): Float32Array {
  const pieces: number[] = [];
  kernel.start(stream.subarray(0, 4), options);
  for (let at = 0; at < stream.length; at += blockBytes) {
    for (const samples of kernel.decode(stream.subarray(at, at + blockBytes)))
      for (const x of samples) pieces.push(x);
  }
  for (const x of kernel.finish()) pieces.push(x);
  return Float32Array.from(pieces);
}

/** The mean of the channels that mpg123 gives, untrimmed. */
export async function decodeByMpg123(stream: Uint8Array): Promise<Float32Array> {
  const decoder = new MPEGDecoder({ enableGapless: false });
  await decoder.ready;
  const { channelData } = decoder.decode(stream);
  decoder.free();
  return mixDown(channelData);
}
