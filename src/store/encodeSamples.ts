/** Samples as a store keeps them: little-endian, 16-bit whole numbers or 32-bit floats. */
import { endianness } from 'node:os';
import type { StoredSamples } from '../../datasets/index.ts';
import { decodePcm } from '../audio/pcm.ts';

export type SampleEncoding = StoredSamples['encoding'];

/** What a sample of 1 is as int16, were there room for it. */
const fullScale = 2 ** 15;

/**
 * Encodes samples. `float32` keeps every bit. `int16` is `floor(x × 32768 + 1/2)`, the nearest step, halves upward,
 * without dither; what is then outside -32768 … 32767 is set to that bound and counted. A 16-bit recording that was
 * neither mixed nor resampled keeps every bit.
 *
 * @param samples finite, full scale ±1
 * @returns `clipped`: samples that were set to a bound
 * @example encodeSamples(Float32Array.of(0.5, 2), 'int16') // bytes of 16384 and 32767, clipped 1
 */
export function encodeSamples(
  samples: Float32Array,
  encoding: SampleEncoding,
): { bytes: Buffer; clipped: number } {
  const bytes = Buffer.alloc(samples.length * (encoding === 'int16' ? 2 : 4));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (encoding === 'float32') {
    for (let i = 0; i < samples.length; i++) view.setFloat32(4 * i, samples[i], true);
    return { bytes, clipped: 0 };
  }
  let clipped = 0;
  for (let i = 0; i < samples.length; i++) {
    const step = Math.floor(samples[i] * fullScale + 0.5);
    const kept = step > fullScale - 1 ? fullScale - 1 : step < -fullScale ? -fullScale : step;
    if (kept !== step) clipped++;
    view.setInt16(2 * i, kept, true);
  }
  return { bytes, clipped };
}

/**
 * Samples, full scale ±1, out of what {@link encodeSamples} made.
 *
 * @param bytes whole samples; float32 samples may share its memory
 */
export function decodeSamples(bytes: Uint8Array, encoding: SampleEncoding): Float32Array {
  const { buffer, byteOffset, byteLength } = bytes;
  if (endianness() !== 'LE' || byteOffset % 4 !== 0) return decodePcm(bytes, encoding, true);
  // a tenth of the time of reading them one by one
  if (encoding === 'float32') return new Float32Array(buffer, byteOffset, byteLength / 4);
  const steps = new Int16Array(buffer, byteOffset, byteLength / 2);
  const samples = new Float32Array(steps.length);
  for (let i = 0; i < steps.length; i++) samples[i] = steps[i] / fullScale;
  return samples;
}
