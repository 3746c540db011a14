import { expect, test } from 'vitest';
import { frequencyTicks, spectrogramFigure } from '../../../src/report/spectrogramFigure.ts';
import { sampleExample } from './sampleReport.ts';

test('octave labels stand at the middle of their bin, in between by proportion', () => {
  expect(frequencyTicks([250, 500, 1000, 2000])).toEqual([
    { hertz: 2000, height: 3.5 / 4 },
    { hertz: 1000, height: 2.5 / 4 },
    { hertz: 500, height: 1.5 / 4 },
    { hertz: 250, height: 0.5 / 4 },
  ]);
  // 500 Hz is a quarter of the way from bin 0 to bin 1.
  expect(frequencyTicks([400, 800])).toEqual([{ hertz: 500, height: 0.75 / 2 }]);
});

test('labels that would come closer than 0.11 of the height are left out: 500, 250 and 125 Hz on a linear axis', () => {
  const ticks = frequencyTicks(Array.from({ length: 257 }, (_, bin) => (bin * 8000) / 256));
  expect(ticks.map(({ hertz }) => hertz)).toEqual([8000, 4000, 2000, 1000, 63]);
});

test('bins without rising frequencies get no labels', () => {
  expect(frequencyTicks([440, 440, 220])).toEqual([]);
  expect(frequencyTicks([])).toEqual([]);
});

test('bins with names have every second of twelve beside the picture, the first lowest, and no Hz', () => {
  const binNames = [...'abcdefghijkl'];
  const picture = { values: new Float32Array(24), nFrames: 2, nBins: 12, binFrequencies: [], secondsPerFrame: 1 }; // prettier-ignore
  const { text } = spectrogramFigure('x', { ...picture, binNames });
  const labels = [...text.matchAll(/y="([\d.]+)%" dy="4" text-anchor="end">(\w)</g)];
  expect(labels.map(([, , name]) => name).join('')).toBe('acegik');
  expect(Number(labels[0][1])).toBeCloseTo(100 * (1 - 0.5 / 12), 2);
  expect(text).not.toMatch(/\d k?Hz/);
});

test('the picture has a text alternative and axes in seconds and Hz', () => {
  const { text } = spectrogramFigure('clip <7>', sampleExample.spectrogram);
  expect(text).toContain('alt="Spectrogram of clip &#60;7&#62;: 3.0 s, 250 Hz to 2 kHz"');
  expect(text).toContain('src="data:image/png;base64,iVBORw0KGgo');
  expect(text).toContain('>1 kHz</text>');
  expect(text).toContain('>0 s</text>');
  expect(text).toMatch(/<svg x="41.67%"[^]*>1<\/text>/); // 1 s is frame 2 of 6, whose middle is at 2.5 / 6
});
