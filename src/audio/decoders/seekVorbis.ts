/** Where decoding of Ogg Vorbis may start, so that a part far in has the bits of the whole. */

import { OggVorbisDecoder } from '@wasm-audio-decoders/ogg-vorbis';

import type { ByteSource } from '../byteSource.ts';
import type { OggPage, OggSurvey } from '../oggPages.ts';
import { decodeChunk } from './readCompressed.ts';

/** Identification, comments and setup; audio follows on a page of its own (Vorbis I specification, A.2). */
const HEADER_PACKETS = 3;
/** A part that starts on an earlier page of audio is decoded from the file's start. */
const LEAST_PAGES = 8;

export interface VorbisSeek {
  /** The pages of the three headers. */
  headers: Uint8Array;
  /** Byte where decoding goes on. */
  position: number;
  /** Place of the first sample that is decoded there. */
  firstFrame: number;
}

/**
 * A packet depends on itself and on the one before (Vorbis I specification, 4.3.8): what is decoded from a page on lacks
 * the first packet's sound and is whole from the second on. How much sound that page gives is found by decoding it
 * alone; with its granule position, where it lies. That positions count from the file's first sample is seen in the same
 * way on the first page of audio; in a stream cut out of a longer one they do not.
 *
 * @returns undefined where decoding has to start at the start: the part is near it, or places are not sure.
 */
export async function findVorbisSeek(
  source: ByteSource,
  { fresh }: OggSurvey,
  firstNeeded: number,
): Promise<VorbisSeek | undefined> {
  const firstAudio = fresh.findIndex(({ packetsBefore }) => packetsBefore === HEADER_PACKETS);
  const target = fresh.findLastIndex(({ granule }) => granule >= 0 && granule <= firstNeeded);
  if (firstAudio < 0 || target < firstAudio + LEAST_PAGES) return undefined;
  const headers = source.read(0, fresh[firstAudio].position).slice();
  const samplesOn = (page: OggPage) => countSamples(source, headers, page);
  if ((await samplesOn(fresh[firstAudio])) !== fresh[firstAudio].granule) return undefined;
  const { position, granule } = fresh[target];
  const firstFrame = granule - (await samplesOn(fresh[target]));
  return firstFrame > 0 ? { headers, position, firstFrame } : undefined;
}

/** Samples of one channel that a page gives when decoding starts there. */
async function countSamples(source: ByteSource, headers: Uint8Array, page: OggPage): Promise<number> {
  const decoder = new OggVorbisDecoder();
  await decoder.ready;
  try {
    let count = 0;
    const pages = [headers, source.read(page.position, page.length)];
    const steps = [...pages.map((bytes) => () => decoder.decode(bytes)), () => decoder.flush()];
    for (const step of steps) count += (await decodeChunk(source.path, 'Ogg Vorbis', step)).samplesDecoded;
    return count;
  } finally {
    decoder.free();
  }
}
