import { expect, test } from 'vitest';
import { axisTicks } from '../../../src/gallery/axisTicks.ts';

const labels = (ticks: { label: string }[]) => ticks.map(({ label }) => label);

test('names stand at the middle of their bins', () => {
  expect(axisTicks({ names: ['left', 'right'] }, 2)).toEqual([
    { label: 'left', height: 0.25 },
    { label: 'right', height: 0.75 },
  ]);
});

test('of many names every n-th is there', () => {
  const names = Array.from({ length: 24 }, (_, i) => `${i}`);
  expect(labels(axisTicks({ names }, 24))).toEqual(names.filter((_, i) => i % 2 === 0));
});

test('two octaves of semitones from A3 have the labels C4 and C5, at the third and the fifteenth semitone', () => {
  const notes = Array.from({ length: 24 }, (_, i) => 220 * 2 ** (i / 12));
  expect(axisTicks({ notes }, 24)).toEqual([
    { label: 'C4', height: 3.5 / 24 },
    { label: 'C5', height: 15.5 / 24 },
  ]);
});

test('three bins a semitone give one label a C', () => {
  const notes = Array.from({ length: 36 }, (_, i) => 220 * 2 ** (i / 36));
  expect(labels(axisTicks({ notes }, 36))).toEqual(['C4']);
});

test('octaves in Hz stand where they lie between the bins', () => {
  expect(
    axisTicks({ hertz: [0, 250, 500, 750, 1000] }, 5).find(({ label }) => label === '500 Hz')!.height,
  ).toBe(0.5);
});

test('values that fall, such as lags as tempi, have their labels upside down, the unit on top', () => {
  const ticks = axisTicks({ values: [40, 30, 20, 10, 0], unit: 'BPM' }, 5);
  const at = (label: string) => ticks.find((tick) => tick.label === label)!.height;
  expect(at('40')).toBeCloseTo(0.1, 10); // the lowest of five bins
  expect(at('0 BPM')).toBeCloseTo(0.9, 10);
});

test('an axis of another length than the map is refused', () => {
  expect(() => axisTicks({ names: ['one'] }, 2)).toThrow('the axis is of 1 bins, the map has 2');
});
