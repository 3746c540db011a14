import { expect, test } from 'vitest';
import { goalTable, isMet, type GoalResult } from '../../bench/goals.ts';
import { describeSpread, figure, markdownTable } from '../../bench/markdown.ts';
import { goalRatio, quickest, timingTable } from '../../bench/section.ts';

const timing = (name: string, values: number[]) => ({ name, values, cpu: values, clips: 1, calls: 1 });

test('a table has cells as wide as the widest of the column', () => {
  expect(
    markdownTable(
      ['who', 'ms'],
      [
        ['ours', '1'],
        ['× theirs', '12345'],
      ],
    ),
  ).toBe(
    ['| who      | ms    |', '| -------- | ----- |', '| ours     | 1     |', '| × theirs | 12345 |'].join(
      '\n',
    ),
  );
});

test('figures have three digits that count', () => {
  expect([0, 0.012345, 1.2, 12.345, 123.4, 1234.5].map(figure)).toEqual([
    '0',
    '0.0123',
    '1.2',
    '12.3',
    '123',
    '1230',
  ]);
  expect(describeSpread({ median: 0.41234, low: 0.38, high: 0.4567 })).toBe('0.412 [0.38–0.457]');
});

test('a goal is met by the median: at most for a share, at least for a speed-up', () => {
  const ratio = (median: number) => ({ ratio: { median, low: 0, high: 1000 } });
  expect(isMet({ name: 'trainingStep', ...ratio(0.6) })).toBe(true);
  expect(isMet({ name: 'trainingStep', ...ratio(0.61) })).toBe(false);
  expect(isMet({ name: 'trainingStep', ...ratio(NaN) })).toBe(false);
  expect(isMet({ name: 'stockStep', ...ratio(50) })).toBe(true);
  expect(isMet({ name: 'stockStep', ...ratio(49) })).toBe(false);
  expect(isMet({ name: 'memory', text: 'grows', met: false })).toBe(false);
});

test('the table of goals says what was measured, by how much a goal was missed, and why one was not measured', () => {
  const results: GoalResult[] = [
    { name: 'loadFfmpeg', ratio: { median: 2.4, low: 2, high: 3 } },
    { name: 'stockStep', ratio: { median: 25, low: 20, high: 30 } },
    { name: 'memory', text: 'wasm flat', met: true },
  ];
  const lines = goalTable(['memory', 'loadFfmpeg', 'stockStep', 'gpuLogMel', 'wholeJob'], results, {
    gpuLogMel: 'no card',
  })
    .split('\n')
    .slice(2)
    .map((line) => line.split('|').map((cell) => cell.trim()));
  expect(lines.map((cells) => cells.slice(3, 5))).toEqual([
    ['25 [20–30]', 'no, by 2 ×'],
    ['2.4 [2–3]', 'no, by 2 ×'],
    ['not measured', '–'],
    ['not measured: no card', '–'],
    ['wasm flat', 'yes'],
  ]);
});

test('a line of timings has the median, and times the first round by round', () => {
  const table = timingTable('clip', [timing('ours', [1, 2, 4]), timing('theirs', [3, 4, 8])]);
  const [ours, theirs] = table.split('\n').slice(2);
  expect(ours).toContain('| 2 [1–4]');
  expect(ours).toContain('| 1 [1–1]');
  expect(theirs).toContain('| 4 [3–8]');
  expect(theirs).toContain('| 2 [2–3]');
});

test('the denominator is the quicker of two ways, by its median', () => {
  const [slow, quick] = [timing('a', [1, 9, 9]), timing('b', [5, 5, 5])];
  expect(quickest([slow, undefined, quick])).toBe(quick);
  expect(quickest([undefined])).toBeUndefined();
});

test('a goal has no ratio where one side is missing; rounds that only one side ran are left out', () => {
  expect(goalRatio('stockStep', timing('stock', [100]), undefined)).toEqual([]);
  expect(goalRatio('stockStep', timing('stock', [100]), timing('ours', [2, 5]))).toEqual([
    { name: 'stockStep', ratio: { median: 50, low: 50, high: 50 } },
  ]);
});
