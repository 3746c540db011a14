/** Changes the sampling rate: polyphase Kaiser-windowed sinc, any ratio of whole rates. */

import { BELIEVABLE_RATES } from './decodedAudio.ts';
import type { FrameRange } from './decodedAudio.ts';
import { getResampleFilter } from './resampleFilter.ts';
import { bestResampleBuild, simdResampler } from './resampleKernel/simdResampler.ts';
import type { ResampleBuild } from './resampleKernel/simdResampler.ts';
import { convolvePlainly } from './resamplePlain.ts';

/** Part of a signal, known by its place in the whole. */
export interface SignalPart {
  samples: Float32Array;
  /** Place of `samples[0]` in the whole signal. */
  first: number;
}

/**
 * Resamples mono samples with zero delay; the signal counts as zero before its start and after its end.
 *
 * Flat within 0.001 dB up to 0.9 of the lower Nyquist frequency, 6 dB down at 0.95 of it; from it on, whatever would
 * alias (or be an image when going up) is at least 100 dB down. Tests measure both.
 *
 * @param samples `[samples]`, at `fromRate`.
 * @param fromRate Hz, a whole number, 1000 to 768000.
 * @param toRate Hz, the same.
 * @returns `ceil(samples × toRate / fromRate)` new samples; a copy where the rates are equal.
 * @throws RangeError if a rate is not a whole number in that range.
 * @example resample(clip, 44100, 12000)
 */
export function resample(samples: Float32Array, fromRate: number, toRate: number): Float32Array {
  const end = resampledLength(samples.length, fromRate, toRate);
  return resamplePart({ samples, first: 0 }, fromRate, toRate, { first: 0, end });
}

/** Samples that `length` samples become: `ceil(length × toRate / fromRate)`, in exact arithmetic. */
export function resampledLength(length: number, fromRate: number, toRate: number): number {
  checkRate('fromRate', fromRate);
  checkRate('toRate', toRate);
  const whole = Math.floor(length / fromRate);
  return whole * toRate + Math.ceil(((length - whole * fromRate) * toRate) / fromRate);
}

/** The input samples that the wanted output samples depend on; may reach outside the signal. */
export function neededInput(wanted: FrameRange, fromRate: number, toRate: number): FrameRange {
  checkRate('fromRate', fromRate);
  checkRate('toRate', toRate);
  if (fromRate === toRate) return wanted;
  const { reach } = getResampleFilter(fromRate, toRate);
  return {
    first: Math.floor((wanted.first * fromRate) / toRate) - reach,
    end: Math.ceil((wanted.end * fromRate) / toRate) + reach + 1,
  };
}

/**
 * The output samples `wanted` alone; the same bits as that slice of the whole where `part` covers `neededInput`.
 *
 * @param build The kernel that convolves; `none` for plain JavaScript. Default: the best that the runtime can run.
 */
export function resamplePart(
  part: SignalPart,
  fromRate: number,
  toRate: number,
  wanted: FrameRange,
  build: ResampleBuild | 'none' = bestResampleBuild(),
): Float32Array {
  checkRate('fromRate', fromRate);
  checkRate('toRate', toRate);
  if (fromRate === toRate) return part.samples.slice(wanted.first - part.first, wanted.end - part.first);
  const filter = getResampleFilter(fromRate, toRate);
  if (build === 'none') return convolvePlainly(part, filter, wanted);
  return simdResampler(filter, build).convolve(part, wanted);
}

function checkRate(name: string, rate: number): void {
  if (Number.isInteger(rate) && rate >= BELIEVABLE_RATES.least && rate <= BELIEVABLE_RATES.most) return;
  const guess = rate > 0 && rate < BELIEVABLE_RATES.least ? ' Was it given in kHz?' : '';
  throw new RangeError(
    `resample: ${name} must be a whole number of Hz, ${BELIEVABLE_RATES.least} to ${BELIEVABLE_RATES.most}; ` +
      `got ${rate}.${guess}`,
  );
}
