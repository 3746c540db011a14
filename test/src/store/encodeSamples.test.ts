import { expect, test } from 'vitest';
import { decodeSamples, encodeSamples } from '../../../src/store/encodeSamples.ts';

const step = 1 / 32768;

test('int16 takes the nearest step, halves upward', () => {
  const samples = Float32Array.of(0, 0.5, -1, 0.4 * step, 0.5 * step, -0.5 * step, -0.6 * step, 1.5 * step);
  const { bytes, clipped } = encodeSamples(samples, 'int16');
  expect([...new Int16Array(new Uint8Array(bytes).buffer)]).toEqual([0, 16384, -32768, 0, 1, 0, -1, 2]);
  expect(clipped).toBe(0);
});

test('int16 sets what passes full scale to the bound, and counts it', () => {
  const { bytes, clipped } = encodeSamples(Float32Array.of(1, 7.9, -1.1, 0.99999, -1), 'int16');
  expect([...new Int16Array(new Uint8Array(bytes).buffer)]).toEqual([32767, 32767, -32768, 32767, -32768]);
  expect(clipped).toBe(4); // 0.99999 is 32767.67, whose nearest step is 32768
});

test('every int16 comes back as itself, divided by 32768', () => {
  const steps = Int16Array.from({ length: 65536 }, (_, i) => i - 32768);
  const samples = Float32Array.from(steps, (value) => value / 32768);
  const { bytes, clipped } = encodeSamples(samples, 'int16');
  expect(new Int16Array(new Uint8Array(bytes).buffer)).toEqual(steps);
  expect(decodeSamples(bytes, 'int16')).toEqual(samples);
  expect(clipped).toBe(0);
});

test('float32 keeps every bit, above full scale too', () => {
  const samples = Float32Array.of(0.1, -0, 7.9, 1e-42);
  const { bytes, clipped } = encodeSamples(samples, 'float32');
  expect(bytes).toEqual(Buffer.from(samples.buffer));
  expect(decodeSamples(bytes, 'float32')).toEqual(samples);
  expect(clipped).toBe(0);
});
