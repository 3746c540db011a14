/** Frames in front of a place in an MP3 file, made silent, so that a decoder may start there. */

import type { ByteSource } from '../byteSource.ts';
import { readMpegHeader, sideInfoBytes } from '../mpegFrames.ts';

const HEADER_BYTES = 4;
/** What 9 bits can say. */
const MOST_RESERVOIR_BYTES = 511;

/**
 * The first `count` layer III frames from a byte position on, with all of the side information zero but where their
 * main data begins: valid frames without a coefficient, whose bits later frames still find in the reservoir.
 *
 * mpg123 gives no output steps to a frame whose bits lie before the start, and then adds in another order than it does
 * when it comes from the start of the file.
 *
 * @returns undefined where the frames are not there, or carry a checksum, which the change would break.
 */
export function silenceLead(source: ByteSource, position: number, count: number): Uint8Array | undefined {
  const frames: Uint8Array[] = [];
  let at = position;
  let reservoir = 0;
  for (let frame = 0; frame < count; frame += 1) {
    const header = readMpegHeader(source.read(at, HEADER_BYTES), 0);
    if (!header) return undefined;
    const bytes = source.read(at, header.length).slice();
    const sideBytes = sideInfoBytes(header);
    const hasChecksum = (bytes[1] & 1) === 0;
    if (hasChecksum || bytes.length < HEADER_BYTES + sideBytes) return undefined;
    const isLong = header.version === 1;
    const declared = mainDataBegin(bytes, isLong);
    const begin = Math.min(declared, reservoir);
    bytes.fill(0, HEADER_BYTES, HEADER_BYTES + sideBytes);
    bytes[4] = isLong ? begin >> 1 : begin;
    if (isLong) bytes[5] = (begin & 1) << 7;
    frames.push(bytes);
    reservoir += header.length - HEADER_BYTES - sideBytes;
    at += header.length;
  }
  return Buffer.concat(frames);
}

/**
 * Whether the stream that starts here is whole: no frame looks back for bits in front of it. One that was cut out of a
 * longer stream is not, and mpg123 then gives no output steps to its first frames.
 */
export function startsWhole(source: ByteSource, start: number): boolean {
  let reservoir = 0;
  for (let at = start; reservoir < MOST_RESERVOIR_BYTES;) {
    const bytes = source.read(at, HEADER_BYTES + 2);
    const header = readMpegHeader(bytes, 0);
    if (!header || bytes.length < HEADER_BYTES + 2) return true; // the end, before it is full
    if (mainDataBegin(bytes, header.version === 1) > reservoir) return false;
    reservoir += header.length - HEADER_BYTES - sideInfoBytes(header);
    at += header.length;
  }
  return true;
}

/** How far back a frame without a checksum has its main data start, bytes: 9 bits in MPEG-1, 8 in MPEG-2. */
function mainDataBegin(frame: Uint8Array, isLong: boolean): number {
  return isLong ? (frame[4] << 1) | (frame[5] >> 7) : frame[4];
}
