import { expect, test } from 'vitest';
import { coOccurrence, strongestPairs } from '../../../src/noise/coOccurrence.ts';

// rock, indie, never
const labels = [1, 1, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0];

test('conditional: the share of the row’s clips with the column’s tag; normalised: over the geometric mean', () => {
  const { counts, joint, conditional, normalised } = coOccurrence(labels, 3);
  expect(counts).toEqual([4, 1, 0]);
  expect(joint[0]).toEqual([4, 1, 0]);
  expect(conditional[0]).toEqual([1, 0.25, 0]);
  expect(conditional[1]).toEqual([1, 1, 0]);
  expect(normalised[0][1]).toBe(0.5);
  expect(normalised[1][0]).toBe(0.5);
});

test('a tag that is never given has no co-occurrence', () => {
  const { conditional, normalised } = coOccurrence(labels, 3);
  expect(conditional[2]).toEqual([NaN, NaN, NaN]);
  expect(normalised[0][2]).toBeNaN();
});

test('pairs come by falling share, those of a tag that is never given not at all', () => {
  expect(strongestPairs(coOccurrence(labels, 3)).slice(0, 2)).toEqual([
    { tag: 1, other: 0 },
    { tag: 0, other: 1 },
  ]);
  expect(strongestPairs(coOccurrence(labels, 3))).toHaveLength(4);
});

test('a label that is neither 0 nor 1, and a length that is no matrix, are refused', () => {
  expect(() => coOccurrence([1, 0, 0.5, 1], 2)).toThrow('got 0.5 at clip 1, tag 0');
  expect(() => coOccurrence([1, 0, 1], 2)).toThrow('[clips, 2]; got 3');
});
