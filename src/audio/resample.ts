/** Changes the sampling rate: polyphase Kaiser-windowed sinc, any ratio of whole rates. */

import { BELIEVABLE_RATES } from './decodedAudio.ts';
import type { FrameRange } from './decodedAudio.ts';
import { getResampleFilter } from './resampleFilter.ts';
import type { ResampleFilter } from './resampleFilter.ts';

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

/** The output samples `wanted` alone; the same bits as that slice of the whole where `part` covers `neededInput`. */
export function resamplePart(
  part: SignalPart,
  fromRate: number,
  toRate: number,
  wanted: FrameRange,
): Float32Array {
  checkRate('fromRate', fromRate);
  checkRate('toRate', toRate);
  if (fromRate === toRate) return part.samples.slice(wanted.first - part.first, wanted.end - part.first);
  const filter = getResampleFilter(fromRate, toRate);
  return filter.exact ? convolveExact(part, filter, wanted) : convolveInterpolated(part, filter, wanted);
}

function convolveExact({ samples, first }: SignalPart, filter: ResampleFilter, wanted: FrameRange) {
  const { upFactor, downFactor, reach, taps, table } = filter;
  const output = new Float32Array(wanted.end - wanted.first);
  for (let i = 0; i < output.length; i += 1) {
    const place = (wanted.first + i) * downFactor; // in input samples, times upFactor
    const whole = Math.floor(place / upFactor);
    const start = whole - reach + 1 - first;
    const row = (place - whole * upFactor) * taps;
    const from = start < 0 ? -start : 0;
    const to = Math.min(taps, samples.length - start);
    let sum = 0;
    for (let tap = from; tap < to; tap += 1) sum += samples[start + tap] * table[row + tap];
    output[i] = sum;
  }
  return output;
}

function convolveInterpolated({ samples, first }: SignalPart, filter: ResampleFilter, wanted: FrameRange) {
  const { upFactor, downFactor, reach, taps, phases, table } = filter;
  const output = new Float32Array(wanted.end - wanted.first);
  for (let i = 0; i < output.length; i += 1) {
    const place = (wanted.first + i) * downFactor;
    const whole = Math.floor(place / upFactor);
    const start = whole - reach + 1 - first;
    const phase = ((place - whole * upFactor) / upFactor) * phases;
    const weight = phase - Math.floor(phase);
    const row = Math.floor(phase) * taps;
    const from = start < 0 ? -start : 0;
    const to = Math.min(taps, samples.length - start);
    let before = 0;
    let after = 0;
    for (let tap = from; tap < to; tap += 1) {
      const sample = samples[start + tap];
      before += sample * table[row + tap];
      after += sample * table[row + taps + tap];
    }
    output[i] = before + weight * (after - before);
  }
  return output;
}

function checkRate(name: string, rate: number): void {
  if (Number.isInteger(rate) && rate >= BELIEVABLE_RATES.least && rate <= BELIEVABLE_RATES.most) return;
  const guess = rate > 0 && rate < BELIEVABLE_RATES.least ? ' Was it given in kHz?' : '';
  throw new RangeError(
    `resample: ${name} must be a whole number of Hz, ${BELIEVABLE_RATES.least} to ${BELIEVABLE_RATES.most}; ` +
      `got ${rate}.${guess}`,
  );
}
