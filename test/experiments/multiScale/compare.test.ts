import { expect, test } from 'vitest';
import { compareScales, type ScaleBlocks } from '../../../experiments/multiScale/compare.ts';
import type { LevelBlock } from '../../../experiments/multiScale/scaleFeatures.ts';
import { silentReporter } from '../../../src/reporter.ts';
import { planFolds } from '../../../src/transfer/foldPlan.ts';
import type { Targets } from '../../../src/transfer/transferTask.ts';

/** Four classes in turn, six clips each. */
const classOf = Float64Array.from({ length: 24 }, (_, clip) => clip % 4);
const targets: Targets = { kind: 'classification', values: classOf, classes: ['a', 'b', 'c', 'd'] };

/** Level 0 knows one binary digit of the class; level 1, the last, is the same for all clips, its maximum the mean. */
function scaleOf(name: string, digit: number): ScaleBlocks {
  const known = classOf.map((value) => (value >> digit) & 1);
  const block = (level: number, pooling: LevelBlock['pooling'], values: Float64Array): LevelBlock => ({
    ...{ level, pooling, values, columns: 1 },
    repeatsMean: level === 1 && pooling === 'max',
  });
  const constant = classOf.map(() => 1);
  return {
    name,
    blocks: [
      ...[block(0, 'mean', known), block(0, 'max', known.map((value) => 2 * value))], // prettier-ignore
      ...[block(1, 'mean', constant), block(1, 'max', constant)],
    ],
  };
}

test('two scales that know one digit of the class each know the class together', async () => {
  const { rows, comparisons, unconverged } = await compareScales({
    scales: [scaleOf('short', 0), scaleOf('long', 1)],
    ...{ targets, plan: planFolds(targets, 3), seed: 3, threads: 1 },
    bar: (total) => silentReporter.bar('', total),
  });
  expect(unconverged).toBe(0);
  for (const { scale, levels, accuracy, interval } of rows) {
    // Of the classes that look the same, one is guessed for all
    expect(accuracy).toBe(levels === 'last level' ? 1 / 4 : scale === null ? 1 : 1 / 2);
    expect(interval[0]).toBeLessThanOrEqual(accuracy);
  }
  expect(rows.find(({ accuracy }) => accuracy === 1 / 2)!.interval).toEqual([
    expect.closeTo(0.3143, 4), // Wilson's interval of 12 of 24, by its formula
    expect.closeTo(0.6857, 4),
  ]);
  expect(rows.map(({ pooling, features }) => `${pooling} ${features}`)).toEqual([
    ...['mean 1', 'mean 2', 'mean 1', 'mean 2', 'mean 2', 'mean 4'],
    ...['max 1', 'max 2', 'max 1', 'max 2', 'max 2', 'max 4'],
    ...['both 1', 'both 3', 'both 1', 'both 3', 'both 2', 'both 6'],
  ]);
  const facts = (levels: string) =>
    comparisons
      .filter((row) => row.levels === levels)
      .map(({ singleAccuracy, difference, onlyAll, onlySingle }) => [
        ...[singleAccuracy, difference, onlyAll, onlySingle],
      ]);
  expect(facts('last level')).toEqual(Array(3).fill([1 / 4, 3 / 4, 18, 0]));
  expect(facts('all levels')).toEqual(Array(3).fill([1 / 2, 1 / 2, 12, 0]));
  for (const { chosen, interval, difference } of comparisons) {
    expect(chosen).toEqual([{ scale: 'short', parts: 3 }]); // of equals the first
    expect(interval[0]).toBeGreaterThan(0);
    expect(interval[1]).toBeGreaterThanOrEqual(difference);
  }
});

test('the single scale to compare with is the one that the other folds choose', async () => {
  const blind = scaleOf('blind', 5); // a digit that no class has
  const { comparisons } = await compareScales({
    scales: [blind, scaleOf('seeing', 0)],
    ...{ targets, plan: planFolds(targets, 3), seed: 3, threads: 1 },
    bar: (total) => silentReporter.bar('', total),
  });
  const against = comparisons.filter(({ levels }) => levels === 'all levels');
  for (const { chosen, singleAccuracy, difference, interval } of against) {
    expect(chosen).toEqual([{ scale: 'seeing', parts: 3 }]);
    expect([singleAccuracy, difference]).toEqual([1 / 2, 0]);
    expect(interval[0]).toBeLessThanOrEqual(0);
  }
});
