import { expect, test } from 'vitest';
import { isBetter, judge } from '../../../src/training/bestEpoch.ts';
import type { EpochRecord } from '../../../src/training/history.ts';

const record: EpochRecord = {
  epoch: 7,
  trainLoss: 0.4,
  validLoss: 0.9,
  validRocAuc: 0.8,
  validPrAuc: 0.6,
  validAccuracy: 0.75,
  seconds: 1,
  learningRate: 1e-3,
};

test('classes are judged by accuracy, tags by ROC-AUC, and tags without a defined one by their loss', () => {
  expect(judge(record)).toEqual({ epoch: 7, merit: 0.75 });
  expect(judge({ ...record, validAccuracy: null })).toEqual({ epoch: 7, merit: 0.8 });
  expect(judge({ ...record, validAccuracy: null, validRocAuc: null })).toEqual({ epoch: 7, merit: -0.9 });
});

test('without validation a later epoch is better, whatever its loss', () => {
  const unvalidated = {
    ...record,
    validLoss: null,
    validRocAuc: null,
    validPrAuc: null,
    validAccuracy: null,
  };
  expect(isBetter(judge({ ...unvalidated, epoch: 8, trainLoss: 5 }), judge(unvalidated))).toBe(true);
});

test('a higher merit is better, a lower one is not, and of equals the later is', () => {
  const best = { epoch: 1, merit: 0.5 };
  expect(isBetter(best, null)).toBe(true);
  expect(isBetter({ epoch: 2, merit: 0.6 }, best)).toBe(true);
  expect(isBetter({ epoch: 2, merit: 0.4 }, best)).toBe(false);
  expect(isBetter({ epoch: 2, merit: 0.5 }, best)).toBe(true);
});
