/** White noise, and struck noise for drums: it dies away and is filtered. */

import { createRandom } from '../../random.ts';
import type { Random } from '../../random.ts';
import { filter } from './filter.ts';
import type { FilterOptions } from './filter.ts';

/** White noise, uniform in [-1, 1). */
export function whiteNoise(random: Random, length: number): Float32Array {
  const noise = new Float32Array(length); // filled by hand: Float32Array.from takes ten times as long
  for (let n = 0; n < length; n++) noise[n] = random.noise();
  return noise;
}

export interface NoiseBurst {
  seed: number;
  /** Seconds; where it starts in the samples, and until it has fallen to 1/e. */
  start: number;
  decay: number;
  gain: number;
  filters: readonly FilterOptions[];
}

/** Adds a burst of noise to the samples, until it is 60 dB down. */
export function playNoise(
  { seed, start, decay, gain, filters }: NoiseBurst,
  out: Float32Array,
  sampleRate: number,
): void {
  const random = createRandom(seed);
  const first = Math.round(start * sampleRate);
  const count = Math.min(out.length - first, Math.round(7 * decay * sampleRate));
  if (count <= 0) return;
  const noise = whiteNoise(random, count);
  const fall = Math.exp(-1 / (decay * sampleRate));
  let level = gain;
  for (let n = 0; n < count; n++) {
    noise[n] *= level;
    level *= fall;
  }
  for (const options of filters) filter(noise, options, sampleRate);
  for (let n = 0; n < count; n++) out[first + n] += noise[n];
}
