/**
 * Second-order filters, in place. Source: Bristow-Johnson, "Cookbook formulae for audio EQ biquad filter
 * coefficients".
 */

export type FilterKind = 'lowPass' | 'highPass' | 'bandPass';

export interface FilterOptions {
  kind: FilterKind;
  /** Cut-off or centre in Hz; brought below 0.45 of the sampling rate. */
  frequency: number;
  /** Sharpness; 0.7071 is flat for the pass filters. The band-pass has gain 1 at its centre. */
  q?: number;
}

/** Filters the samples from rest and returns them. */
export function filter(samples: Float32Array, options: FilterOptions, sampleRate: number): Float32Array {
  const { b0, b1, b2, a1, a2 } = coefficientsOf(options, sampleRate);
  let x1 = 0;
  let x2 = 0;
  let y1 = 0;
  let y2 = 0;
  for (let n = 0; n < samples.length; n++) {
    const x = samples[n];
    const y = b0 * x + b1 * x1 + b2 * x2 - a1 * y1 - a2 * y2;
    x2 = x1;
    x1 = x;
    y2 = y1;
    y1 = y;
    samples[n] = y;
  }
  return samples;
}

function coefficientsOf({ kind, frequency, q = Math.SQRT1_2 }: FilterOptions, sampleRate: number) {
  const w = 2 * Math.PI * Math.min(frequency / sampleRate, 0.45);
  const alpha = Math.sin(w) / (2 * q);
  const cos = Math.cos(w);
  const a0 = 1 + alpha;
  const a1 = (-2 * cos) / a0;
  const a2 = (1 - alpha) / a0;
  if (kind === 'bandPass') return { b0: alpha / a0, b1: 0, b2: -alpha / a0, a1, a2 };
  const sign = kind === 'lowPass' ? 1 : -1;
  const b0 = (1 - sign * cos) / 2 / a0;
  return { b0, b1: 2 * sign * b0, b2: b0, a1, a2 };
}
