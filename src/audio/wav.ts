/** Reads WAV: RIFF, RIFX, RF64 and BW64 with integer, float, A-law and mu-law samples. */

import type { InputError } from '../errors.ts';
import { byteSourceOf } from './byteSource.ts';
import type { ByteSource } from './byteSource.ts';
import { ForeignFormatError, checkHeader, damagedError, truncatedError } from './decodedAudio.ts';
import { bytesPerFrame, decodePcm } from './pcm.ts';
import type { PcmEncoding, PcmLayout } from './pcm.ts';

export interface WavAudio {
  /** Hz. */
  sampleRate: number;
  /** `[channels][frames]`, full scale ±1. */
  channels: Float32Array[];
}

/** Sizes that a writer leaves behind when it cannot seek back: 0; ffmpeg and RF64 all ones; sox 2 GiB less 4 KiB. */
const STREAMED_SIZES = { unset: 0, allOnes: 0xffffffff, soxLeast: 0x7ffff000 - 0x10000, soxMost: 0x7fffffff };

/** No program writes more; a damaged file may seem to have millions. */
const MOST_CHUNKS = 4096;

/** The rest of an EXTENSIBLE sub-format's GUID whose first two bytes are a format tag (Microsoft, mmreg.h). */
const TAGGED_GUID = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71];
/** The same for the ambisonic B-format sub-formats, which sound-field recorders write. */
const AMBISONIC_GUID = [0, 0, 0x21, 0x07, 0xd3, 0x11, 0x86, 0x44, 0xc8, 0xc1, 0xca, 0, 0, 0];

const FORMAT_TAGS: Record<number, string> = {
  0x02: 'MS ADPCM',
  0x11: 'IMA ADPCM',
  0x22: 'TrueSpeech',
  0x31: 'GSM 6.10',
  0x40: 'G.721 ADPCM',
  0x50: 'MPEG layer 1 or 2',
  0x55: 'MP3',
  0xff: 'AAC',
  0x161: 'WMA',
  0x2000: 'AC-3',
  0x2001: 'DTS',
};

/**
 * Reads a whole WAV file from memory.
 *
 * @param bytes The file; a view at any offset is fine.
 * @param path Named in error messages.
 * @throws InputError if it is no WAV, is truncated, or holds compressed samples.
 * @example const { sampleRate, channels } = readWav(readFileSync('song.wav'));
 */
export function readWav(bytes: Uint8Array, path = 'WAV data'): WavAudio {
  const layout = readWavLayout(byteSourceOf(bytes, path));
  const end = layout.dataStart + layout.frames * bytesPerFrame(layout);
  const samples = decodePcm(bytes.subarray(layout.dataStart, end), layout.encoding, layout.littleEndian);
  const channels = Array.from({ length: layout.channels }, (_, channel) =>
    Float32Array.from({ length: layout.frames }, (_, frame) => samples[frame * layout.channels + channel]),
  );
  return { sampleRate: layout.sampleRate, channels };
}

/**
 * Finds the samples in a WAV file, reading only its chunk headers.
 *
 * A data size of 0, all ones, or sox's placeholder means "up to the end of the file", as pipes leave it.
 *
 * @throws InputError if it is no WAV, is truncated, or holds compressed samples (a ForeignFormatError then).
 */
export function readWavLayout(source: ByteSource): PcmLayout {
  const header = readWavHeader(source);
  const { format, sampleRate, channels, encoding, littleEndian, dataStart } = header;
  return {
    format,
    sampleRate,
    channels,
    encoding,
    littleEndian,
    dataStart,
    frames: countFrames(source, header),
  };
}

/** What stands before the samples of a WAV file; `declaredBytes` is not held against the file's size. */
export interface WavHeader extends Omit<PcmLayout, 'frames'> {
  declaredBytes: number;
}

/** Reads up to the first sample: enough for a stream. Throws as `readWavLayout` does, but for truncation. */
export function readWavHeader(source: ByteSource): WavHeader {
  const { path } = source;
  const id = readText(source, 0);
  const littleEndian = id !== 'RIFX';
  if (!['RIFF', 'RIFX', 'RF64', 'BW64'].includes(id) || readText(source, 8) !== 'WAVE') {
    throw damagedError(path, 'WAV', 'it does not start with a RIFF WAVE header');
  }
  let sampleFormat: SampleFormat | undefined;
  let longDataSize: number | undefined;
  let position = 12;
  for (let chunk = 0; chunk < MOST_CHUNKS && position + 8 <= source.size; chunk += 1) {
    const name = readText(source, position);
    const size = readUint32(source, position + 4, littleEndian);
    const start = position + 8;
    if (name === 'ds64') longDataSize = readLongSize(source, start + 8);
    if (name === 'fmt ') sampleFormat = readSampleFormat(source, start, size, littleEndian);
    if (name === 'data') {
      if (!sampleFormat) throw damagedError(path, 'WAV', 'its samples come before the "fmt " chunk');
      const declared = size === STREAMED_SIZES.allOnes ? (longDataSize ?? size) : size;
      return { ...sampleFormat, dataStart: start, declaredBytes: declared };
    }
    position = start + size + (size % 2); // chunks are padded to even sizes
  }
  throw truncatedError(path, 'WAV', 'it has no data chunk');
}

type SampleFormat = Omit<PcmLayout, 'dataStart' | 'frames'>;

function readSampleFormat(
  source: ByteSource,
  start: number,
  size: number,
  littleEndian: boolean,
): SampleFormat {
  const { path } = source;
  const bytes = source.read(start, Math.min(size, 40));
  if (size < 16) throw damagedError(path, 'WAV', `its "fmt " chunk has ${size} bytes, expected at least 16`);
  if (bytes.length < Math.min(size, 40)) throw truncatedError(path, 'WAV', 'it ends inside the header');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tag = readFormatTag(bytes, view, littleEndian);
  const channels = view.getUint16(2, littleEndian);
  const sampleRate = view.getUint32(4, littleEndian);
  const blockAlign = view.getUint16(12, littleEndian);
  const bits = view.getUint16(14, littleEndian);
  checkHeader(path, 'WAV', sampleRate, channels);
  if (FORMAT_TAGS[tag] || tag === UNKNOWN_TAG) {
    throw new ForeignFormatError(path, `WAV with ${FORMAT_TAGS[tag] ?? 'an unknown codec'} inside`);
  }
  const sampleBytes = blockAlign / channels;
  const encoding = ENCODINGS[`${tag}:${sampleBytes}`];
  if (!encoding) {
    if (![1, 3, 6, 7].includes(tag)) {
      throw new ForeignFormatError(path, `WAV with codec 0x${tag.toString(16).padStart(4, '0')} inside`);
    }
    throw damagedError(path, 'WAV', `its header says ${blockAlign} bytes a frame for ${channels} channels`);
  }
  if (bits > sampleBytes * 8) {
    throw damagedError(path, 'WAV', `its header says ${bits} bits in ${sampleBytes} bytes a sample`);
  }
  return { format: 'WAV', sampleRate, channels, encoding, littleEndian };
}

/** By format tag and bytes a sample; fewer valid bits than that lie at the top, so they need no care. */
const ENCODINGS: Record<string, PcmEncoding> = {
  '1:1': 'uint8',
  '1:2': 'int16',
  '1:3': 'int24',
  '1:4': 'int32',
  '1:8': 'int64',
  '3:4': 'float32',
  '3:8': 'float64',
  '6:1': 'alaw',
  '7:1': 'mulaw',
};

const EXTENSIBLE_TAG = 0xfffe;
const UNKNOWN_TAG = 0x10000; // outside the 16 bits of a tag

function readFormatTag(bytes: Uint8Array, view: DataView, littleEndian: boolean): number {
  const tag = view.getUint16(0, littleEndian);
  if (tag !== EXTENSIBLE_TAG || bytes.length < 40) return tag;
  const rest = bytes.subarray(26, 40);
  const isTagged = [TAGGED_GUID, AMBISONIC_GUID].some((guid) => guid.every((byte, i) => byte === rest[i]));
  return isTagged ? view.getUint16(24, littleEndian) : UNKNOWN_TAG;
}

function countFrames(source: ByteSource, header: WavHeader): number {
  const frameBytes = bytesPerFrame(header);
  const available = source.size - header.dataStart;
  if (!isStreamed(source, header.declaredBytes)) {
    if (available < header.declaredBytes) throw shortError(source, available, header);
    return Math.floor(header.declaredBytes / frameBytes);
  }
  const leftover = available % frameBytes;
  // A pad byte may end the chunk, since the chunk's size is to be even.
  const isPad = leftover === 1 && available % 2 === 0 && source.read(source.size - 1, 1)[0] === 0;
  if (leftover > 0 && !isPad) throw truncatedError(source.path, 'WAV', 'it ends inside a frame');
  return Math.floor(available / frameBytes);
}

function isStreamed(source: ByteSource, declared: number): boolean {
  const { unset, allOnes, soxLeast, soxMost } = STREAMED_SIZES;
  // Where the RIFF size was written, a data size of 0 was meant.
  if (declared === unset) return readUint32(source, 4, true) !== source.size - 8;
  return declared === allOnes || (declared >= soxLeast && declared <= soxMost);
}

function shortError(source: ByteSource, available: number, header: WavHeader): InputError {
  const seconds = (bytes: number) => (bytes / bytesPerFrame(header) / header.sampleRate).toFixed(2);
  const detail = `it holds ${seconds(available)} s of the ${seconds(header.declaredBytes)} s that its header says`;
  return truncatedError(source.path, 'WAV', detail);
}

function readText(source: ByteSource, position: number): string {
  return String.fromCharCode(...source.read(position, 4));
}

function readUint32(source: ByteSource, position: number, littleEndian: boolean): number {
  const bytes = source.read(position, 4);
  if (bytes.length < 4) throw truncatedError(source.path, 'WAV', 'it ends inside the header');
  return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, littleEndian);
}

/** A 64-bit size as a number: exact up to 2^53 bytes. */
function readLongSize(source: ByteSource, position: number): number {
  return readUint32(source, position, true) + readUint32(source, position + 4, true) * 2 ** 32;
}
