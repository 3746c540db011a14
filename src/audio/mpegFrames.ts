/** The frames of MPEG audio (layers I to III): finding them, and telling whether a file is whole. */

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
  return { version, layer, sampleRate, channels, length: slots * slotBytes, samplesPerFrame };
}

/** Byte position of the first frame that others of its kind follow; undefined where there is none. */
export function findMpegStream(bytes: Uint8Array): number | undefined {
  for (let at = id3v2Length(bytes, 0); at + HEADER_BYTES <= bytes.length; at += 1) {
    if (bytes[at] === 0xff && startsStream(bytes, at)) return at;
  }
  return undefined;
}

/**
 * Walks over all frames.
 *
 * @param bytes The whole file.
 * @returns undefined where no MPEG audio is found.
 */
export function surveyMpegFrames(bytes: Uint8Array): MpegSurvey | undefined {
  const start = findMpegStream(bytes);
  if (start === undefined) return undefined;
  const first = readMpegHeader(bytes, start)!;
  const declaredFrames = readDeclaredFrames(bytes, start, first);
  const end = findAudioEnd(bytes);
  let frames = declaredFrames === undefined ? 0 : -1;
  let endsInsideFrame = false;
  let position = start;
  while (position < end) {
    const header = readMpegHeader(bytes, position);
    if (header && isSameKind(header, first)) {
      endsInsideFrame = position + header.length > end;
      if (!endsInsideFrame) frames += 1;
      position += header.length;
    } else {
      endsInsideFrame = end - position < HEADER_BYTES && bytes[position] === 0xff;
      const next = findNextFrame(bytes, position + 1, end, first);
      if (next === undefined) break;
      position = next;
    }
  }
  return { first, start, frames: Math.max(0, frames), declaredFrames, endsInsideFrame };
}

function startsStream(bytes: Uint8Array, start: number): boolean {
  const first = readMpegHeader(bytes, start);
  if (!first) return false;
  let position = start;
  for (let frame = 0; frame < FRAMES_IN_A_ROW; frame += 1) {
    // A clip of one or two frames, or cut in its first: believed only where nothing stands before it. Layer I is not
    // in use, and its header is also the byte order mark of UTF-16 text.
    if (position + HEADER_BYTES > bytes.length) return start === id3v2Length(bytes, 0) && first.layer !== 1;
    const header = readMpegHeader(bytes, position);
    if (!header || !isSameKind(header, first)) return false;
    position += header.length;
  }
  return true;
}

function isSameKind(a: MpegFrameHeader, b: MpegFrameHeader): boolean {
  return a.version === b.version && a.layer === b.layer && a.sampleRate === b.sampleRate;
}

/** After junk between frames (a tag, damage): the next header that another follows. */
function findNextFrame(bytes: Uint8Array, from: number, end: number, first: MpegFrameHeader) {
  for (let at = from; at + HEADER_BYTES <= end; at += 1) {
    if (bytes[at] !== 0xff) continue;
    const header = readMpegHeader(bytes, at);
    const next = header && isSameKind(header, first) && readMpegHeader(bytes, at + header.length);
    if (next && isSameKind(next, first)) return at;
  }
  return undefined;
}

/** The frame count in the first frame: Xing or Info after the side information, VBRI 32 bytes after the header. */
function readDeclaredFrames(bytes: Uint8Array, start: number, first: MpegFrameHeader): number | undefined {
  if (first.layer !== 3) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const sideBytes = first.version === 1 ? (first.channels === 2 ? 32 : 17) : first.channels === 2 ? 17 : 9;
  const xing = start + HEADER_BYTES + sideBytes;
  if (xing + 12 <= bytes.length && (hasText(bytes, xing, 'Xing') || hasText(bytes, xing, 'Info'))) {
    const hasFrameCount = (view.getUint32(xing + 4) & 1) === 1;
    return hasFrameCount ? view.getUint32(xing + 8) : 0;
  }
  const vbri = start + HEADER_BYTES + 32;
  if (vbri + 18 <= bytes.length && hasText(bytes, vbri, 'VBRI')) return view.getUint32(vbri + 14);
  return undefined;
}

/** Where the audio ends and an ID3v1 tag (128 bytes), an APE tag or a Lyrics3 tag begins. */
function findAudioEnd(bytes: Uint8Array): number {
  let end = bytes.length;
  if (hasText(bytes, end - 128, 'TAG')) end -= 128;
  if (hasText(bytes, end - 9, 'LYRICS200')) {
    const digits = String.fromCharCode(...bytes.subarray(end - 15, end - 9));
    end -= Number.parseInt(digits, 10) + 15 || 0;
  }
  const footer = end - 32;
  if (hasText(bytes, footer, 'APETAGEX')) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const hasHeader = (view.getUint32(footer + 20, true) & 0x80000000) !== 0;
    end -= view.getUint32(footer + 12, true) + (hasHeader ? 32 : 0);
  }
  return Math.max(0, end);
}

function hasText(bytes: Uint8Array, at: number, text: string): boolean {
  if (at < 0 || at + text.length > bytes.length) return false;
  for (let i = 0; i < text.length; i += 1) if (bytes[at + i] !== text.charCodeAt(i)) return false;
  return true;
}
