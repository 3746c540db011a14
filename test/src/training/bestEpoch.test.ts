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

test('classes are judged by accuracy, tags by ROC-AUC, nothing to validate on by being the last', () => {
  expect(judge(record)).toEqual({ epoch: 7, merit: 0.75, loss: 0.9 });
  expect(judge({ ...record, validAccuracy: null })).toEqual({ epoch: 7, merit: 0.8, loss: 0.9 });
  const unvalidated = {
    ...record,
    validLoss: null,
    validRocAuc: null,
    validPrAuc: null,
    validAccuracy: null,
  };
  expect(isBetter(judge({ ...unvalidated, epoch: 8 }), judge(unvalidated))).toBe(true);
});

test('tags without a defined ROC-AUC are judged by their loss', () => {
  const undefinedAuc = { ...record, validAccuracy: null, validRocAuc: null };
  const lower = judge({ ...undefinedAuc, validLoss: 0.8 });
  expect(isBetter(lower, judge(undefinedAuc))).toBe(true);
  expect(isBetter(judge(undefinedAuc), lower)).toBe(false);
});

test('a higher merit is better whatever its loss; between equals the lower loss, and an equal epoch is not better', () => {
  const best = { epoch: 1, merit: 0.5, loss: 0.3 };
  expect(isBetter(best, null)).toBe(true);
  expect(isBetter({ epoch: 2, merit: 0.6, loss: 9 }, best)).toBe(true);
  expect(isBetter({ epoch: 2, merit: 0.4, loss: 0 }, best)).toBe(false);
  expect(isBetter({ epoch: 2, merit: 0.5, loss: 0.2 }, best)).toBe(true);
  expect(isBetter({ epoch: 2, merit: 0.5, loss: 0.3 }, best)).toBe(false);
});
