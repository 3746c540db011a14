import { expect, test } from 'vitest';
import { createRandom } from '../../../datasets/random.ts';
import { compareGroups, estimateNoiseRates } from '../../../src/noise/noiseRates.ts';

// 50 of the clips with the tag and 50 of those without were audited.
const counts = { truePositives: 40, falsePositives: 10, falseNegatives: 5, trueNegatives: 45 };
const population = { positives: 500, negatives: 9500 };

test('an audit by label is weighted to the data set: 0.8 · 500 of 0.8 · 500 + 0.1 · 9500 applications are given', () => {
  const rates = estimateNoiseRates(counts, { population, seed: 3 });
  expect(rates.tagability).toBeCloseTo(400 / 1350, 12);
  expect(rates.specificity).toBeCloseTo(8550 / 8650, 12);
  expect(rates.prevalence).toBeCloseTo(0.135, 12);
});

test('without a population the audited clips stand for themselves', () => {
  const rates = estimateNoiseRates(counts, { seed: 3 });
  expect(rates.tagability).toBeCloseTo(40 / 45, 12);
  expect(rates.specificity).toBeCloseTo(45 / 55, 12);
});

test('a stratum that was not audited leaves the rates unknown', () => {
  const onlyTagged = { ...counts, falseNegatives: 0, trueNegatives: 0 };
  expect(estimateNoiseRates(onlyTagged, { population, seed: 1 }).tagability).toBeNull();
});

test('the 95 % intervals of tagability and specificity hold the truth about 95 times in 100', () => {
  // 600 audits of 60 clips with the tag and 60 without, drawn where 0.7 and 0.15 of them carry it in truth
  const random = createRandom(11);
  const truth = (0.7 * 1000) / (0.7 * 1000 + 0.15 * 4000);
  const truthOfNegatives = (0.85 * 4000) / (0.85 * 4000 + 0.3 * 1000);
  const draw = (share: number) =>
    Array.from({ length: 60 }, () => random.chance(share)).filter(Boolean).length;
  let [held, heldOfNegatives] = [0, 0];
  for (let audit = 0; audit < 600; audit++) {
    const [tp, fn] = [draw(0.7), draw(0.15)];
    const drawn = { truePositives: tp, falsePositives: 60 - tp, falseNegatives: fn, trueNegatives: 60 - fn };
    const rates = estimateNoiseRates(drawn, {
      ...{ population: { positives: 1000, negatives: 4000 }, seed: audit, draws: 400 },
    });
    held += Number(rates.tagabilityInterval![0] <= truth && truth <= rates.tagabilityInterval![1]);
    const [low, high] = rates.specificityInterval!;
    heldOfNegatives += Number(low <= truthOfNegatives && truthOfNegatives <= high);
  }
  for (const share of [held / 600, heldOfNegatives / 600]) {
    expect(share).toBeGreaterThan(0.92);
    expect(share).toBeLessThan(0.98);
  }
});

test('a group pools the applications of its tags', () => {
  const audited = new Map([
    ['60s', { counts, population }],
    [
      '70s',
      {
        counts: { ...counts, truePositives: 30, falsePositives: 20 },
        population: { positives: 100, negatives: 900 },
      },
    ],
  ]);
  const [group] = compareGroups([{ name: 'eras', tags: ['60s', '70s', '80s'] }], audited, { seed: 2 });
  expect(group.tags).toEqual(['60s', '70s']);
  expect(group.tagability).toBeCloseTo((400 + 60) / (1350 + 150), 12);
  expect(group.interval![0]).toBeLessThan(group.tagability!);
  expect(group.interval![1]).toBeGreaterThan(group.tagability!);
});

test('counts that are none are refused', () => {
  expect(() => estimateNoiseRates({ ...counts, falseNegatives: -1 }, { seed: 1 })).toThrow('got -1');
});
