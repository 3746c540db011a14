import { expect, test } from 'vitest';

import { PartCollector } from '../../../src/audio/partCollector.ts';
import { resample } from '../../../src/audio/resample.ts';

/** White noise that is the same every time. */
function noise(length: number): Float32Array {
  let state = 1;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(1103515245, state) + 12345) & 0x7fffffff;
    return state / 2 ** 30 - 1;
  });
}

/** Much faster than toEqual. */
const hasBits = (a: Float32Array, b: Float32Array) =>
  Buffer.compare(new Uint8Array(a.buffer), new Uint8Array(b.buffer)) === 0;

const signal = noise(700_000); // more than two batches
const open = (fileRate: number, sampleRate: number, first = 0, end = Infinity) =>
  new PartCollector({ path: 'song.wav', wanted: { first, end }, fileRate, sampleRate });

test.each<[number, number, number]>([
  [44100, 12000, 1152],
  [44100, 12000, 700_000],
  [44101, 12000, 50_000], // interpolated
  [16000, 48000, 4096],
  [48000, 47000, 99_991], // a period of 47 outputs
  [12000, 12000, 4096],
])('%i to %i Hz in blocks of %i gives the bits of the whole', (fileRate, sampleRate, blockLength) => {
  const whole = resample(signal, fileRate, sampleRate);
  for (const expected of [undefined, signal.length, 5000, 10 * signal.length]) {
    for (const [first, end] of [
      [0, Infinity],
      [70_001, 90_007],
      [whole.length - 5, whole.length + 5],
    ]) {
      const collector = open(fileRate, sampleRate, first, end);
      if (expected !== undefined) collector.expect(expected);
      for (let at = 0; at < signal.length && !collector.isComplete; at += blockLength) {
        collector.add(signal.subarray(at, at + blockLength));
      }
      const part = collector.finish(signal.length);
      expect(hasBits(part, whole.slice(first, end))).toBe(true);
      expect(part.byteLength).toBe(part.buffer.byteLength); // handed over without a copy, and nothing besides
    }
  }
});

test('a decoder may start at the first frame needed', () => {
  const collector = open(44100, 12000, 100_000, 101_000);
  const at = collector.firstNeeded;
  expect(at).toBe(367_500 - 236); // 100000 × 3.675, less the 236 taps before it
  collector.skipTo(at);
  collector.add(signal.subarray(at));
  expect(collector.isComplete).toBe(true);
  expect(collector.finish(signal.length)).toEqual(resample(signal, 44100, 12000).slice(100_000, 101_000));
  expect(() => open(44100, 12000, 100_000).skipTo(at + 1)).toThrow(RangeError);
});

test('frames from the limit on count as silence', () => {
  const collector = open(44100, 12000);
  collector.limitTo(10_000);
  collector.add(signal.subarray(0, 20_000));
  expect(collector.isComplete).toBe(true);
  expect(collector.finish(10_000)).toEqual(resample(signal.subarray(0, 10_000), 44100, 12000));
});

test('a wild sample is told at the end, by its time in the file, and the rest is counted', () => {
  const collector = open(44100, 12000);
  const block = signal.slice(0, 4410);
  collector.add(block);
  block[441] = NaN;
  collector.add(block);
  collector.add(block);
  expect(collector.framesSeen).toBe(13_230);
  expect(() => collector.finish(13_230)).toThrow('song.wav: the sample at 0.110 s is NaN');
});

test('more than fits in memory is refused, before it is decoded where the length is known', () => {
  expect(() => open(8000, 48000).expect(2 ** 29 / 6 + 1)).toThrow(
    'more than 186 minutes of audio at 48000 Hz',
  );
  open(8000, 48000, 0, 48_000).expect(2 ** 40); // a part of it fits
});
