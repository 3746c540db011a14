/** The pages of an Ogg file (RFC 3533): whether it is whole and undamaged, before a decoder sees it. */

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
}

const PAGE_HEADER_BYTES = 27;
const END_OF_STREAM = 4;

/** CRC-32 with generator 0x04c11db7, neither reflected nor inverted (RFC 3533, section 6, field 7). */
const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24;
  for (let bit = 0; bit < 8; bit += 1) crc = (crc << 1) ^ (crc & 0x80000000 ? 0x04c11db7 : 0);
  return crc >>> 0;
});

/** Walks over all pages of a whole file and checks their checksums. */
export function surveyOggPages(bytes: Uint8Array): OggSurvey {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const serials = new Set<number>();
  const survey: OggSurvey = {
    pages: 0,
    streams: 0,
    hasEnd: false,
    endsInsidePage: false,
    lastGranule: 0,
    firstPacket: new Uint8Array(0),
  };
  let position = 0;
  while (position < bytes.length) {
    if (!hasCapturePattern(bytes, position)) {
      survey.damagedAt = position;
      break;
    }
    const end = findPageEnd(bytes, position);
    if (end === undefined || end > bytes.length) {
      survey.endsInsidePage = true;
      break;
    }
    if (pageChecksum(bytes, position, end) !== view.getUint32(position + 22, true)) {
      survey.damagedAt = position;
      break;
    }
    if (survey.pages === 0) {
      const segments = bytes[position + 26];
      survey.firstPacket = bytes.subarray(position + PAGE_HEADER_BYTES + segments, end);
    }
    serials.add(view.getUint32(position + 14, true));
    survey.hasEnd = (bytes[position + 5] & END_OF_STREAM) !== 0;
    survey.lastGranule = Number(view.getBigInt64(position + 6, true));
    survey.pages += 1;
    position = end;
  }
  survey.streams = serials.size;
  return survey;
}

/** "OggS", or as much of it as a cut file still holds. */
function hasCapturePattern(bytes: Uint8Array, at: number): boolean {
  return [0x4f, 0x67, 0x67, 0x53].every((byte, i) => at + i >= bytes.length || bytes[at + i] === byte);
}

function findPageEnd(bytes: Uint8Array, start: number): number | undefined {
  if (start + PAGE_HEADER_BYTES > bytes.length) return undefined;
  const body = start + PAGE_HEADER_BYTES + bytes[start + 26];
  if (body > bytes.length) return undefined;
  return bytes.subarray(start + PAGE_HEADER_BYTES, body).reduce((end, lacing) => end + lacing, body);
}

function pageChecksum(bytes: Uint8Array, start: number, end: number): number {
  let crc = 0;
  for (let i = start; i < end; i += 1) {
    const byte = i >= start + 22 && i < start + 26 ? 0 : bytes[i]; // the checksum field counts as 0
    crc = (crc << 8) ^ CRC_TABLE[(crc >>> 24) ^ byte];
  }
  return crc >>> 0;
}
