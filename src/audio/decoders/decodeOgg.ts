/** Ogg Vorbis (libvorbis) and Opus (libopus), both in WebAssembly. */

import { OggVorbisDecoder } from '@wasm-audio-decoders/ogg-vorbis';
import { OggOpusDecoder } from 'ogg-opus-decoder';

import type { ByteSource } from '../byteSource.ts';
import { ForeignFormatError, checkHeader, damagedError, truncatedError } from '../decodedAudio.ts';
import type { DecodedAudio, OpenCollector } from '../decodedAudio.ts';
import { mixDown } from '../mixDown.ts';
import { surveyOggPages } from '../oggPages.ts';
import type { OggSurvey } from '../oggPages.ts';
import { blocksOf, decodeChunk } from './readCompressed.ts';
import type { DecodedChunk } from './readCompressed.ts';
import { findVorbisSeek } from './seekVorbis.ts';
import type { VorbisSeek } from './seekVorbis.ts';

/** Opus always decodes at this rate, whatever was encoded (RFC 7845, section 5.1). */
const OPUS_RATE = 48_000;
/** Above it a granule position may be that of a longer stream, or damage: memory is not taken on its word. */
const MOST_FRAMES_PER_BYTE = 64;

interface OggDecoder {
  ready: Promise<void>;
  free(): void;
  decode(bytes: Uint8Array): DecodedChunk | Promise<DecodedChunk>;
  flush(): Promise<DecodedChunk>;
}

/** What the codec's first packet says. */
interface CodecHeader {
  sampleRate: number;
  channels: number;
  /** Decoded samples before the first that counts. */
  preSkip: number;
  /** Factor on every sample. */
  gain: number;
}

/**
 * Decodes the wanted part of an Ogg Vorbis file, from a page or two before it.
 *
 * @throws InputError if the file is truncated (no end-of-stream flag on the last page) or a page's checksum is
 *   wrong; a ForeignFormatError if several streams are inside.
 */
export async function decodeOggVorbis(source: ByteSource, open: OpenCollector): Promise<DecodedAudio> {
  const readHeader = (view: DataView) => ({
    sampleRate: view.getUint32(12, true), // Vorbis I specification, section 4.2.2
    channels: view.getUint8(11),
    preSkip: 0,
    gain: 1,
  });
  return decodeOgg(source, open, 'Ogg Vorbis', new OggVorbisDecoder(), readHeader, (survey, firstNeeded) =>
    findVorbisSeek(source, survey, firstNeeded),
  );
}

/**
 * The same for Opus, always at 48 kHz, and from the start: an Opus decoder that begins elsewhere comes near the same
 * samples, but not to the same bits (RFC 7845, section 4.6). Throws as `decodeOggVorbis` does.
 */
export async function decodeOpus(source: ByteSource, open: OpenCollector): Promise<DecodedAudio> {
  const readHeader = (view: DataView) => ({
    sampleRate: OPUS_RATE,
    channels: view.getUint8(9),
    preSkip: view.getUint16(10, true),
    // In 1/256 dB, and the player's duty (RFC 7845, section 5.1); ogg-opus-decoder 1.7.5 leaves it out.
    gain: 10 ** (view.getInt16(16, true) / 256 / 20),
  });
  return decodeOgg(source, open, 'Opus', new OggOpusDecoder(), readHeader, () => Promise.resolve(undefined));
}

async function decodeOgg(
  source: ByteSource,
  open: OpenCollector,
  format: string,
  decoder: OggDecoder,
  readHeader: (firstPacket: DataView) => CodecHeader,
  seek: (survey: OggSurvey, firstNeeded: number) => Promise<VorbisSeek | undefined>,
): Promise<DecodedAudio> {
  const { path } = source;
  await decoder.ready;
  try {
    const survey = checkPages(source, format);
    const { firstPacket, lastGranule } = survey;
    const header = new DataView(firstPacket.buffer, firstPacket.byteOffset, firstPacket.byteLength);
    const { sampleRate, channels, preSkip, gain } = readHeader(header);
    checkHeader(path, format, sampleRate, channels);
    // The last granule position says where the audio ends (RFC 7845, section 4.4; Vorbis I, section A.2): in files of
    // one page ogg-opus-decoder 1.7.5 gives preSkip samples too many. In a stream cut out of a longer one, positions
    // count from the longer one's start, so that this end lies behind the last sample and changes nothing.
    const endFrame = Math.max(0, lastGranule - preSkip);
    const collector = open(sampleRate);
    collector.limitTo(endFrame);
    if (endFrame <= MOST_FRAMES_PER_BYTE * source.size) collector.expect(endFrame);
    const take = async (decode: () => ReturnType<OggDecoder['decode']>) => {
      const decoded = await decodeChunk(path, format, decode);
      if (decoded.samplesDecoded <= 0) return;
      const mono = mixDown(decoded.channelData);
      collector.add(gain === 1 ? mono : mono.map((sample) => sample * gain));
    };
    const start = await seek(survey, collector.firstNeeded);
    if (start) {
      collector.skipTo(start.firstFrame);
      await take(() => decoder.decode(start.headers));
    }
    for (const chunk of blocksOf(source, start?.position)) {
      await take(() => decoder.decode(chunk));
      if (collector.isComplete) break;
    }
    if (!collector.isComplete) await take(() => decoder.flush());
    const totalFrames = collector.isComplete ? endFrame : Math.min(collector.framesSeen, endFrame);
    return { format, sampleRate, channels, totalFrames };
  } finally {
    decoder.free();
  }
}

/** @returns A survey whose first packet is at least 19 bytes long, as both codecs' headers are. */
function checkPages(source: ByteSource, format: string): OggSurvey {
  const { path } = source;
  const survey = surveyOggPages(source);
  if (survey.damagedAt !== undefined) {
    throw damagedError(path, format, `the page at byte ${survey.damagedAt} fails its checksum`);
  }
  if (survey.endsInsidePage) throw truncatedError(path, format, `it ends inside page ${survey.pages + 1}`);
  if (!survey.hasEnd) throw truncatedError(path, format, 'its last page lacks the end-of-stream flag');
  if (survey.streams > 1) throw new ForeignFormatError(path, `${format} among ${survey.streams} streams`);
  if (survey.firstPacket.length < 19) throw damagedError(path, format, 'its codec header is too short');
  return survey;
}
