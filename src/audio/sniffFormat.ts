/** Which audio format a file's bytes are; its name is not asked. */

import { InputError } from '../errors.ts';
import { byteSourceOf } from './byteSource.ts';
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

/** How the files of formats that ffmpeg reads start, as latin-1; enough of it that no text is taken for audio. */
const FOREIGN_SIGNATURES: [RegExp, string][] = [
  [/^....ftyp/s, 'MP4 or M4A'],
  [/^....(moov|mdat|wide)/s, 'QuickTime'],
  [/^FORM....(AIFF|AIFC|8SVX)/s, 'AIFF'],
  [/^RIFF....AVI /s, 'AVI video'],
  [/^\x1aE\xdf\xa3/, 'Matroska or WebM'],
  [/^\x30\x26\xb2\x75\x8e\x66\xcf\x11/, 'WMA (ASF)'],
  [/^riff\x2e\x91\xcf\x11/, 'Wave64'],
  [/^caff\0/, 'CAF'],
  [/^wvpk..\0\0/s, 'WavPack'],
  [/^MAC .[\0-\x1f]/s, "Monkey's Audio"],
  [/^TTA1[\x01-\x03]\0/, 'True Audio'],
  [/^MPCKSH|^MP\+[\x07\x17\x27]/, 'Musepack'],
  [/^#!AMR/, 'AMR'],
  [/^DSD \x1c|^FRM8....../s, 'DSD'],
  [/^FLV\x01/, 'Flash video'],
  [/^\.RMF\0/, 'RealMedia'],
  [/^\.ra\xfd/, 'RealAudio'],
  [/^ajkg[\0-\x1f]/, 'Shorten'],
  [/^Creative Voice File\x1a/, 'VOC'],
  [/^NIST_1A\n/, 'NIST SPHERE'],
  [/^\x0b\x77/, 'AC-3'],
  [/^\0\0\x01\xba/, 'MPEG video'],
];
/** The longest of them. */
const SIGNATURE_BYTES = 32;

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
  if (['RIFF', 'RIFX', 'RF64', 'BW64'].some((id) => startsWith(id)) && startsWith('WAVE', 8)) {
    return { kind: 'wav', name: 'WAV' };
  }
  if (startsWith('.snd')) return { kind: 'au', name: 'AU' };
  if (startsWith('fLaC')) return { kind: 'flac', name: 'FLAC' };
  if (startsWith('OggS')) {
    const packet = 27 + head[26]; // page header, then one byte a segment (RFC 3533, section 6)
    const match = OGG_SIGNATURES.find(([signature]) => startsWith(signature, packet));
    return match ? { kind: match[1], name: match[2] } : { kind: 'foreign', name: 'Ogg with another codec' };
  }
  const start = String.fromCharCode(...head.subarray(0, SIGNATURE_BYTES));
  const foreign = FOREIGN_SIGNATURES.find(([signature]) => signature.test(start));
  if (foreign) return { kind: 'foreign', name: foreign[1] };
  if (isAdts(head)) return { kind: 'foreign', name: 'AAC (ADTS)' };
  if (isTransportStream(head)) return { kind: 'foreign', name: 'MPEG transport stream' };
  return findMpegStream(byteSourceOf(head, '')) === undefined ? undefined : { kind: 'mp3', name: 'MP3' };
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
