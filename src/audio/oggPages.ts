/** The pages of an Ogg file (RFC 3533): whether it is whole and undamaged, before a decoder sees it. */

import type { ByteSource } from './byteSource.ts';

export interface OggSurvey {
  pages: number;
  /** Logical streams in the file. */
  streams: number;
  /** The last page carries the end-of-stream flag. */
  hasEnd: boolean;
  /** The file ends inside a page. */
  endsInsidePage: boolean;
  /** Byte position of the first page that is not in order: lost, or with a wrong checksum. */
  damagedAt?: number;
  /** Granule position of the last page: samples of one channel up to its end, by the codec's count. */
  lastGranule: number;
  /** Bytes of the first packet: the codec's own header. */
  firstPacket: Uint8Array;
  /** The pages on which one packet begins and one ends. */
  fresh: OggPage[];
}

/** A page that starts with a packet of its own. */
export interface OggPage {
  /** Of its first byte. */
  position: number;
  /** Bytes. */
  length: number;
  /** Granule position: samples of one channel up to the end of the last packet that ends on it. */
  granule: number;
  /** Packets that ended on pages before it. */
  packetsBefore: number;
}

const PAGE_HEADER_BYTES = 27;
const MOST_SEGMENTS = 255;
const CONTINUED = 1;
const END_OF_STREAM = 4;

/** CRC-32 with generator 0x04c11db7, neither reflected nor inverted (RFC 3533, section 6, field 7). */
const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24;
  for (let bit = 0; bit < 8; bit += 1) crc = (crc << 1) ^ (crc & 0x80000000 ? 0x04c11db7 : 0);
  return crc >>> 0;
});

/** Walks over all pages of a whole file and checks their checksums; one page is in memory at a time. */
export function surveyOggPages(source: ByteSource): OggSurvey {
  const serials = new Set<number>();
  const survey: OggSurvey = {
    pages: 0,
    streams: 0,
    hasEnd: false,
    endsInsidePage: false,
    lastGranule: 0,
    firstPacket: new Uint8Array(0),
    fresh: [],
  };
  let packetsBefore = 0;
  let position = 0;
  while (position < source.size) {
    const head = source.read(position, PAGE_HEADER_BYTES + MOST_SEGMENTS);
    if (!hasCapturePattern(head)) {
      survey.damagedAt = position;
      break;
    }
    const length = findPageLength(head);
    if (length === undefined || position + length > source.size) {
      survey.endsInsidePage = true;
      break;
    }
    const page = source.read(position, length);
    const view = new DataView(page.buffer, page.byteOffset, page.byteLength);
    if (pageChecksum(page) !== view.getUint32(22, true)) {
      survey.damagedAt = position;
      break;
    }
    if (survey.pages === 0) survey.firstPacket = page.subarray(PAGE_HEADER_BYTES + page[26]);
    serials.add(view.getUint32(14, true));
    survey.hasEnd = (page[5] & END_OF_STREAM) !== 0;
    survey.lastGranule = Number(view.getBigInt64(6, true));
    survey.pages += 1;
    const packets = page
      .subarray(PAGE_HEADER_BYTES, PAGE_HEADER_BYTES + page[26])
      .filter((lacing) => lacing < 255);
    if (packets.length > 0 && (page[5] & CONTINUED) === 0) {
      survey.fresh.push({ position, length, granule: survey.lastGranule, packetsBefore });
    }
    packetsBefore += packets.length;
    position += length;
  }
  survey.streams = serials.size;
  return survey;
}

/** "OggS", or as much of it as a cut file still holds. */
function hasCapturePattern(head: Uint8Array): boolean {
  return [0x4f, 0x67, 0x67, 0x53].every((byte, i) => i >= head.length || head[i] === byte);
}

function findPageLength(head: Uint8Array): number | undefined {
  if (PAGE_HEADER_BYTES > head.length) return undefined;
  const body = PAGE_HEADER_BYTES + head[26];
  if (body > head.length) return undefined;
  return head.subarray(PAGE_HEADER_BYTES, body).reduce((length, lacing) => length + lacing, body);
}

function pageChecksum(page: Uint8Array): number {
  let crc = 0;
  for (let i = 0; i < page.length; i += 1) {
    const byte = i >= 22 && i < 26 ? 0 : page[i]; // the checksum field counts as 0
    crc = (crc << 8) ^ CRC_TABLE[(crc >>> 24) ^ byte];
  }
  return crc >>> 0;
}
