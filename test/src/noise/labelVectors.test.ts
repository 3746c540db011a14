import { expect, test } from 'vitest';
import { compareSimilarities, labelVectorSimilarity } from '../../../src/noise/labelVectors.ts';

test('columns are compared by their angle, whatever their length', () => {
  // columns (3, 0), (1, 1), (0, -2)
  const similarity = labelVectorSimilarity([3, 1, 0, 0, 1, -2], 3);
  const expected = [[1, Math.SQRT1_2, 0], [Math.SQRT1_2, 1, -Math.SQRT1_2], [0, -Math.SQRT1_2, 1]]; // prettier-ignore
  similarity.forEach((row, i) => row.forEach((value, j) => expect(value).toBeCloseTo(expected[i][j], 12)));
});

test('a column of zeros is refused', () => {
  expect(() => labelVectorSimilarity([1, 0, 1, 0], 2)).toThrow('column 1 has no direction');
  expect(() => labelVectorSimilarity([1, 0, 1], 2)).toThrow('[units, 2]');
});

test('the pair that is alike to the net and never given together comes first, the opposite last', () => {
  const near = { ab: 0.9, ac: 0.1, bc: -0.5 };
  const together = { ab: 0, ac: 0.2, bc: 0.7 };
  const square = ({ ab, ac, bc }: typeof near) => [[1, ab, ac], [ab, 1, bc], [ac, bc, 1]]; // prettier-ignore
  const { spearman, pairs } = compareSimilarities(['a', 'b', 'c'], square(near), square(together));
  expect(spearman).toBeCloseTo(-1, 12);
  // by hand: means 0.16667 and (of the roots) 0.42796, standard deviations 0.57349 and 0.34184
  const expected = { ab: 2.5306, ac: -0.1726, bc: -2.358 };
  expect(pairs.map(({ first, second }) => first + second)).toEqual(Object.keys(expected));
  Object.values(expected).forEach((value, i) => expect(pairs[i].disagreement).toBeCloseTo(value, 3));
});

test('a tag that is never given is left out; too few tags are refused', () => {
  const square = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]; // prettier-ignore
  const unknown = [[1, 0, NaN], [0, 1, NaN], [NaN, NaN, NaN]]; // prettier-ignore
  expect(() => compareSimilarities(['a', 'b', 'c'], square, unknown)).toThrow('at least three tags');
  expect(() => compareSimilarities(['a', 'b'], square, unknown)).toThrow('two matrices of 2 tags');
});
