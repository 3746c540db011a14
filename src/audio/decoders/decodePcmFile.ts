/** WAV and AU: only the wanted slice is read, a block at a time. */

import { readAuLayout } from '../au.ts';
import type { ByteSource } from '../byteSource.ts';
import { checkFrameCount } from '../decodedAudio.ts';
import type { ChooseFrames, DecodedAudio } from '../decodedAudio.ts';
import { mixDownInterleaved } from '../mixDown.ts';
import { bytesPerFrame, decodePcm } from '../pcm.ts';
import type { PcmLayout } from '../pcm.ts';
import { readWavLayout } from '../wav.ts';

const BLOCK_BYTES = 2 ** 20;

/** @throws InputError as `readWavLayout` does. */
export function decodeWav(source: ByteSource, chooseFrames: ChooseFrames): DecodedAudio {
  return decodeSlice(source, readWavLayout(source), chooseFrames);
}

/** @throws InputError as `readAuLayout` does. */
export function decodeAu(source: ByteSource, chooseFrames: ChooseFrames): DecodedAudio {
  return decodeSlice(source, readAuLayout(source), chooseFrames);
}

function decodeSlice(source: ByteSource, layout: PcmLayout, chooseFrames: ChooseFrames): DecodedAudio {
  const { format, sampleRate, channels, encoding, littleEndian, dataStart, frames } = layout;
  const wanted = chooseFrames(sampleRate);
  const firstFrame = Math.min(frames, Math.max(0, wanted.first));
  const endFrame = Math.max(firstFrame, Math.min(frames, wanted.end));
  checkFrameCount(source.path, endFrame - firstFrame, sampleRate);
  const frameBytes = bytesPerFrame(layout);
  const blockFrames = Math.max(1, Math.floor(BLOCK_BYTES / frameBytes));
  const samples = new Float32Array(endFrame - firstFrame);
  for (let frame = firstFrame; frame < endFrame; frame += blockFrames) {
    const count = Math.min(blockFrames, endFrame - frame);
    const bytes = source.read(dataStart + frame * frameBytes, count * frameBytes);
    const block = mixDownInterleaved(decodePcm(bytes, encoding, littleEndian), channels);
    samples.set(block, frame - firstFrame);
  }
  return { format, sampleRate, channels, totalFrames: frames, firstFrame, samples };
}
