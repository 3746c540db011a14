/** MP3 (and MPEG layers I and II) through mpg123 in WebAssembly. */

import { MPEGDecoder } from 'mpg123-decoder';

import type { ByteSource } from '../byteSource.ts';
import { checkHeader, damagedError, truncatedError } from '../decodedAudio.ts';
import type { DecodedAudio, OpenCollector } from '../decodedAudio.ts';
import { mixDown } from '../mixDown.ts';
import { surveyMpegFrames } from '../mpegFrames.ts';
import type { MpegSurvey } from '../mpegFrames.ts';
import { blocksOf, decodeChunk } from './readCompressed.ts';

const FORMAT = 'MP3';

/**
 * Decodes from the start to the end of the wanted part; the encoder's delay and padding are trimmed where a LAME header
 * gives them.
 *
 * @throws InputError if the file is truncated (it ends inside a frame, or holds fewer frames than its Xing or VBRI
 *   header says) or damaged. A file without such a header that was cut between two frames cannot be told.
 */
export async function decodeMp3(source: ByteSource, open: OpenCollector): Promise<DecodedAudio> {
  const { path } = source;
  const survey = surveyMpegFrames(source);
  if (!survey) throw damagedError(path, FORMAT, 'no MPEG audio frames were found');
  checkWhole(path, survey);
  const { sampleRate, channels, layer, samplesPerFrame } = survey.first;
  checkHeader(path, FORMAT, sampleRate, channels);
  const collector = open(sampleRate);
  const mostFrames = survey.frames * samplesPerFrame;
  collector.expect(mostFrames);
  const decoder = new MPEGDecoder();
  let stoppedEarly = false;
  await decoder.ready;
  try {
    for (const chunk of blocksOf(source, survey.start)) {
      stoppedEarly = collector.isComplete;
      if (stoppedEarly) break;
      const decoded = await decodeChunk(path, FORMAT, () => decoder.decode(chunk));
      // mpg123-decoder 1.0.3 gives a mono file as two equal channels.
      if (decoded.samplesDecoded > 0) collector.add(mixDown(decoded.channelData.slice(0, channels)));
    }
  } finally {
    decoder.free();
  }
  const { framesSeen } = collector;
  return {
    format: layer === 3 ? FORMAT : `MPEG layer ${layer}`,
    sampleRate,
    channels,
    // Where decoding stopped early, the encoder's padding at the end is counted.
    totalFrames: stoppedEarly ? Math.max(framesSeen, mostFrames) : framesSeen,
  };
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
