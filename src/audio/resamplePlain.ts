/** The resampler's convolutions in plain JavaScript, summed in float64: where there is no SIMD, and the truth in tests. */

import type { FrameRange } from './decodedAudio.ts';
import type { ResampleFilter } from './resampleFilter.ts';
import type { SignalPart } from './resample.ts';

/** The same as `resamplePart` of resample.ts. */
export function convolvePlainly(part: SignalPart, filter: ResampleFilter, wanted: FrameRange): Float32Array {
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
