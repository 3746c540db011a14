import { expect, test } from 'vitest';
import { renderTransferReport } from '../../../src/report/transferReport.ts';
import type { GridScore, TransferResult, TransferRow } from '../../../src/transfer/transferResult.ts';

const whole: GridScore = {
  ...{ score: 0.85, nestedScore: 0.812, nestedInterval: [0.79, 0.833], partScores: [0.85] },
  classifier: { classifier: 'svm', kernel: 'rbf', c: 8, gamma: 2 ** -9, standardise: true },
};
const row: TransferRow = {
  ...{ subset: [0, 1, 3], features: 96, score: 0.8409, nestedScore: 0.801, nestedInterval: [0.78, 0.82] },
  ...{ published: 0.840909, difference: -0.000009, partScores: [0.84], whole },
  classifier: { classifier: 'svm', kernel: 'linear', c: 2, standardise: false },
};
const mfcc: TransferRow = {
  ...row,
  ...{ subset: ['mfcc'], score: 0.62, published: null, difference: null },
  whole: { ...whole, score: 0.63, nestedScore: 0.6, nestedInterval: [0.58, 0.62] },
};
const result: TransferResult = {
  ...{ task: 'dances <of> "old"', kind: 'classification', metric: 'accuracy', clips: 4180 },
  ...{
    classes: ['waltz', 'samba', 'tango', 'jive'],
    folds: '10 stratified folds, unshuffled',
    splitHash: 'ab12',
    rows: [mfcc, row],
  },
  ...{
    random: [],
    unconverged: 0,
    seconds: 12,
    honestBest: { score: 0.81, interval: [0.79, 0.83], subsets: [[0, 1, 3]] },
  },
};
const facts = { created: '2026-01-02', configuration: { source: '<b>' } };
const textOf = (page: string) => page.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');

test('the table has ours, published and difference; the chart the best first', () => {
  const page = renderTransferReport(result, facts);
  const text = textOf(page);
  expect(text).toContain(
    '013 96 0.840909 0.840900 −0.000009 0.801 0.850 0.812 [0.790, 0.833] SVC rbf, C 8, gamma 0.00195, standardised',
  );
  expect(text).toContain('mfcc 96 – 0.620000 – 0.801 0.630 0.600 [0.580, 0.620]');
  expect(text.indexOf('By falling score')).toBeLessThan(text.indexOf('013 0.812'));
  expect(text.indexOf(' 013 0.812')).toBeLessThan(text.indexOf(' mfcc 0.600'));
  expect(text).toContain('Layers chosen too, nested 0.810 95 % interval [0.790, 0.830]');
  expect(text).toContain('its scaler is never switched on');
});

test('dots stand at the nested scores, diamonds at those of the paper, ticks at chance where that is on the axis', () => {
  const page = renderTransferReport(result, facts);
  // The axis goes from 0.5 to 0.9: 0.812 is at 78 %, 0.8409 at 85.22 %; chance, 0.25, is off it
  expect(page).toContain('cx="78.00%"');
  expect(page).toContain('<svg x="85.22%"');
  expect(page).not.toContain('class="chance"');
  const low = {
    ...mfcc,
    whole: { ...whole, score: 0.63, nestedScore: 0.6, nestedInterval: [0.16, 0.62] as [number, number] },
  };
  expect(renderTransferReport({ ...result, rows: [low] }, facts)).toContain('class="chance" x1="25.00%"');
});

test('every text from outside is escaped', () => {
  const page = renderTransferReport(result, facts);
  expect(page).not.toContain('<of>');
  expect(page).not.toContain('<b></code>');
  expect(page).toContain('Transfer: dances &#60;of&#62; &#34;old&#34;');
  expect(page).not.toContain('<script');
});

test('without nested, published and random figures, their columns are left out or empty; regression has no classes', () => {
  const bare = { ...row, nestedScore: null, published: null, difference: null };
  const plain = { ...bare, whole: { ...whole, nestedScore: null, nestedInterval: null } };
  const page = renderTransferReport(
    { ...result, kind: 'regression', metric: 'R²', classes: [], rows: [plain], honestBest: null },
    facts,
  );
  const text = textOf(page);
  expect(text).not.toContain('difference');
  expect(text).toContain('013 96 0.841 – 0.850 – – SVR rbf');
  expect(text).not.toContain('classes ·');
});

test('random weights get rows beside the layers and a table of their own; fits without an end are told', () => {
  const ofRandom = {
    ...whole,
    score: 0.7,
    nestedScore: 0.69,
    nestedInterval: [0.66, 0.71] as [number, number],
  };
  const random = { ...row, whole: ofRandom, published: null };
  const text = textOf(renderTransferReport({ ...result, random: [random], unconverged: 3 }, facts));
  expect(text).toContain('random weights 0.690 [0.660, 0.710]');
  expect(text).toContain('From random weights');
  expect(text).toContain('3 fits of support vector machines were ended');
});
