/** The frames of MPEG audio (layers I to III): finding them, and telling whether a file is whole. */

import type { ByteSource } from './byteSource.ts';
import { id3v2Length } from './id3.ts';

export interface MpegFrameHeader {
  /** 1, 2, or 2.5. */
  version: number;
  layer: number;
  sampleRate: number;
  channels: number;
  /** Bytes from this header to the next. */
  length: number;
  samplesPerFrame: number;
  /** Channels share their upper bands, each at its own level. */
  usesIntensity: boolean;
}

export interface MpegSurvey {
  first: MpegFrameHeader;
  /** Byte position of the first frame. */
  start: number;
  /** Whole frames of audio, the one that carries the Xing or VBRI header not counted. */
  frames: number;
  /** Frames that the Xing, Info or VBRI header promises. */
  declaredFrames?: number;
  /** The file ends inside a frame. */
  endsInsideFrame: boolean;
  /** Samples that the encoder put in front of and behind the sound, where a LAME header says. */
  trim?: { delay: number; padding: number };
  /** Every frame follows the one before without a gap, and all have the same channels. */
  isSeamless: boolean;
  /** A frame uses intensity stereo. */
  usesIntensity: boolean;
  /** Byte positions of every 64th frame of audio. */
  positions: number[];
}

/** kbit/s by [MPEG-1 or later][layer][index], ISO 11172-3 2.4.2.3 and ISO 13818-3 2.4.2.3; index 0 is free format. */
const BITRATES: Record<string, number[]> = {
  '1:1': [0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
  '1:2': [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
  '1:3': [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  '2:1': [0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
  '2:2': [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
  '2:3': [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
};
const SAMPLE_RATES = [44_100, 48_000, 32_000];

/** Frames in a row that make a stream; where a stream starts at byte 0 and is shorter, all of it. */
const FRAMES_IN_A_ROW = 3;
const HEADER_BYTES = 4;
/** More than the first frame's header, side information and LAME tag. */
const FIRST_FRAME_BYTES = 256;
/** Frames between two places that are remembered. */
export const FRAMES_A_POSITION = 64;

/** Reads the 4-byte header at this place; undefined where there is none. Free-format bit rates are not known here. */
export function readMpegHeader(bytes: Uint8Array, at: number): MpegFrameHeader | undefined {
  if (at + HEADER_BYTES > bytes.length) return undefined;
  if (bytes[at] !== 0xff || (bytes[at + 1] & 0xe0) !== 0xe0) return undefined;
  const version = [2.5, 0, 2, 1][(bytes[at + 1] >> 3) & 3];
  const layer = 4 - ((bytes[at + 1] >> 1) & 3);
  const bitrate = BITRATES[`${Math.floor(version)}:${layer}`]?.[bytes[at + 2] >> 4];
  const baseRate = SAMPLE_RATES[(bytes[at + 2] >> 2) & 3];
  if (!bitrate || !baseRate) return undefined;
  const sampleRate = baseRate / (version === 1 ? 1 : version === 2 ? 2 : 4);
  const padding = (bytes[at + 2] >> 1) & 1;
  const samplesPerFrame = layer === 1 ? 384 : layer === 3 && version !== 1 ? 576 : 1152;
  const slotBytes = layer === 1 ? 4 : 1;
  const slots = Math.floor((samplesPerFrame / 8 / slotBytes) * ((bitrate * 1000) / sampleRate)) + padding;
  const channels = bytes[at + 3] >> 6 === 3 ? 1 : 2;
  const usesIntensity = layer === 3 && bytes[at + 3] >> 6 === 1 && (bytes[at + 3] & 0x10) !== 0;
  return { version, layer, sampleRate, channels, length: slots * slotBytes, samplesPerFrame, usesIntensity };
}

/** Byte position of the first frame that others of its kind follow; undefined where there is none. */
export function findMpegStream(source: ByteSource): number | undefined {
  const from = id3v2Length(source.read(0, 10), 0);
  for (const at of placesOf(source, 0xff, from, source.size)) if (startsStream(source, at, from)) return at;
  return undefined;
}

/**
 * Walks over all frames of a whole file; blocks of it are in memory one at a time.
 *
 * @returns undefined where no MPEG audio is found.
 */
export function surveyMpegFrames(file: ByteSource): MpegSurvey | undefined {
  const source = readAhead(file);
  const start = findMpegStream(source);
  if (start === undefined) return undefined;
  const first = headerAt(source, start)!;
  const tag = readInfoTag(source.read(start, FIRST_FRAME_BYTES), first);
  const end = findAudioEnd(source);
  const positions: number[] = [];
  const survey = { first, start, endsInsideFrame: false, isSeamless: true, usesIntensity: false, positions };
  let frames = tag === undefined ? 0 : -1;
  let position = start;
  while (position < end) {
    const header = headerAt(source, position);
    if (header && isSameKind(header, first)) {
      survey.endsInsideFrame = position + header.length > end;
      survey.isSeamless &&= header.channels === first.channels;
      survey.usesIntensity ||= header.usesIntensity;
      if (!survey.endsInsideFrame) {
        if (frames >= 0 && frames % FRAMES_A_POSITION === 0) positions.push(position);
        frames += 1;
      }
      position += header.length;
    } else {
      survey.endsInsideFrame = end - position < HEADER_BYTES && source.read(position, 1)[0] === 0xff;
      const next = findNextFrame(source, position + 1, end, first);
      if (next === undefined) break;
      survey.isSeamless = false;
      position = next;
    }
  }
  return { ...survey, frames: Math.max(0, frames), declaredFrames: tag?.declaredFrames, trim: tag?.trim };
}

function headerAt(source: ByteSource, at: number): MpegFrameHeader | undefined {
  return readMpegHeader(source.read(at, HEADER_BYTES), 0);
}

function startsStream(source: ByteSource, start: number, audioStart: number): boolean {
  const first = headerAt(source, start);
  if (!first) return false;
  let position = start;
  for (let frame = 0; frame < FRAMES_IN_A_ROW; frame += 1) {
    // A clip of one or two frames, or cut in its first: believed only where nothing stands before it. Layer I is not
    // in use, and its header is also the byte order mark of UTF-16 text.
    if (position + HEADER_BYTES > source.size) return start === audioStart && first.layer !== 1;
    const header = headerAt(source, position);
    if (!header || !isSameKind(header, first)) return false;
    position += header.length;
  }
  return true;
}

function isSameKind(a: MpegFrameHeader, b: MpegFrameHeader): boolean {
  return a.version === b.version && a.layer === b.layer && a.sampleRate === b.sampleRate;
}

/** After junk between frames (a tag, damage): the next header that another follows. */
function findNextFrame(source: ByteSource, from: number, end: number, first: MpegFrameHeader) {
  for (const at of placesOf(source, 0xff, from, end - HEADER_BYTES + 1)) {
    const header = headerAt(source, at);
    const next = header && isSameKind(header, first) && headerAt(source, at + header.length);
    if (next && isSameKind(next, first)) return at;
  }
  return undefined;
}

/** Where this byte stands between two positions. */
function* placesOf(source: ByteSource, byte: number, from: number, end: number): Generator<number> {
  for (let start = from; start < end; start += AHEAD_BYTES / 2) {
    const bytes = source.read(start, Math.min(AHEAD_BYTES / 2, end - start));
    for (let at = bytes.indexOf(byte); at >= 0; at = bytes.indexOf(byte, at + 1)) yield start + at;
  }
}

interface InfoTag {
  /** 0 where the header does not say. */
  declaredFrames: number;
  trim?: { delay: number; padding: number };
}

/** What the first frame says: Xing or Info after the side information, VBRI 32 bytes after the header. */
function readInfoTag(frame: Uint8Array, first: MpegFrameHeader): InfoTag | undefined {
  if (first.layer !== 3) return undefined;
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  const sideBytes = sideInfoBytes(first);
  const xing = HEADER_BYTES + sideBytes;
  if (xing + 12 <= frame.length && (hasText(frame, xing, 'Xing') || hasText(frame, xing, 'Info'))) {
    const flags = view.getUint32(xing + 4);
    const declaredFrames = (flags & 1) === 1 ? view.getUint32(xing + 8) : 0;
    // The LAME extension follows the fields that the flags name: frames, bytes, table of contents, quality.
    const lame = xing + 8 + (flags & 1) * 4 + (flags & 2) * 2 + (flags & 4) * 25 + (flags & 8) / 2;
    if (lame + 24 > frame.length || frame[lame] === 0) return { declaredFrames };
    const delay = (frame[lame + 21] << 4) | (frame[lame + 22] >> 4);
    const padding = ((frame[lame + 22] & 15) << 8) | frame[lame + 23];
    return { declaredFrames, trim: { delay, padding } };
  }
  const vbri = HEADER_BYTES + 32;
  if (vbri + 18 > frame.length || !hasText(frame, vbri, 'VBRI')) return undefined;
  return { declaredFrames: view.getUint32(vbri + 14) };
}

/** Bytes of a layer III frame's side information, ISO 11172-3 2.4.1.7 and ISO 13818-3 2.4.1.7. */
export function sideInfoBytes({ version, channels }: MpegFrameHeader): number {
  if (version === 1) return channels === 2 ? 32 : 17;
  return channels === 2 ? 17 : 9;
}

/** Where the audio ends and an ID3v1 tag (128 bytes), an APE tag or a Lyrics3 tag begins. */
function findAudioEnd(source: ByteSource): number {
  let end = source.size;
  const textAt = (at: number, text: string) => at >= 0 && hasText(source.read(at, text.length), 0, text);
  if (textAt(end - 128, 'TAG')) end -= 128;
  if (textAt(end - 9, 'LYRICS200')) {
    const digits = String.fromCharCode(...source.read(Math.max(0, end - 15), 6));
    end -= Number.parseInt(digits, 10) + 15 || 0;
  }
  const footer = end - 32;
  if (textAt(footer, 'APETAGEX')) {
    const bytes = source.read(footer, 32);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const hasHeader = (view.getUint32(20, true) & 0x80000000) !== 0;
    end -= view.getUint32(12, true) + (hasHeader ? 32 : 0);
  }
  return Math.max(0, end);
}

function hasText(bytes: Uint8Array, at: number, text: string): boolean {
  if (at < 0 || at + text.length > bytes.length) return false;
  for (let i = 0; i < text.length; i += 1) if (bytes[at + i] !== text.charCodeAt(i)) return false;
  return true;
}

/** Bytes read from a file at once. */
const AHEAD_BYTES = 2 ** 16;

/** The same source, read in blocks: for many small reads near each other. */
function readAhead(source: ByteSource): ByteSource {
  let start = 0;
  let block = new Uint8Array(0);
  const read = (position: number, length: number): Uint8Array => {
    if (position < start || position + length > start + block.length) {
      start = position;
      block = new Uint8Array(source.read(position, Math.max(length, AHEAD_BYTES)));
    }
    return block.subarray(position - start, position - start + length);
  };
  return { ...source, read };
}
