import { expect, test } from 'vitest';
import { historyToCsv, type EpochRecord } from '../../../src/training/history.ts';

const record: EpochRecord = {
  epoch: 1,
  trainLoss: 0.1 + 0.2,
  validLoss: 0,
  validRocAuc: null,
  validPrAuc: 0.5,
  validAccuracy: null,
  seconds: 1.5,
  learningRate: 1e-7,
};

test('the CSV has a line an epoch, zeros kept, empty where there is no value, numbers in full', () => {
  expect(historyToCsv([record, { ...record, epoch: 2 }])).toBe(
    'epoch,trainLoss,validLoss,validRocAuc,validPrAuc,validAccuracy,learningRate,seconds\n' +
      '1,0.30000000000000004,0,,0.5,,1e-7,1.5\n' +
      '2,0.30000000000000004,0,,0.5,,1e-7,1.5\n',
  );
});

test('before the first epoch the CSV is its header', () => {
  expect(historyToCsv([])).toMatch(/^epoch,[^\n]*\n$/);
});
