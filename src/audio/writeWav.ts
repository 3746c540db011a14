/** Writes WAV files, with node-wav's encoder. */

import nodeWav from 'node-wav';
import { writeWhole } from '../files/writeWhole.ts';

export interface WriteWavOptions {
  /** Hz. */
  sampleRate: number;
  /** 16-bit integers, or 32-bit floats. Default `int16`. */
  encoding?: 'int16' | 'float32';
}

/** A WAV file's sizes are 32-bit; node-wav's header has 44 bytes. */
const MOST_DATA_BYTES = 2 ** 32 - 1 - 44;

/**
 * Writes a WAV file that appears whole or not at all: written beside its place, flushed to the disk, then renamed.
 *
 * Samples outside ±1 are clipped, in both encodings. `int16` rounds to the nearest step of 2^-15 without dither, so
 * that `loadAudio` gives back the samples to half a step.
 *
 * @param channels One array of samples a channel, full scale ±1, equally long; or one array for mono.
 * @throws RangeError if there is no channel or sample, lengths differ, a sample is not finite, or the file would
 *   pass 4 GiB.
 * @example await writeWav('clip.wav', samples, { sampleRate: 12000 });
 */
export async function writeWav(
  path: string,
  channels: Float32Array | readonly Float32Array[],
  { sampleRate, encoding = 'int16' }: WriteWavOptions,
): Promise<void> {
  const list = channels instanceof Float32Array ? [channels] : channels;
  checkChannels(list, sampleRate, encoding);
  const bytes =
    encoding === 'int16'
      ? nodeWav.encode(list.map(compensateRounding), { sampleRate, bitDepth: 16 })
      : nodeWav.encode(list, { sampleRate, float: true });
  await writeWhole(path, bytes);
}

function checkChannels(channels: readonly Float32Array[], sampleRate: number, encoding: string): void {
  if (!(Number.isInteger(sampleRate) && sampleRate > 0)) {
    throw new RangeError(`writeWav: sampleRate must be a whole number of Hz, > 0; got ${sampleRate}.`);
  }
  const length = channels[0]?.length ?? 0;
  if (length === 0) throw new RangeError('writeWav: needs at least one channel with one sample; got none.');
  if (channels.some((channel) => channel.length !== length)) {
    throw new RangeError('writeWav: channels must be equally long. Pad or cut them first.');
  }
  if (length * channels.length * (encoding === 'int16' ? 2 : 4) > MOST_DATA_BYTES) {
    throw new RangeError(`writeWav: ${length} samples pass the 4 GiB of a WAV file. Write several files.`);
  }
  const faulty = channels.findIndex((channel) => !channel.every(Number.isFinite));
  if (faulty >= 0)
    throw new RangeError(`writeWav: channel ${faulty} holds a sample that is not a finite number.`);
}

/**
 * node-wav 0.0.2 multiplies positive samples by 32767, negative ones by 32768, and cuts towards zero. These values
 * come out of that as the nearest multiple of 2^-15: a quarter step is added so that cutting finds the step.
 */
function compensateRounding(samples: Float32Array): Float64Array {
  return Float64Array.from(samples, (sample) => {
    const step = Math.max(-32768, Math.min(32767, Math.round(sample * 32768)));
    return step >= 0 ? (step + 0.25) / 32767 : (step - 0.25) / 32768;
  });
}
