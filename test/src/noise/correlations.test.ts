import { expect, test } from 'vitest';
import { averageRanks, kendallTau, pearson, spearman } from '../../../src/noise/correlations.ts';
import { noiseFixture } from './noiseFixture.ts';

test.each(noiseFixture.correlations)('all three equal scipy: $name', (fixture) => {
  expect(pearson(fixture.x, fixture.y)).toBeCloseTo(fixture.pearson, 12);
  expect(spearman(fixture.x, fixture.y)).toBeCloseTo(fixture.spearman, 12);
  expect(kendallTau(fixture.x, fixture.y)).toBeCloseTo(fixture.kendall, 12);
});

test('equal values share the average of their ranks', () => {
  expect([...averageRanks([5, 1, 5, 0, 5])]).toEqual([4, 2, 4, 1, 4]);
});

test('a constant list has no correlation', () => {
  for (const measure of [pearson, spearman, kendallTau])
    expect(measure([0.1, 0.1, 0.1], [1, 2, 3])).toBeNaN();
});

test('lists of different lengths, or of one value, are refused', () => {
  for (const measure of [pearson, spearman, kendallTau]) {
    expect(() => measure([1, 2], [1, 2, 3])).toThrow('one length >= 2; got 2 and 3');
    expect(() => measure([1], [1])).toThrow('got 1 and 1');
  }
});
