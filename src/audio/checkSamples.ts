/** What came out of a decoder is checked: damaged files decode without an error, to nonsense. */

import { InputError } from '../errors.ts';

/**
 * Largest believable sample. Float files may pass full scale, and lossy decoders overshoot it by a few dB; a
 * recording 18 dB above it is not known to us, while damaged MP3 and Ogg files gave peaks of 5 to 366.
 */
export const MOST_PEAK = 8;

/** -90 dBFS: one step of 16 bits, which is all that dither or a rounding leaves in a silent file. */
export const SILENCE_PEAK = 10 ** (-90 / 20);

export interface SampleOrigin {
  /** Named in error messages. */
  path: string;
  /** Hz. */
  sampleRate: number;
  /** Place of the first sample in the file, in samples. */
  firstFrame: number;
}

/**
 * Checks decoded samples before they are filtered, which would spread a fault.
 *
 * @throws InputError naming the path, and the time of the first fault: not a number, infinite, or above 8 (18 dB over
 *   full scale).
 */
export function checkSamples(samples: Float32Array, { path, sampleRate, firstFrame }: SampleOrigin): void {
  let fault = 0; // a plain loop, since every sample of every file passes here
  while (fault < samples.length && Math.abs(samples[fault]) <= MOST_PEAK) fault += 1;
  if (fault === samples.length) return;
  const time = `${((firstFrame + fault) / sampleRate).toFixed(3)} s`;
  const sample = samples[fault];
  if (Number.isFinite(sample)) {
    throw new InputError(
      `${path}: the sample at ${time} is ${sample.toPrecision(3)}, expected at most ${MOST_PEAK} ` +
        '(full scale is 1); the file is damaged or its float samples are not scaled. Scale it or export it again.',
    );
  }
  throw new InputError(
    `${path}: the sample at ${time} is ${sample}, expected a finite number; the file is damaged. Export it again.`,
  );
}

/** @throws InputError if no sample is louder than -90 dBFS. `part` says what was listened to. */
export function checkAudible(samples: Float32Array, path: string, part: string): void {
  if (samples.some((sample) => Math.abs(sample) > SILENCE_PEAK)) return;
  throw new InputError(
    `${path}: silent, no sample of ${part} is above -90 dBFS. Remove it, or pass allowSilence to keep it.`,
  );
}
