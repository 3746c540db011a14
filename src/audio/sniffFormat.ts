/** Which audio format a file's bytes are; its name is not asked. */

import { InputError } from '../errors.ts';
import type { ByteSource } from './byteSource.ts';
import { id3v2Length } from './id3.ts';
import { findMpegStream } from './mpegFrames.ts';

/** Formats that are decoded here, and `foreign` for those that ffmpeg reads. */
export type AudioKind = 'wav' | 'au' | 'mp3' | 'flac' | 'ogg-vorbis' | 'ogg-opus' | 'foreign';

export interface SniffedFormat {
  kind: AudioKind;
  /** For people: `WAV`, `MP4 (AAC or ALAC)`. */
  name: string;
}

/** Bytes looked at; MP3 frames may start after some padding. */
const HEAD_BYTES = 64 * 1024;

/** Signatures of formats that ffmpeg reads: [position, bytes as latin-1, name]. */
const FOREIGN_SIGNATURES: [number, string, string][] = [
  [4, 'ftyp', 'MP4 or M4A'],
  [0, 'FORM', 'AIFF'],
  [0, '\x1aE\xdf\xa3', 'Matroska or WebM'],
  [0, '\x30\x26\xb2\x75\x8e\x66\xcf\x11', 'WMA (ASF)'],
  [0, 'riff\x2e\x91\xcf\x11', 'Wave64'],
  [0, 'caff', 'CAF'],
  [0, 'wvpk', 'WavPack'],
  [0, 'MAC ', "Monkey's Audio"],
  [0, 'TTA1', 'True Audio'],
  [0, 'MPCK', 'Musepack'],
  [0, 'MP+', 'Musepack'],
  [0, '#!AMR', 'AMR'],
  [0, 'DSD ', 'DSD'],
  [0, 'FRM8', 'DSD'],
  [0, 'FLV\x01', 'Flash video'],
  [0, '.RMF', 'RealMedia'],
  [0, '.ra\xfd', 'RealAudio'],
  [0, 'ajkg', 'Shorten'],
  [0, 'Creative Voice File', 'VOC'],
  [0, 'NIST_1A', 'NIST SPHERE'],
  [0, '\x0b\x77', 'AC-3'],
  [0, '\x00\x00\x01\xba', 'MPEG video'],
];

/** What the first packet of an Ogg stream starts with. */
const OGG_SIGNATURES: [string, AudioKind, string][] = [
  ['\x01vorbis', 'ogg-vorbis', 'Ogg Vorbis'],
  ['OpusHead', 'ogg-opus', 'Opus'],
  ['\x7fFLAC', 'foreign', 'FLAC in Ogg'],
  ['Speex   ', 'foreign', 'Speex'],
];

/**
 * Recognises the format from the file's first bytes.
 *
 * @throws InputError if no audio format is recognised; the message shows how the file starts.
 */
export function sniffFormat(source: ByteSource): SniffedFormat {
  const head = source.read(0, HEAD_BYTES);
  const known = recognise(head) ?? recogniseAfterTag(source, head);
  if (known) return known;
  throw new InputError(
    `${source.path}: not an audio file (starts with ${describeStart(head)}); expected WAV, AU, MP3, FLAC, ` +
      'Ogg Vorbis or Opus. Convert it or remove it.',
  );
}

function recognise(head: Uint8Array): SniffedFormat | undefined {
  const startsWith = (text: string, at = 0) => hasText(head, at, text);
  if (['RIFF', 'RIFX', 'RF64', 'BW64'].some((id) => startsWith(id))) {
    if (startsWith('WAVE', 8)) return { kind: 'wav', name: 'WAV' };
    if (startsWith('AVI ', 8)) return { kind: 'foreign', name: 'AVI video' };
    return undefined;
  }
  if (startsWith('.snd')) return { kind: 'au', name: 'AU' };
  if (startsWith('fLaC')) return { kind: 'flac', name: 'FLAC' };
  if (startsWith('OggS')) {
    const packet = 27 + head[26]; // page header, then one byte a segment (RFC 3533, section 6)
    const match = OGG_SIGNATURES.find(([signature]) => startsWith(signature, packet));
    return match ? { kind: match[1], name: match[2] } : { kind: 'foreign', name: 'Ogg with another codec' };
  }
  const foreign = FOREIGN_SIGNATURES.find(([at, signature]) => startsWith(signature, at));
  if (foreign) return { kind: 'foreign', name: foreign[2] };
  if (isAdts(head)) return { kind: 'foreign', name: 'AAC (ADTS)' };
  if (isTransportStream(head)) return { kind: 'foreign', name: 'MPEG transport stream' };
  return findMpegStream(head) === undefined ? undefined : { kind: 'mp3', name: 'MP3' };
}

/** An ID3v2 tag may stand before any format, and be larger than the head. */
function recogniseAfterTag(source: ByteSource, head: Uint8Array): SniffedFormat | undefined {
  const tagBytes = id3v2Length(head, 0);
  if (tagBytes === 0) return undefined;
  const format = recognise(source.read(tagBytes, HEAD_BYTES));
  // Tags before these formats are outside their specifications; ffmpeg skips them.
  const strict = format && ['wav', 'au', 'ogg-vorbis', 'ogg-opus'].includes(format.kind);
  return strict ? { kind: 'foreign', name: `${format.name} after an ID3 tag` } : format;
}

/** AAC's own frames look like MPEG audio with layer bits of 0 (ISO 13818-7); two in a row are asked for. */
function isAdts(head: Uint8Array): boolean {
  const isFrame = (at: number) => head[at] === 0xff && (head[at + 1] & 0xf6) === 0xf0;
  if (!isFrame(0)) return false;
  return isFrame(((head[3] & 3) << 11) | (head[4] << 3) | (head[5] >> 5));
}

function isTransportStream(head: Uint8Array): boolean {
  return head.length > 376 && [0, 188, 376].every((at) => head[at] === 0x47);
}

function hasText(bytes: Uint8Array, at: number, text: string): boolean {
  if (at + text.length > bytes.length) return false;
  for (let i = 0; i < text.length; i += 1) if (bytes[at + i] !== text.charCodeAt(i)) return false;
  return true;
}

function describeStart(head: Uint8Array): string {
  const start = [...head.subarray(0, 8)];
  const isText = start.every(
    (byte) => (byte >= 32 && byte < 127) || byte === 9 || byte === 10 || byte === 13,
  );
  if (!isText) return `bytes ${start.map((byte) => byte.toString(16).padStart(2, '0')).join(' ')}`;
  return `"${String.fromCharCode(...start).replace(/\s/g, ' ')}${head.length > 8 ? '…' : ''}"`;
}
