import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { ChordSegment } from '../../../datasets/chords/index.ts';
import { chordRules, type ChordRuleName } from '../../../src/chords/compareChords.ts';
import { poolRecall, scoreChords } from '../../../src/chords/scoreChords.ts';

interface Piece {
  reference: ChordSegment[];
  estimated: ChordSegment[];
  scores: Record<ChordRuleName | 'overseg' | 'underseg' | 'seg', number>;
}
const { pieces } = JSON.parse(
  readFileSync(new URL('../../fixtures/mirEval/mirEval.json', import.meta.url), 'utf8'),
) as { pieces: Piece[] };
const rules = Object.keys(chordRules) as ChordRuleName[];

test.each(pieces.map((piece, i) => [i, piece] as const))(
  'piece %i has the scores of mir_eval',
  (_, { reference, estimated, scores }) => {
    const own = scoreChords(reference, estimated);
    for (const rule of rules) expect(own[rule].recall ?? 0, rule).toBeCloseTo(scores[rule], 12);
    expect(own.overSegmentation).toBeCloseTo(scores.overseg, 12);
    expect(own.underSegmentation).toBeCloseTo(scores.underseg, 12);
    expect(own.segmentation).toBeCloseTo(scores.seg, 12);
  },
);

test('the fixture has pieces that are right, wrong and in between', () => {
  const recalls = pieces.map(({ scores }) => scores.majmin);
  expect(Math.min(...recalls)).toBeLessThan(0.4);
  expect(Math.max(...recalls)).toBeGreaterThan(0.9);
  expect(new Set(recalls).size).toBeGreaterThan(10);
});

test('seconds without major, minor or no chord do not count, and where none counts there is no recall', () => {
  const reference = [
    { start: 0, end: 3, label: 'C:maj' },
    { start: 3, end: 7, label: 'C:sus4' },
  ];
  const estimated = [
    { start: 0, end: 2, label: 'C:maj' },
    { start: 2, end: 7, label: 'G:maj' },
  ];
  const { majmin, root } = scoreChords(reference, estimated);
  expect(majmin.seconds).toBe(3);
  expect(majmin.recall).toBeCloseTo(2 / 3, 12);
  expect(root.seconds).toBe(7);
  expect(scoreChords([{ start: 0, end: 1, label: 'X' }], estimated).root).toEqual({
    recall: null,
    seconds: 0,
  });
});

test('pieces are pooled by the seconds that count', () => {
  const pooled = poolRecall([
    { recall: 1, seconds: 3 },
    { recall: null, seconds: 0 },
    { recall: 0, seconds: 1 },
  ]);
  expect(pooled).toEqual({ recall: 0.75, seconds: 4 });
  expect(poolRecall([]).recall).toBeNull();
});

test('no reference, and segments that overlap, are refused', () => {
  expect(() => scoreChords([], [])).toThrow('must hold a chord');
  const overlapping = [
    { start: 0, end: 2, label: 'N' },
    { start: 1, end: 3, label: 'C' },
  ];
  expect(() => scoreChords(overlapping, [])).toThrow('number 2, C, is from 1 to 3 s');
  expect(() => scoreChords(overlapping.slice(1), overlapping)).toThrow('the estimated segments');
});
