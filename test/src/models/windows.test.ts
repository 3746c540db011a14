import { expect, test } from 'vitest';
import { cut, windowOffsets } from '../../../src/models/windows.ts';

test('all windows cover the clip from end to end and overlap by at least half, whatever the lengths', () => {
  const wrong: string[] = [];
  for (let length = 2; length <= 24; length++) {
    for (let nSamples = length; nSamples <= 100; nSamples++) {
      const offsets = windowOffsets(nSamples, length, 'all');
      const steps = offsets.slice(1).map((offset, i) => offset - offsets[i]);
      const covers = offsets[0] === 0 && offsets.at(-1) === nSamples - length;
      if (!covers || steps.some((step) => step < 1 || length - step < length / 2)) {
        wrong.push(`window ${length} of ${nSamples}: ${offsets.join(' ')}`);
      }
    }
  }
  expect(wrong).toEqual([]);
});

test('windows of one sample, which cannot overlap, stand at every sample', () => {
  expect(windowOffsets(4, 1, 'all')).toEqual([0, 1, 2, 3]);
});

test.each([
  [8, 4, [0, 2, 4]],
  [9, 4, [0, 2, 3, 5]],
  [5, 4, [0, 1]],
  [4, 4, [0]],
  [3, 4, [0]],
])('a clip of %i samples has windows of %i at %j', (nSamples, length, expected) => {
  expect(windowOffsets(nSamples, length, 'all')).toEqual(expected);
});

test('the first window is at 0 whatever the length', () => {
  expect([1, 4, 100].map((nSamples) => windowOffsets(nSamples, 4, 'first'))).toEqual([[0], [0], [0]]);
});

test('a cut is the samples from the offset on', () => {
  expect([...cut(Float32Array.of(1, 2, 3, 4, 5), 1, 3)]).toEqual([2, 3, 4]);
  expect([...cut(Float32Array.of(1, 2, 3), 0, 3)]).toEqual([1, 2, 3]);
});

test('a clip that ends before the cut is repeated from its start', () => {
  expect([...cut(Float32Array.of(1, 2, 3), 0, 8)]).toEqual([1, 2, 3, 1, 2, 3, 1, 2]);
  expect([...cut(Float32Array.of(1, 2, 3), 2, 5)]).toEqual([3, 1, 2, 3, 1]);
  expect([...cut(Float32Array.of(7), 0, 3)]).toEqual([7, 7, 7]);
});

test('an empty clip is refused', () => {
  expect(() => cut(new Float32Array(0), 0, 4)).toThrow(RangeError);
});
