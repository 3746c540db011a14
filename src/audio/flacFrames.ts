/** Finding a frame far into a FLAC file without decoding what stands before it. */

import type { ByteSource } from './byteSource.ts';

/** The first metadata block (RFC 9639, section 8.2). */
export interface FlacStreamInfo {
  /** Hz. */
  sampleRate: number;
  channels: number;
  /** Bits of a sample. */
  bitDepth: number;
  /** Largest block, in samples of one channel. */
  largestBlock: number;
  /** Frames (samples of one channel) in the file; 0 where the encoder did not know. */
  totalFrames: number;
}

/** A FLAC frame: a block of samples that is decoded without the blocks before it. */
export interface FlacFrame {
  /** Of its first byte. */
  position: number;
  /** Place of its first sample. */
  firstSample: number;
  /** Samples of one channel. */
  blockSize: number;
  headerBytes: number;
}

/** Samples by the header's code for them, codes 1 to 5 and 8 to 15 (RFC 9639, section 9.1.1). */
const BLOCK_SIZES = [0, 192, 576, 1152, 2304, 4608, 0, 0, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768];
/** Hz by the header's code for them, codes 1 to 11 (section 9.1.2); 0 means as in STREAMINFO. */
const SAMPLE_RATES = [
  ...[0, 88_200, 176_400, 192_000, 8_000, 16_000, 22_050, 24_000],
  ...[32_000, 44_100, 48_000, 96_000],
];
/** Bits by the header's code for them (section 9.1.4); 0 means as in STREAMINFO. */
const BIT_DEPTHS = [0, 8, 12, -1, 16, 20, 24, 32];
/** 4 fixed bytes, a number of up to 7, block size and rate of up to 2 each, a checksum. */
const MOST_HEADER_BYTES = 16;
/** Searching ends where so many bytes are left: decoding them is quicker. */
const CLOSE_ENOUGH = 2 ** 14;

/**
 * The last frame, or one a little before it, that starts at or before `sample`: by bisection, a few reads of two frames
 * each. A frame counts where header and frame have the right checksums and the next frame's number follows.
 *
 * @param start byte position where the search starts; anything before the sample's frame.
 * @returns undefined where none is found behind the first 16 KiB.
 */
export function findFlacFrame(
  source: ByteSource,
  info: FlacStreamInfo,
  start: number,
  sample: number,
): FlacFrame | undefined {
  let low = start;
  let high = source.size;
  let found: FlacFrame | undefined;
  while (high - low > CLOSE_ENOUGH) {
    const middle = Math.floor((low + high) / 2);
    const frame = firstFrameFrom(source, info, middle);
    if (frame && frame.firstSample <= sample && frame.position < high) {
      found = frame;
      low = frame.position + 1;
    } else {
      high = middle;
    }
  }
  return found;
}

/** The first whole frame at or behind a byte position that another follows. */
function firstFrameFrom(source: ByteSource, info: FlacStreamInfo, position: number): FlacFrame | undefined {
  // Stored as they are, the samples of a block fill so many bytes; an encoder makes no larger frame (section 9.2.2),
  // one bit more for the difference of two channels.
  const largestFrame = Math.ceil((info.largestBlock * info.channels * (info.bitDepth + 1)) / 8) + 64;
  const bytes = source.read(position, 2 * largestFrame + MOST_HEADER_BYTES);
  for (const frame of framesIn(bytes, info, 0, largestFrame)) {
    for (const next of framesIn(bytes, info, frame.position + frame.headerBytes, bytes.length)) {
      if (next.firstSample !== frame.firstSample + frame.blockSize) continue;
      if (crc16(bytes.subarray(frame.position, next.position)) !== 0) continue; // its own checksum stands at its end
      return { ...frame, position: position + frame.position };
    }
  }
  return undefined;
}

/** What looks like a frame's header, with the right checksum, between two places. */
function* framesIn(bytes: Uint8Array, info: FlacStreamInfo, from: number, end: number): Generator<FlacFrame> {
  for (let at = bytes.indexOf(0xff, from); at >= 0 && at < end; at = bytes.indexOf(0xff, at + 1)) {
    const frame = readFlacFrameHeader(bytes, at, info);
    if (frame) yield frame;
  }
}

/** Reads a frame header (RFC 9639, section 9.1); undefined where there is none of this stream. */
export function readFlacFrameHeader(
  bytes: Uint8Array,
  at: number,
  info: FlacStreamInfo,
): FlacFrame | undefined {
  if (bytes[at] !== 0xff || (bytes[at + 1] & 0xfe) !== 0xf8 || at + 6 > bytes.length) return undefined;
  const [sizeCode, rateCode] = [bytes[at + 2] >> 4, bytes[at + 2] & 15];
  const [channelCode, depthCode] = [bytes[at + 3] >> 4, (bytes[at + 3] >> 1) & 7];
  const channels = channelCode < 8 ? channelCode + 1 : 2;
  if (channels !== info.channels || channelCode > 10 || sizeCode === 0 || (bytes[at + 3] & 1) !== 0)
    return undefined;
  if (depthCode !== 0 && BIT_DEPTHS[depthCode] !== info.bitDepth) return undefined;
  if (rateCode === 15 || (rateCode > 0 && rateCode < 12 && SAMPLE_RATES[rateCode] !== info.sampleRate))
    return undefined;
  const number = readCodedNumber(bytes, at + 4);
  if (!number) return undefined;
  let end = at + 4 + number.bytes;
  let blockSize = BLOCK_SIZES[sizeCode];
  if (sizeCode === 6) blockSize = bytes[end++] + 1;
  if (sizeCode === 7) blockSize = ((bytes[end++] << 8) | bytes[end++]) + 1;
  if (rateCode === 12) end += 1;
  if (rateCode > 12) end += 2;
  if (end >= bytes.length || crc8(bytes.subarray(at, end + 1)) !== 0) return undefined;
  const countsSamples = (bytes[at + 1] & 1) === 1; // else it counts frames, all of the largest size but the last
  const firstSample = countsSamples ? number.value : number.value * info.largestBlock;
  return { position: at, firstSample, blockSize, headerBytes: end + 1 - at };
}

/** A number of up to 36 bits in 1 to 7 bytes (section 9.1.5). */
function readCodedNumber(bytes: Uint8Array, at: number): { value: number; bytes: number } | undefined {
  const first = bytes[at];
  if (first < 0x80) return { value: first, bytes: 1 };
  const length = Math.clz32(~(first << 24));
  if (length < 2 || length > 7 || at + length > bytes.length) return undefined;
  let value = length === 7 ? 0 : first & (0x7f >> length);
  for (let i = 1; i < length; i += 1) {
    if ((bytes[at + i] & 0xc0) !== 0x80) return undefined;
    value = value * 64 + (bytes[at + i] & 0x3f);
  }
  return { value, bytes: length };
}

/** Generator x^8 + x^2 + x + 1 (section 9.1.8); 0 over bytes that end with their own checksum. */
function crc8(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = ((crc << 1) ^ (crc & 0x80 ? 0x07 : 0)) & 0xff;
  }
  return crc;
}

const CRC16_TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8;
  for (let bit = 0; bit < 8; bit += 1) crc = (crc << 1) ^ (crc & 0x8000 ? 0x8005 : 0);
  return crc;
});

/** Generator x^16 + x^15 + x^2 + 1 (section 9.3); 0 over bytes that end with their own checksum. */
function crc16(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) crc = ((crc << 8) & 0xffff) ^ CRC16_TABLE[(crc >> 8) ^ byte];
  return crc;
}
