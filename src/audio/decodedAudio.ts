/** What every decoder takes and gives. */

import { InputError } from '../errors.ts';
import type { PartCollector } from './partCollector.ts';

/** Frames `first` (included) to `end` (excluded; may be Infinity); a frame is one sample of every channel. */
export interface FrameRange {
  first: number;
  end: number;
}

/**
 * Gives what the decoder's blocks go into, once the decoder knows the file's rate in Hz; or, asked again before the first
 * block, at a lower rate that is enough for what is wanted.
 */
export type OpenCollector = (fileRate: number) => PartCollector;

/** The facts of a file whose samples are in its collector. */
export interface DecodedAudio {
  /** Such as `WAV` or `Ogg Vorbis`. */
  format: string;
  /** Hz. */
  sampleRate: number;
  /** Channels in the file. */
  channels: number;
  /** Frames in the whole file. */
  totalFrames: number;
}

/** Sampling rates taken as believable, in Hz: from old telephone codecs to the fastest converters sold. */
export const BELIEVABLE_RATES = { least: 1_000, most: 768_000 };

/** 2 GiB of float32: about 3 hours at 48 kHz. */
export const MOST_FRAMES = 2 ** 29;

/** A known format, or codec in it, that only ffmpeg can read; the message is complete for when there is none. */
export class ForeignFormatError extends InputError {
  /** Such as `MP4 or M4A`. */
  readonly format: string;

  constructor(path: string, format: string) {
    super(
      `${path}: ${format} needs ffmpeg, which is used when it is on the PATH. ` +
        'Install ffmpeg, or convert the file to WAV, FLAC or MP3.',
    );
    this.format = format;
  }
}

/** @throws InputError if the rate or the count of channels in a file's header is not believable. */
export function checkHeader(path: string, format: string, sampleRate: number, channels: number): void {
  if (channels === 0) {
    throw new InputError(
      `${path}: the ${format} header says 0 channels; the file is damaged. Export it again.`,
    );
  }
  if (!(sampleRate >= BELIEVABLE_RATES.least && sampleRate <= BELIEVABLE_RATES.most)) {
    throw new InputError(
      `${path}: the ${format} header says ${sampleRate} Hz, expected ${BELIEVABLE_RATES.least} to ` +
        `${BELIEVABLE_RATES.most} Hz; the file is damaged. Export it again.`,
    );
  }
}

/** @throws InputError if so many samples at this rate would not fit in memory. */
export function checkFrameCount(path: string, frames: number, sampleRate: number): void {
  if (frames <= MOST_FRAMES) return;
  throw new InputError(
    `${path}: more than ${Math.floor(MOST_FRAMES / sampleRate / 60)} minutes of audio at ${sampleRate} Hz ` +
      'do not fit in memory. Load a part with offsetSeconds and durationSeconds, or split the file.',
  );
}

/** The error for a file that ends before its audio does. `detail` says how that was seen. */
export function truncatedError(path: string, format: string, detail: string): InputError {
  return new InputError(
    `${path}: truncated ${format} file, ${detail}. Copy or download it again, or remove it.`,
  );
}

/** The error for a file whose bytes contradict its format. */
export function damagedError(path: string, format: string, detail: string): InputError {
  return new InputError(
    `${path}: damaged ${format} file, ${detail}. Copy or download it again, or remove it.`,
  );
}
