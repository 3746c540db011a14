import { decode } from 'fast-png';
import { expect, test } from 'vitest';
import { mapFigure } from '../../../src/gallery/mapFigure.ts';
import { curveFigure } from '../../../src/gallery/curveFigure.ts';

const axis = { names: ['low', 'high'] };
const draw = (values: number[], unit: string) =>
  mapFigure(
    'a map',
    { values: Float32Array.from(values), nFrames: 2, nBins: 2 },
    { axis, unit, secondsPerFrame: 0.5 },
  ).text;
const alt = (text: string) => /alt="([^"]*)"/.exec(text)![1];
/** Palette indices, 0 … 255, the top row first. */
const pixels = (text: string) =>
  Array.from(decode(Buffer.from(/base64,([^"]*)"/.exec(text)![1], 'base64')).data);

test('power is drawn in decibels, which the picture says: 10 · log10 of 1 and 100 are 0 and 20', () => {
  expect(alt(draw([1, 100, 10, 1], 'power'))).toBe('a map: 1.0 s by 2 bins, 0.00 to 20.0 dB of power');
  expect(alt(draw([1, 100, 10, 1], 'magnitude'))).toContain('0.00 to 40.0 dB of magnitude');
});

test('values in another unit span the whole colour map, more than 80 apart or below 0', () => {
  const text = draw([-100, 100, 0, -100], 'deviations');
  expect(alt(text)).toContain('-100 to 100 deviations');
  // [frames, bins] to [bins, frames], the high bin on top
  expect(pixels(text)).toEqual([255, 0, 0, 128]);
});

test('decibels end 80 below the loudest', () => {
  expect(alt(draw([0, -200, -40, -90], 'dB'))).toContain('-80.0 to 0.00 dB');
});

test('a few values far off do not take the colours from the others', () => {
  const values = Float32Array.from({ length: 100 }, (_, i) => (i === 0 ? -1000 : i));
  const options = { axis, unit: 'units', secondsPerFrame: 1, beyond: 0.01 };
  const { text } = mapFigure('a map', { values, nFrames: 50, nBins: 2 }, options);
  expect(alt(text)).toContain('1.00 to 98.0 units'); // of 100 values, one at either end is beyond
});

test('a map without a finite value is drawn dark, and no figure is broken', () => {
  const text = draw([NaN, NaN, Infinity, NaN], 'deviations');
  expect(text).toContain('nothing finite');
  expect(text.replace(/base64,[^"]*"/, '')).not.toMatch(/NaN|Infinity/);
});

test('the colour bar has round values with the unit, the axis names and seconds', () => {
  const text = draw([0, 1, 2, 4], 'units');
  expect([...text.matchAll(/<text x="17"[^>]*>([^<]*)</g)].map(([, tick]) => tick)).toEqual([
    '0',
    '1',
    '2',
    '3',
    '4',
  ]);
  expect(text).toMatch(/>units<.*/);
  expect(text).toContain('>low<');
  expect(text).toContain('>0 s<');
});

test('a waveform is the band between its extremes: up at its peak, down at its trough', () => {
  const text = curveFigure('a tone', Float32Array.of(0, 0.5, -0.5, 0), { rate: 4 }).text;
  // four columns of 200; ±0.5 are the top and the bottom
  expect(text).toContain(
    'd="M0.0 50.00L200.0 0.00L400.0 100.00L600.0 50.00L600.0 50.00L400.0 100.00L200.0 0.00L0.0 50.00Z"',
  );
  expect(text).toContain('a tone: 1.0 s, peak 0.500 amplitude');
});

test('silence is a line', () => {
  expect(curveFigure('silence', new Float32Array(8), { rate: 4 }).text).not.toMatch(/NaN|Infinity/);
});

test('values that are never negative start at 0', () => {
  const text = curveFigure('energies', Float32Array.of(0, 8), { rate: 1, unit: 'energy' }).text;
  expect(text).toContain('d="M0.0 100.00L400.0 0.00L400.0 0.00L0.0 100.00Z"');
  expect(text).toContain('>energy<');
});
