import { expect, test } from 'vitest';
import { poolings } from '../../../src/models/poolings.ts';

/** Bins and frames as keunwoochoi/transfer_learning_music, models_transfer.py, prints them (commit 26ffe7b). */
// prettier-ignore
const published: [nBins: number, binsThenFrames: [number, number][]][] = [
  [256, [[2, 4], [4, 4], [4, 5], [2, 4], [4, 4]]],
  [128, [[2, 4], [4, 4], [2, 5], [2, 4], [4, 4]]],
  [96, [[2, 4], [3, 4], [2, 5], [2, 4], [4, 4]]],
  [72, [[2, 4], [3, 4], [2, 5], [2, 4], [3, 4]]],
  [64, [[2, 4], [2, 4], [2, 5], [2, 4], [4, 4]]],
  [48, [[2, 4], [2, 4], [2, 5], [2, 4], [3, 4]]],
  [32, [[2, 4], [2, 4], [2, 5], [2, 4], [2, 4]]],
  [24, [[2, 4], [2, 4], [2, 5], [3, 4], [1, 4]]],
  [18, [[2, 4], [1, 4], [3, 5], [1, 4], [3, 4]]],
  [16, [[2, 4], [2, 4], [2, 5], [2, 4], [1, 4]]],
  [12, [[2, 4], [1, 4], [2, 5], [3, 4], [1, 4]]],
  [8, [[2, 4], [1, 4], [2, 5], [2, 4], [1, 4]]],
  [6, [[2, 4], [1, 4], [3, 5], [1, 4], [1, 4]]],
  [4, [[2, 4], [1, 4], [2, 5], [1, 4], [1, 4]]],
  [2, [[2, 4], [1, 4], [1, 5], [1, 4], [1, 4]]],
  [1, [[1, 4], [1, 4], [1, 5], [1, 4], [1, 4]]],
];

test('1360 frames of 96 mel bands are pooled as published', () => {
  expect(poolings(1360, 96)).toEqual([
    [4, 2],
    [4, 3],
    [5, 2],
    [4, 2],
    [4, 4],
  ]);
});

test.each(published)('%i bins are pooled as published, up to the next row', (nBins, row) => {
  const expected = row.map(([bins, frames]) => [frames, bins]);
  const next = published
    .map(([bins]) => bins)
    .filter((bins) => bins > nBins)
    .at(-1);
  expect(poolings(1360, nBins)).toEqual(expected);
  expect(poolings(1360, (next ?? 400) - 1)).toEqual(expected);
});

test('the linear spectrogram of a 512-point DFT, 257 bins, is pooled as published', () => {
  expect(poolings(1360, 257)).toEqual([
    [4, 2],
    [4, 4],
    [5, 4],
    [4, 2],
    [4, 4],
  ]);
});

test('at least one frame is left, for 1 to 2000 frames', () => {
  for (let nFrames = 1; nFrames <= 2000; nFrames++) {
    const pools = poolings(nFrames, 96).map(([frames]) => frames);
    expect(Math.min(...pools)).toBeGreaterThanOrEqual(1);
    expect(pools.reduce((left, pool) => Math.floor(left / pool), nFrames)).toBeGreaterThanOrEqual(1);
    expect(pools.reduce((product, pool) => product * pool)).toBeLessThanOrEqual(nFrames);
  }
});

test('at least one bin is left, for 1 to 1200 bins', () => {
  for (let nBins = 1; nBins <= 1200; nBins++) {
    const pools = poolings(1360, nBins).map(([, bins]) => bins);
    expect(pools.reduce((left, pool) => Math.floor(left / pool), nBins)).toBeGreaterThanOrEqual(1);
  }
});

test.each([
  [1, [1, 1, 1, 1, 1]],
  [2, [2, 1, 1, 1, 1]],
  [31, [2, 2, 2, 2, 1]],
  [32, [2, 2, 2, 2, 2]], // 2^5, whose fifth root is a little less than 2 in floating point
  [48, [3, 2, 2, 2, 2]],
  [126, [3, 3, 3, 2, 2]], // 2 s at 16 kHz with hop 256; 4 times 3 would need 162
  [243, [3, 3, 3, 3, 3]],
  [1279, [4, 4, 4, 4, 4]], // 5 * 4^4 = 1280 is one more
])('%i frames are pooled by the fifth root, the larger first', (nFrames, expected) => {
  const frames = poolings(nFrames, 96).map(([pool]) => pool);
  expect(frames).toEqual(expected);
});

test.each([
  [0, 96],
  [1360, 0],
  [1.5, 96],
  [1360, 95.5],
  [NaN, 96],
  [1360, Infinity],
])('%d frames of %d bins are refused by name', (nFrames, nBins) => {
  const name = Number.isInteger(nFrames) && nFrames >= 1 ? 'nBins' : 'nFrames';
  expect(() => poolings(nFrames, nBins)).toThrow(`poolings: ${name} must be an integer >= 1; got`);
});
