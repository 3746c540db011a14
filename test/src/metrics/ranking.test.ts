import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { averagePrecision } from '../../../src/metrics/averagePrecision.ts';
import { measureRanking, rankByScore } from '../../../src/metrics/ranking.ts';
import { rocAuc } from '../../../src/metrics/rocAuc.ts';

test('ROC-AUC is the share of pairs won, a tie counting one half', () => {
  expect(rocAuc([1, 0, 1, 0], [0.9, 0.5, 0.5, 0.1])).toBe((1 + 1 + 0.5 + 1) / 4);
  expect(rocAuc([0, 1], [0.2, 0.1])).toBe(0);
});

test('average precision sums recall gained times precision, equal scores being one threshold', () => {
  // Thresholds 0.9: precision 1, recall 1/3; 0.5: precision 2/3, recall 2/3; 0.1: precision 3/5, recall 1.
  expect(averagePrecision([1, 1, 0, 1, 0], [0.9, 0.5, 0.5, 0.1, 0.1])).toBeCloseTo(
    (1 + 2 / 3 + 3 / 5) / 3,
    15,
  );
});

test('the order of the clips does not matter, nor does any rising function of the scores', () => {
  const labels = [1, 0, 0, 1, 1, 0];
  const scores = [3, 3, 1, 2, 3, 2];
  const backwards = <T>(values: T[]) => values.slice().reverse();
  for (const measure of [rocAuc, averagePrecision]) {
    expect(measure(backwards(labels), backwards(scores))).toBe(measure(labels, scores));
    expect(measure(labels, scores.map(Math.exp))).toBe(measure(labels, scores));
  }
});

test('with one class absent the ROC-AUC is NaN; average precision is NaN without positives', () => {
  expect(rocAuc([0, 0], [0.1, 0.2])).toBeNaN();
  expect(rocAuc([1, 1], [0.1, 0.2])).toBeNaN();
  expect(rocAuc([], [])).toBeNaN();
  expect(averagePrecision([0, 0], [0.1, 0.2])).toBeNaN();
  expect(averagePrecision([1, 1], [0.1, 0.2])).toBe(1);
});

test('a multiplicity gives the same as writing the clip that often', () => {
  const clips = fc.array(fc.record({ label: fc.nat(1), score: fc.nat(4), count: fc.nat(3) }), {
    maxLength: 30,
  });
  fc.assert(
    fc.property(clips, (drawn) => {
      const repeated = drawn.flatMap((clip) => new Array<typeof clip>(clip.count).fill(clip));
      const labelsOf = (list: typeof drawn) => list.map((clip) => clip.label);
      const scoresOf = (list: typeof drawn) => list.map((clip) => clip.score);
      const weighted = measureRanking(
        rankByScore(labelsOf(drawn), scoresOf(drawn)),
        Int32Array.from(drawn, (clip) => clip.count),
      );
      const plain = measureRanking(rankByScore(labelsOf(repeated), scoresOf(repeated)));
      expect(weighted).toEqual(plain);
    }),
    { seed: 5, numRuns: 300 },
  );
});

test('soft labels, scores that are not numbers and unequal lengths are refused', () => {
  expect(() => rocAuc([0, 0.5], [0.1, 0.2])).toThrow(
    'labels must be 0 or 1, or NaN where unknown; got 0.5 at clip 1',
  );
  expect(() => rocAuc([0, 1], [0.1, NaN])).toThrow('scores must be finite; got NaN at clip 1');
  expect(() => averagePrecision([0, 1], [0.1])).toThrow('got 1 scores, 2 labels');
});

test('a clip whose label is unknown is left out: the figures are those of the others', () => {
  // known: 0.4 (no), 0.3 (yes), 0.1 (no): one of two pairs in order, precision 1/2 at the only positive
  expect(rocAuc([1, NaN, 0, 0], [0.3, 0.9, 0.4, 0.1])).toBe(0.5);
  expect(averagePrecision([1, NaN, 0, 0], [0.3, 0.9, 0.4, 0.1])).toBe(0.5);
  expect(rocAuc([NaN, NaN], [0.3, 0.9])).toBeNaN();
});
