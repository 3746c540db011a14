import { convertIndexedToRgb, decode } from 'fast-png';
import { expect, test } from 'vitest';
import { magmaPalette } from '../../../src/report/magma.ts';
import { drawSpectrogram } from '../../../src/report/spectrogramImage.ts';

/** Pixel colours, `[row][column]`, top row first. */
function pixels(values: number[], nFrames: number, nBins: number): string[][] {
  const picture = { nFrames, nBins, binFrequencies: [], secondsPerFrame: 1 };
  const png = decode(drawSpectrogram({ values: Float32Array.from(values), ...picture }));
  expect([png.width, png.height]).toEqual([nFrames, nBins]);
  const rgb = convertIndexedToRgb(png);
  return Array.from({ length: nBins }, (_, row) =>
    Array.from({ length: nFrames }, (_, column) => {
      const at = 3 * (row * nFrames + column);
      return [...rgb.subarray(at, at + 3)].map((value) => value.toString(16).padStart(2, '0')).join('');
    }),
  );
}
const [dark, middle, bright] = ['000004', 'b73779', 'fcfdbf']; // magma 0, 128 and 255 in matplotlib 3.11

test('a pixel a frame and bin, time to the right, low bins at the bottom', () => {
  // frames × bins: the first frame is loud in bin 0, the third in bin 1
  expect(pixels([0, -50, -50, -50, -50, 0], 3, 2)).toEqual([
    [dark, dark, bright],
    [bright, dark, dark],
  ]);
});

test('colours span the 80 dB below the loudest point, less where the clip has less', () => {
  expect(pixels([5, -75, -300], 3, 1)).toEqual([[bright, dark, dark]]);
  expect(pixels([-10, -12, -14], 3, 1)[0][2]).toBe(dark);
});

test('silence and values that are not finite are dark', () => {
  expect(pixels([-100, -100], 2, 1)).toEqual([[dark, dark]]);
  expect(pixels([0, NaN, -Infinity, -10], 4, 1)).toEqual([[bright, dark, dark, dark]]);
  expect(pixels([NaN], 1, 1)).toEqual([[dark]]);
});

test('the palette follows matplotlib: 0, 17, 128, 200 and 255 within 3/255', () => {
  const expected: [number, string][] = [
    [0, dark],
    [17, '0b0924'],
    [128, middle],
    [200, 'fd9869'],
    [255, bright],
  ];
  expect(magmaPalette.length).toBe(256);
  for (const [level, hex] of expected) {
    const colour = [0, 2, 4].map((at) => parseInt(hex.slice(at, at + 2), 16));
    colour.forEach((value, channel) =>
      expect(Math.abs(magmaPalette[level][channel] - value)).toBeLessThanOrEqual(3),
    );
  }
});

test('a wrong number of values is refused', () => {
  expect(() => pixels([1, 2, 3], 2, 2)).toThrow('[2, 2] values, frames by bins, at least one; got 3');
  expect(() => pixels([], 0, 4)).toThrow('got 0');
});
