/** MP3 through our own kernel; MPEG layers I and II, and what else it does not do, through mpg123 in WebAssembly. */

import { MPEGDecoder } from 'mpg123-decoder';

import type { ByteSource } from '../byteSource.ts';
import { checkHeader, damagedError, truncatedError } from '../decodedAudio.ts';
import type { DecodedAudio, OpenCollector } from '../decodedAudio.ts';
import { mixDown } from '../mixDown.ts';
import { FRAMES_A_POSITION, surveyMpegFrames } from '../mpegFrames.ts';
import type { MpegSurvey } from '../mpegFrames.ts';
import { DamagedFrameError, fitsEverySecond, mp3Kernel } from '../mp3Kernel/mp3Kernel.ts';
import type { Mp3Kernel } from '../mp3Kernel/mp3Kernel.ts';
import type { PartCollector } from '../partCollector.ts';
import { blocksOf, decodeChunk } from './readCompressed.ts';
import { silenceLead, startsWhole } from './silenceLead.ts';

const FORMAT = 'MP3';

/** Samples that an MP3 decoder is late by: mpg123 trims them with the encoder's delay, as the LAME header asks for. */
const DECODER_DELAY = 529;

/**
 * Frames decoded before the part, at least, and thrown away. Three things carry over from frame to frame: bits (at most
 * 511 bytes, ISO 11172-3 2.4.2.7; a frame of 32 kbit/s at 48 kHz has 58 bytes of them, the smallest of MPEG-2, which
 * may look back 255 bytes, about 10), the overlap (one frame) and the synthesis (16 of its 36 steps).
 */
const LEAD_FRAMES = 64;
/** Of these, so many are made silent: until all bits that a frame may look back for are there. */
const SILENT_FRAMES = 48;

/**
 * Decodes the wanted part; the encoder's delay and padding are trimmed where a LAME header gives them.
 *
 * The kernel of mp3Kernel/ decodes layer III whose frames follow each other without a gap; mpg123 the rest: layers I and
 * II, streams with junk between frames, intensity stereo (of encoders of the 1990s), and all where the runtime has no SIMD.
 * A frame that says what the standard forbids is refused by the kernel; mpg123 passes over most of them.
 *
 * Where the rate wanted is low enough, the kernel leaves out the upper subbands, and gives every second sample where half
 * of them are enough. That changes the resampled signal by less than -100 dB of the file's level; more, up to
 * -70 dB, in the first and last 400 samples of the file, since its edges cut off less.
 *
 * Where every frame follows the one before, decoding starts 64 to 127 frames ahead of the part, at a multiple of 64, so
 * that the part keeps the bits of the whole: mpg123's synthesis adds in an order that repeats every 4 frames (8 in MPEG-2).
 * Damage inside a frame before that place is then not seen, and may have moved the last bits of the whole; that
 * frames are missing is seen always. Layers I and II, frames with checksums, and streams cut out of longer ones are
 * decoded from their start.
 *
 * @throws InputError if the file is truncated (it ends inside a frame, or holds fewer frames than its Xing or VBRI
 *   header says) or damaged. A file without such a header that was cut between two frames cannot be told.
 */
export async function decodeMp3(source: ByteSource, open: OpenCollector): Promise<DecodedAudio> {
  const { path } = source;
  const survey = surveyMpegFrames(source);
  if (!survey) throw damagedError(path, FORMAT, 'no MPEG audio frames were found');
  checkWhole(path, survey);
  const { sampleRate, channels, layer } = survey.first;
  checkHeader(path, FORMAT, sampleRate, channels);
  const collector = open(sampleRate);
  const { build } = collector;
  const suits = layer === 3 && survey.isSeamless && !survey.usesIntensity;
  const totalFrames =
    suits && build !== 'none'
      ? decodeWithKernel(mp3Kernel(build), source, survey, collector, open)
      : await decodeWithMpg123(source, survey, collector);
  return { format: layer === 3 ? FORMAT : `MPEG layer ${layer}`, sampleRate, channels, totalFrames };
}

/** Decodes in one go, since all files share the kernel; returns the frames in the whole file. */
function decodeWithKernel(
  kernel: Mp3Kernel,
  source: ByteSource,
  survey: MpegSurvey,
  asked: PartCollector,
  open: OpenCollector,
): number {
  const { first, positions } = survey;
  const { count, before } = trimmedFrames(survey);
  const highest = asked.sampleRate / 2;
  const step = fitsEverySecond(first.sampleRate, highest) ? 2 : 1;
  // From here on a frame of the collector is one sample or every second.
  const collector = step === 1 ? asked : open(first.sampleRate / step);
  collector.expect(count / step);
  collector.limitTo(Math.ceil(count / step));
  const seek = findSeek(source, survey, collector.firstNeeded * step);
  if (seek) collector.skipTo(Math.ceil(seek.firstFrame / step));
  let unwanted = Math.floor((seek?.unwanted ?? before) / step);
  const add = (mono: Float32Array): void => {
    const skipped = Math.min(unwanted, mono.length);
    unwanted -= skipped;
    collector.add(mono.subarray(skipped));
  };
  if (positions.length === 0) return count;
  // A frame has an even number of samples, so that those at even places of the trimmed file are always the same half.
  kernel.start(source.read(positions[0], 4), {
    step,
    phase: step === 2 && before % 2 === 1 ? 1 : 0,
    highest,
  });
  try {
    for (const block of seek ? seekBlocks(source, seek) : blocksOf(source, positions[0])) {
      for (const mono of kernel.decode(block)) {
        add(mono);
        if (collector.isComplete) return count;
      }
    }
  } catch (error) {
    if (!(error instanceof DamagedFrameError)) throw error;
    const seconds = (collector.framesSeen / collector.fileRate).toFixed(2);
    throw damagedError(source.path, FORMAT, `a frame after ${seconds} s holds what no encoder writes`);
  }
  add(kernel.finish());
  if (collector.framesSeen < Math.ceil(count / step)) {
    throw damagedError(source.path, FORMAT, 'a frame is too short for its header');
  }
  return count;
}

/** Returns the frames in the whole file. */
async function decodeWithMpg123(
  source: ByteSource,
  survey: MpegSurvey,
  collector: PartCollector,
): Promise<number> {
  const { channels } = survey.first;
  const expected = trimmedFrames(survey);
  collector.expect(expected.count);
  const seek = findSeek(source, survey, collector.firstNeeded);
  if (seek) {
    collector.skipTo(seek.firstFrame);
    collector.limitTo(expected.count);
  }
  const decoder = new MPEGDecoder({ enableGapless: !seek });
  let unwanted = seek?.unwanted ?? 0;
  let stoppedEarly = false;
  await decoder.ready;
  try {
    const blocks = seek ? seekBlocks(source, seek) : blocksOf(source, survey.start);
    for (const block of blocks) {
      stoppedEarly = collector.isComplete;
      if (stoppedEarly) break;
      const decoded = await decodeChunk(source.path, FORMAT, () => decoder.decode(block));
      if (decoded.samplesDecoded === 0) continue;
      // mpg123-decoder 1.0.3 gives a mono file as two equal channels.
      const mono = channels === 1 ? decoded.channelData[0] : mixDown(decoded.channelData);
      const skipped = Math.min(unwanted, mono.length);
      unwanted -= skipped;
      collector.add(mono.subarray(skipped));
    }
  } finally {
    decoder.free();
  }
  // After a seek, and where decoding stopped early, nothing tells it but the headers.
  return stoppedEarly || seek ? expected.count : collector.framesSeen;
}

/** Samples of one channel in the whole file, and how many are trimmed in front of them. */
function trimmedFrames({ first, frames, trim }: MpegSurvey): { count: number; before: number } {
  const decoded = frames * first.samplesPerFrame;
  if (!trim) return { count: decoded, before: 0 };
  const before = trim.delay + DECODER_DELAY;
  return { count: Math.max(0, Math.min(decoded, decoded - trim.padding + DECODER_DELAY) - before), before };
}

interface Seek {
  /** Silent frames that decoding starts with. */
  lead: Uint8Array;
  /** Byte where it goes on in the file. */
  position: number;
  /** Decoded samples that are thrown away. */
  unwanted: number;
  /** Place of the first sample after those. */
  firstFrame: number;
}

/** Undefined where decoding has to start at the start: the part is near it, or places in the file are not sure. */
function findSeek(source: ByteSource, survey: MpegSurvey, firstNeeded: number): Seek | undefined {
  const { first, frames, declaredFrames, isSeamless, positions } = survey;
  if (first.layer !== 3 || !isSeamless || (declaredFrames !== undefined && declaredFrames !== frames))
    return undefined;
  const { samplesPerFrame } = first;
  const { before } = trimmedFrames(survey);
  const neededFrame = Math.floor((firstNeeded + before) / samplesPerFrame);
  const index = Math.floor((neededFrame - LEAD_FRAMES) / FRAMES_A_POSITION);
  if (index < 1 || index >= positions.length) return undefined;
  const lead = startsWhole(source, positions[0]) && silenceLead(source, positions[index], SILENT_FRAMES);
  if (!lead) return undefined;
  const startFrame = index * FRAMES_A_POSITION;
  return {
    lead,
    position: positions[index] + lead.length,
    unwanted: (neededFrame - startFrame) * samplesPerFrame,
    firstFrame: neededFrame * samplesPerFrame - before,
  };
}

function* seekBlocks(source: ByteSource, { lead, position }: Seek): Generator<Uint8Array> {
  yield lead;
  yield* blocksOf(source, position);
}

function checkWhole(path: string, { frames, declaredFrames, endsInsideFrame }: MpegSurvey): void {
  // Some encoders count the frame that carries the header.
  if (declaredFrames !== undefined && frames < declaredFrames - 1) {
    throw truncatedError(
      path,
      FORMAT,
      `it holds ${frames} of the ${declaredFrames} frames that its header says`,
    );
  }
  if (endsInsideFrame) throw truncatedError(path, FORMAT, `it ends inside frame ${frames + 1}`);
}
