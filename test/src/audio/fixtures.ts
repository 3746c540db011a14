/** The audio files in test/fixtures/audio, and what ffmpeg decoded from them. */

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const FIXTURES = fileURLToPath(new URL('../../fixtures/audio/', import.meta.url));

/** Samples as ffmpeg gives them, mixed down to their mean here. */
export function readExpected(name: string, channels: number): Float32Array {
  const bytes = new Uint8Array(readFileSync(`${FIXTURES}${name}.f32`));
  const interleaved = new Float32Array(bytes.buffer, 0, bytes.length / 4);
  return Float32Array.from({ length: interleaved.length / channels }, (_, frame) => {
    const one = interleaved.subarray(frame * channels, (frame + 1) * channels);
    return one.reduce((sum, sample) => sum + sample, 0) / channels;
  });
}

/** The largest difference between two signals; Infinity where their lengths differ. */
export function largestDifference(actual: Float32Array, expected: Float32Array): number {
  if (actual.length !== expected.length) return Infinity;
  return actual.reduce((most, sample, i) => Math.max(most, Math.abs(sample - expected[i])), 0);
}
