import { expect, test } from 'vitest';
import { scoreOf } from '../../../datasets/generated/index.ts';
import { renderScore, renderStem } from '../../../datasets/generated/render.ts';
import { addRoom, levelOf } from '../../../datasets/generated/room.ts';

const decibels = (ratio: number): number => 20 * Math.log10(ratio);

test('a clip is finite, has its length and peak and no mean, at every rate', () => {
  for (const [i, sampleRate] of [8000, 11_025, 12_000, 22_050, 44_100, 48_000].entries()) {
    for (const seconds of [1, 2.5]) {
      const score = scoreOf(4, 'train', i, seconds);
      const samples = renderScore(score, sampleRate);
      expect(samples).toHaveLength(Math.round(seconds * sampleRate));
      expect(samples.every(Number.isFinite)).toBe(true);
      const peak = samples.reduce((max, x) => Math.max(max, Math.abs(x)), 0);
      expect(decibels(peak)).toBeCloseTo(score.peakDb, 4);
      expect(score.peakDb >= -12 && score.peakDb <= -1).toBe(true);
      expect(Math.abs(samples.reduce((sum, x) => sum + x, 0) / samples.length)).toBeLessThan(1e-6);
    }
  }
});

test('the quietest instrument is at most 20 dB below the dry mix', () => {
  for (let i = 0; i < 40; i++) {
    const score = scoreOf(1, 'train', i, 4);
    const stems = score.parts.map((part) => renderStem(part, score, 12_000));
    const mix = stems[0].map((_, n) => stems.reduce((sum, stem) => sum + stem[n], 0));
    for (const [p, stem] of stems.entries()) {
      expect(
        decibels(levelOf(stem) / levelOf(mix)),
        `clip ${i}: ${score.parts[p].instrument}`,
      ).toBeGreaterThan(-20);
    }
  }
});

test('the same music sounds at another rate: loudness runs alike in time', () => {
  const envelopeOf = (samples: Float32Array): number[] => {
    const length = samples.length / 80; // 50 ms
    return Array.from({ length: 80 }, (_, i) =>
      decibels(levelOf(samples.slice(i * length, (i + 1) * length)) + 1e-4),
    );
  };
  for (let i = 0; i < 5; i++) {
    const score = scoreOf(1, 'test', i, 4);
    const low = envelopeOf(renderScore(score, 12_000));
    const high = envelopeOf(renderScore(score, 24_000));
    const apart = low.map((value, n) => Math.abs(value - high[n])).sort((a, b) => a - b);
    expect(apart[40]).toBeLessThan(2.5); // dB, the median: noises differ from rate to rate, and highs are cut off
  }
});

test('the first sound of a part comes with its first note', () => {
  for (let i = 0; i < 20; i++) {
    const score = scoreOf(1, 'valid', i, 4);
    for (const part of score.parts) {
      const stem = renderStem(part, score, 12_000);
      const first = Math.min(...part.notes.map((note) => note.start));
      expect(Math.abs(stem.findIndex((x) => x !== 0) / 12_000 - first)).toBeLessThan(0.01);
    }
  }
});

test('no room leaves the samples as they are, in a new array', () => {
  const samples = Float32Array.of(1, 0, -1);
  const same = addRoom(samples, { levelDb: -Infinity, decay: 1, size: 1 }, 8000);
  expect(same).toEqual(samples);
  expect(same).not.toBe(samples);
});

test('a room answers after its shortest path and falls by 60 dB in its decay', () => {
  const sampleRate = 8000;
  const impulse = new Float32Array(2 * sampleRate);
  impulse[0] = 1;
  const response = addRoom(impulse, { levelDb: 0, decay: 0.8, size: 1 }, sampleRate);
  expect(response[0]).toBe(1);
  expect(response.findIndex((x, n) => n > 0 && x !== 0)).toBe(Math.round(0.0297 * sampleRate)); // the shortest comb
  // Schroeder's backward integral between 50 and 450 ms, where the fall is straight.
  const energyFrom = (seconds: number): number =>
    response.slice(seconds * sampleRate).reduce((sum, x) => sum + x * x, 0);
  const fall = 10 * Math.log10(energyFrom(0.05) / energyFrom(0.45));
  expect(Math.abs(fall - 30)).toBeLessThan(3); // 60 dB / 0.8 s for 0.4 s
});

test('the level of the room is that of its sound against the dry one', () => {
  const noise = Float32Array.from({ length: 8000 }, (_, n) => Math.sin(n * n)); // a scrambled sweep
  const wet = addRoom(noise, { levelDb: -12, decay: 0.5, size: 0.7 }, 8000).map((x, n) => x - noise[n]);
  expect(decibels(levelOf(wet) / levelOf(noise))).toBeCloseTo(-12, 3);
});
