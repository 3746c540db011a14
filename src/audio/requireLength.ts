import { InputError } from '../errors.ts';

/** Clips shorter than this say nothing about their sound, seconds. */
const leastSeconds = 0.1;

/** @throws InputError naming `path` if the clip, at `sampleRate` Hz, is shorter than 0.1 s. */
export function requireLength(path: string, samples: Float32Array, sampleRate: number): void {
  const seconds = samples.length / sampleRate;
  if (seconds >= leastSeconds) return;
  throw new InputError(
    `${path}: too short: ${seconds.toFixed(3)} s; expected at least ${leastSeconds} s. Remove it or record more.`,
  );
}
