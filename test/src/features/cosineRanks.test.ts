import { expect, test } from 'vitest';
import { cosineRanks, nearestByCosine } from '../../../src/features/cosineRanks.ts';

// Directions in degrees and lengths that must not matter: 0, 10, 350, 90, 180, and a row of zeros.
const angles = [0, 10, 350, 90, 180];
const lengths = [1, 5, 0.1, 2, 3];
const values = Float64Array.of(
  ...angles.flatMap((angle, i) => [
    lengths[i] * Math.cos((angle * Math.PI) / 180),
    lengths[i] * Math.sin((angle * Math.PI) / 180),
  ]),
  ...[0, 0],
);
const rows = { values, units: 2 };

test('the rank counts the clips that lie nearer, by angle alone', () => {
  // from 90 degrees: 10 (80 away), 0 (90) and zeros (a right angle) tie at 0 up to rounding, 350 (100), 180 (90)
  expect([...cosineRanks(rows, [[1, 0]])]).toEqual([1]); // 10 degrees
  expect([...cosineRanks(rows, [[1, 2]])]).toEqual([2]); // 20 degrees
  expect([
    ...cosineRanks(rows, [
      [1, 3],
      [1, 4],
      [1, 5],
    ]),
  ]).toEqual([3, 5, 4]); // 80, 170, and a right angle
});

test('both directions of a pair may differ', () => {
  const line = { values: Float32Array.of(1, 0, 1, 0.1, 1, 0.4, 1, 1), units: 2 }; // 0, 6, 22, 45 degrees
  expect([
    ...cosineRanks(line, [
      [2, 3],
      [3, 2],
      [0, 2],
      [2, 0],
    ]),
  ]).toEqual([3, 1, 2, 2]);
});

test('of equally near clips the lower number comes first', () => {
  const same = { values: Float32Array.of(1, 0, 0, 1, 0, 2, 0, 3), units: 2 };
  expect([
    ...cosineRanks(same, [
      [0, 3],
      [0, 1],
      [0, 2],
    ]),
  ]).toEqual([3, 1, 2]);
});

test('the nearest come with their cosines, the clip itself left out', () => {
  const nearest = nearestByCosine(rows, 0, 3);
  expect(nearest.map(({ clip }) => clip).sort()).toEqual([1, 2, 3]);
  expect(nearest[0].cosine).toBeCloseTo(Math.cos((10 * Math.PI) / 180), 12);
  expect(nearest[2].cosine).toBeCloseTo(0, 12);
});
