import { expect, test } from 'vitest';
import { envelope } from '../../../../datasets/generated/instruments/envelope.ts';
import { filter } from '../../../../datasets/generated/instruments/filter.ts';
import { frequencyOf } from '../../../../datasets/generated/instruments/instrument.ts';
import { playNoise } from '../../../../datasets/generated/instruments/noiseBurst.ts';
import { playPartials } from '../../../../datasets/generated/instruments/partials.ts';
import { harmonicTable, playTable } from '../../../../datasets/generated/instruments/wavetable.ts';
import { shareAwayFrom } from '../spectrum.ts';

const rms = (samples: Float32Array): number =>
  Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / samples.length);

test('a wave table plays the sum of its harmonics', () => {
  const sampleRate = 8000;
  const table = harmonicTable((k) => 1 / k, { fundamental: 110, sampleRate, highest: 3 });
  const out = new Float32Array(4000);
  playTable(
    { table, frequency: 110.5, gain: () => 0.5, start: 0.1, length: 0.3, phase: 0.25 },
    out,
    sampleRate,
  );
  for (let n = 0; n < out.length; n++) {
    const x = 2 * Math.PI * ((110.5 * (n - 800)) / sampleRate + 0.25);
    const expected =
      n < 800 || n >= 3200 ? 0 : 0.5 * (Math.sin(x) + Math.sin(2 * x) / 2 + Math.sin(3 * x) / 3);
    expect(Math.abs(out[n] - expected)).toBeLessThan(3e-5); // (2π 3 / 1024)² / 8 from the interpolation
  }
});

test('harmonics above 0.45 of the sampling rate are left out of a table: no aliases', () => {
  // 1500 Hz at 8 kHz: 1500 and 3000 stay; 4500, 6000, 7500 would fold to 3500, 2000, 500 Hz.
  const table = harmonicTable(() => 1, { fundamental: 1500, sampleRate: 8000 });
  const out = new Float32Array(2048);
  playTable({ table, frequency: 1500, gain: () => 1, start: 0, length: 1, phase: 0 }, out, 8000);
  expect(10 * Math.log10(shareAwayFrom([1500, 3000], 20, out, 8000))).toBeLessThan(-70);
});

test('brightness fades from one table to the other', () => {
  const silent = new Float32Array(1025);
  const full = harmonicTable(() => 1, { fundamental: 100, sampleRate: 8000, highest: 1 });
  const out = new Float32Array(8000);
  const brightness = (s: number): number => Math.min(1, s);
  playTable(
    { table: silent, bright: full, brightness, frequency: 100, gain: () => 1, start: 0, length: 1, phase: 0 },
    out,
    8000,
  );
  // Root mean square of a sine of amplitude 0.5 and 1.
  expect(rms(out.slice(3920, 4080))).toBeCloseTo(0.5 * Math.SQRT1_2, 2);
  expect(rms(out.slice(7840, 8000))).toBeCloseTo(0.99 * Math.SQRT1_2, 2);
});

test('an envelope rises, falls to what it holds, and is let go', () => {
  const gain = envelope({ attack: 0.1, decay: 0.2, sustain: 0.5, duration: 1.1, release: 0.4 });
  expect(gain(0)).toBe(0);
  expect(gain(0.05)).toBeCloseTo(0.5, 12);
  expect(gain(0.1)).toBe(1);
  expect(gain(0.3)).toBeCloseTo(0.5 + 0.5 * Math.exp(-1), 12);
  expect(gain(1.3)).toBeCloseTo((0.5 + 0.5 * Math.exp(-5)) / 2, 12);
  expect(gain(1.6)).toBe(0);
});

test('a struck partial is a sine that falls by 60 dB in its decay', () => {
  const sampleRate = 12_000;
  const out = new Float32Array(12_000);
  const partials = [
    { frequency: 300, amplitude: 2, decay: 0.8 },
    { frequency: 5500, amplitude: 9, decay: 0.8 }, // above 0.45 of the rate
  ];
  playPartials({ partials, start: 0, duration: 2, damping: 0.1 }, out, sampleRate);
  for (const n of [0, 1, 10, 1000, 9600]) {
    const s = n / sampleRate;
    expect(out[n]).toBeCloseTo(2 * 10 ** ((-3 * s) / 0.8) * Math.sin(2 * Math.PI * 300 * s), 6);
  }
});

test('the damper takes 60 dB off in its time', () => {
  const out = new Float32Array(12_000);
  const partials = [{ frequency: 300, amplitude: 1, decay: 1000 }];
  playPartials({ partials, start: 0, duration: 0.5, damping: 0.2 }, out, 12_000);
  expect(rms(out.slice(5000, 6000))).toBeCloseTo(Math.SQRT1_2, 2);
  expect(20 * Math.log10(rms(out.slice(7180, 7220)) / rms(out.slice(5980, 6020)))).toBeCloseTo(-30, 0);
  expect(out.slice(8400).every((value) => value === 0)).toBe(true);
});

test('struck noise falls to 1/e in its decay', () => {
  const out = new Float32Array(48_000);
  playNoise({ seed: 1, start: 0.25, decay: 0.2, gain: 1, filters: [] }, out, 48_000);
  expect(out.slice(0, 12_000).every((value) => value === 0)).toBe(true);
  const fall = rms(out.slice(21_600, 24_000)) / rms(out.slice(12_000, 14_400)); // 0.2 s later
  expect(fall).toBeCloseTo(Math.exp(-1), 1);
});

/** Gain of a filter at a frequency, from its impulse response. */
function gainAt(frequency: number, options: Parameters<typeof filter>[1], sampleRate: number): number {
  const response = filter(
    Float32Array.from({ length: 4096 }, (_, n) => (n === 0 ? 1 : 0)),
    options,
    sampleRate,
  );
  let re = 0;
  let im = 0;
  response.forEach((value, n) => {
    re += value * Math.cos((2 * Math.PI * frequency * n) / sampleRate);
    im += value * Math.sin((2 * Math.PI * frequency * n) / sampleRate);
  });
  return Math.hypot(re, im);
}

test('filters have the gains of second-order Butterworth and resonant filters', () => {
  for (const kind of ['lowPass', 'highPass'] as const) {
    expect(gainAt(1000, { kind, frequency: 1000 }, 12_000)).toBeCloseTo(Math.SQRT1_2, 5);
    expect(gainAt(kind === 'lowPass' ? 1 : 5999, { kind, frequency: 1000 }, 12_000)).toBeCloseTo(1, 3);
    expect(gainAt(kind === 'lowPass' ? 5999 : 1, { kind, frequency: 1000 }, 12_000)).toBeLessThan(1e-4);
  }
  expect(gainAt(800, { kind: 'bandPass', frequency: 800, q: 5 }, 12_000)).toBeCloseTo(1, 5);
  // -3 dB at both edges of a band of 800 / 5 Hz, low enough in frequency for the bilinear warp to be small.
  expect(
    gainAt(800 * (Math.sqrt(1.01) - 0.1), { kind: 'bandPass', frequency: 800, q: 5 }, 48_000),
  ).toBeCloseTo(Math.SQRT1_2, 2);
  expect(gainAt(5400, { kind: 'lowPass', frequency: 50_000 }, 12_000)).toBeCloseTo(Math.SQRT1_2, 3); // held at 0.45
});

test('MIDI notes have the frequencies of equal temperament', () => {
  expect(frequencyOf(69)).toBe(440);
  expect(frequencyOf(57)).toBeCloseTo(220, 10);
  expect(frequencyOf(60)).toBeCloseTo(261.6256, 4); // C4, ISO 16
});
