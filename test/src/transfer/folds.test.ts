import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { hashFolds } from '../../../src/transfer/foldPlan.ts';
import { plainFolds, stratifiedFolds } from '../../../src/transfer/folds.ts';

/** Of scikit-learn; test/fixtures/transfer/make.py makes it. */
const fixture = JSON.parse(
  readFileSync(new URL('../../fixtures/transfer/folds.json', import.meta.url), 'utf8'),
) as {
  stratified: { labels: number[]; k: number; current: number[]; of2017: number[] }[];
  plain: { n: number; k: number; folds: number[] }[];
};

test.each(fixture.stratified)('$k stratified folds are those of scikit-learn, now and in 2017', (set) => {
  const { labels, k, current, of2017 } = set;
  expect(Array.from(stratifiedFolds(labels, k, 'current'))).toEqual(current);
  expect(Array.from(stratifiedFolds(labels, k, 'of2017'))).toEqual(of2017);
});

test.each(fixture.plain)("$k plain folds of $n rows are scikit-learn's", ({ n, k, folds }) => {
  expect(Array.from(plainFolds(n, k))).toEqual(folds);
});

test('a number of folds that is not whole, below 2 or above what there is is refused', () => {
  expect(() => plainFolds(3, 4)).toThrow('at most the 3 rows; got 4');
  expect(() => plainFolds(3, 1)).toThrow('>= 2');
  expect(() => stratifiedFolds([0, 0, 1], 2.5, 'current')).toThrow('whole');
  expect(() => stratifiedFolds([0, 0, 1], 3, 'of2017')).toThrow('at most the 2 rows of its largest class');
});

test('folds have the SHA-256 of their sorted lines, whatever the order of the rows', () => {
  // printf 'a\t1\nb\t0\nc\t1\n' | sha256sum
  const expected = 'e2750a73f595ff2ccf9fa098876f37d62995b7cd4f6b17fbb652b15817e0b0db';
  expect(hashFolds(['a', 'b', 'c'], Int32Array.of(1, 0, 1))).toBe(expected);
  expect(hashFolds(['c', 'b', 'a'], Int32Array.of(1, 0, 1))).toBe(expected);
  expect(hashFolds(null, Int32Array.of(1, 0, 1))).not.toBe(expected);
});
