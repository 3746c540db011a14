/** WAV and AU: only the wanted slice is read, a block at a time. */

import { readAuLayout } from '../au.ts';
import type { ByteSource } from '../byteSource.ts';
import type { DecodedAudio, OpenCollector } from '../decodedAudio.ts';
import { mixDownInterleaved } from '../mixDown.ts';
import { bytesPerFrame, decodePcm } from '../pcm.ts';
import type { PcmLayout } from '../pcm.ts';
import { readWavLayout } from '../wav.ts';

const BLOCK_BYTES = 2 ** 20;

/** @throws InputError as `readWavLayout` does. */
export function decodeWav(source: ByteSource, open: OpenCollector): DecodedAudio {
  return decodeSlice(source, readWavLayout(source), open);
}

/** @throws InputError as `readAuLayout` does. */
export function decodeAu(source: ByteSource, open: OpenCollector): DecodedAudio {
  return decodeSlice(source, readAuLayout(source), open);
}

function decodeSlice(source: ByteSource, layout: PcmLayout, open: OpenCollector): DecodedAudio {
  const { format, sampleRate, channels, encoding, littleEndian, dataStart, frames } = layout;
  const collector = open(sampleRate);
  collector.expect(frames);
  const firstFrame = Math.min(frames, collector.firstNeeded);
  collector.skipTo(firstFrame);
  const frameBytes = bytesPerFrame(layout);
  const blockFrames = Math.max(1, Math.floor(BLOCK_BYTES / frameBytes));
  const endFrame = Math.min(frames, collector.endNeeded);
  for (let frame = firstFrame; frame < endFrame; frame += blockFrames) {
    const count = Math.min(blockFrames, endFrame - frame);
    const bytes = source.read(dataStart + frame * frameBytes, count * frameBytes);
    collector.add(mixDownInterleaved(decodePcm(bytes, encoding, littleEndian), channels));
  }
  return { format, sampleRate, channels, totalFrames: frames };
}
