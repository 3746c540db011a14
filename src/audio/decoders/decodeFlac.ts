/** FLAC through libFLAC in WebAssembly. */

import { FLACDecoder } from '@wasm-audio-decoders/flac';

import type { ByteSource } from '../byteSource.ts';
import { checkHeader, damagedError, truncatedError } from '../decodedAudio.ts';
import type { DecodedAudio, OpenCollector } from '../decodedAudio.ts';
import { findFlacFrame } from '../flacFrames.ts';
import type { FlacStreamInfo } from '../flacFrames.ts';
import { id3v2Length } from '../id3.ts';
import { mixDown } from '../mixDown.ts';
import { blocksOf, decodeChunk } from './readCompressed.ts';

const FORMAT = 'FLAC';
/** "fLaC", a block header and STREAMINFO. */
const STREAM_INFO_BYTES = 42;
const MOST_FRAMES_PER_BYTE = 64;
/** The flag in a metadata block's first byte that frames follow (RFC 9639, section 8.1). */
const LAST_METADATA_BLOCK = 0x80;
/** A part that starts earlier is decoded from the file's start. */
const SEEK_SECONDS = 2;

/**
 * Decodes the wanted part, from the frame that it starts in, or one a little before. Frames do not depend on each other,
 * so that it has the bits of the whole. Where the header does not say how long the file is, decoding starts at the start.
 *
 * @throws InputError if a frame of the part is damaged, or the file is truncated: fewer samples than its header says,
 *   which is found out where the wanted part reaches past them.
 */
export async function decodeFlac(source: ByteSource, open: OpenCollector): Promise<DecodedAudio> {
  const { path } = source;
  const start = id3v2Length(source.read(0, 10), 0);
  const info = readStreamInfo(path, source.read(start, STREAM_INFO_BYTES));
  const { sampleRate, channels } = info;
  const collector = open(sampleRate);
  // A count that so few bytes can hardly hold may be damage: memory is not taken on its word.
  if (info.totalFrames <= MOST_FRAMES_PER_BYTE * source.size) collector.expect(info.totalFrames);
  const decoder = new FLACDecoder();
  await decoder.ready;
  try {
    for (const chunk of flacBlocks()) {
      await take(() => decoder.decode(chunk));
      if (collector.isComplete) break;
    }
    if (!collector.isComplete) await take(() => decoder.flush());
  } finally {
    decoder.free();
  }
  if (!collector.isComplete && collector.framesSeen < info.totalFrames) {
    const detail = `it holds ${collector.framesSeen} of the ${info.totalFrames} samples that its header says`;
    // The decoder passes over frames whose checksum is wrong.
    throw truncatedError(path, FORMAT, `${detail} (the rest is missing or damaged)`);
  }
  const totalFrames = Math.max(collector.framesSeen, info.totalFrames);
  return { format: FORMAT, sampleRate, channels, totalFrames };

  function* flacBlocks(): Generator<Uint8Array> {
    const isFar = info.totalFrames > 0 && collector.firstNeeded > SEEK_SECONDS * sampleRate;
    const frame = isFar ? findFlacFrame(source, info, start, collector.firstNeeded) : undefined;
    if (frame) {
      collector.skipTo(frame.firstSample);
      const header = source.read(start, STREAM_INFO_BYTES).slice();
      header[4] |= LAST_METADATA_BLOCK;
      yield header;
    }
    yield* blocksOf(source, frame?.position ?? start);
  }

  async function take(decode: () => ReturnType<FLACDecoder['decode']>): Promise<void> {
    const decoded = await decodeChunk(path, FORMAT, decode);
    if (decoded.samplesDecoded === 0) return;
    collector.add(mixDown(decoded.channelData.map((channel) => rescale(channel, info.bitDepth))));
  }
}

/**
 * The decoder (0.2.11) divides integers by 2^(bits-1) - 1; everywhere else here, and in ffmpeg, it is 2^(bits-1).
 * The integer is restored first, so the samples equal those of the same audio in a WAV file to the bit.
 */
function rescale(samples: Float32Array, bitDepth: number): Float32Array {
  const full = 2 ** (bitDepth - 1);
  return samples.map((sample) => Math.round(sample * (full - 1)) / full);
}

/** The first metadata block (RFC 9639, section 8.2). */
function readStreamInfo(path: string, bytes: Uint8Array): FlacStreamInfo {
  if (bytes.length < STREAM_INFO_BYTES) throw truncatedError(path, FORMAT, 'it ends inside the header');
  if ((bytes[4] & 0x7f) !== 0) throw damagedError(path, FORMAT, 'it does not start with STREAMINFO');
  const info = {
    sampleRate: (bytes[18] << 12) | (bytes[19] << 4) | (bytes[20] >> 4),
    channels: ((bytes[20] >> 1) & 7) + 1,
    largestBlock: (bytes[10] << 8) | bytes[11],
    bitDepth: (((bytes[20] & 1) << 4) | (bytes[21] >> 4)) + 1,
    totalFrames: (bytes[21] & 0x0f) * 2 ** 32 + new DataView(bytes.buffer, bytes.byteOffset).getUint32(22),
  };
  checkHeader(path, FORMAT, info.sampleRate, info.channels);
  return info;
}
