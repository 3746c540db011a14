import { expect, test } from 'vitest';
import { barChart } from '../../../src/report/barChart.ts';

const parts = [
  { name: 'front', style: 'first' as const },
  { name: 'rest', style: 'second' as const },
];
const chart = (values: number[][], end?: number) =>
  barChart({
    ...{ title: 'Time', axis: 'seconds', parts, end },
    bars: values.map((each, i) => ({ label: `<bar ${i}>`, note: 'note', values: each })),
  }).text;
const places = (svg: string) =>
  [...svg.matchAll(/<rect x="([\d.]+)%" width="([\d.]+)%"/g)].map(([, x, w]) => [+x, +w]);

test('parts lie one behind the other, in percent of the longest bar', () => {
  expect(places(chart([[1, 3], [2, 6]]))).toEqual([[0, 12.5], [12.5, 37.5], [0, 25], [25, 75]]); // prettier-ignore
});

test('the axis ends where it is told', () => {
  expect(places(chart([[1, 3]], 100))).toEqual([[0, 1], [1, 3]]); // prettier-ignore
  expect(chart([[1, 3]], 100)).toContain('>80</text>');
});

test('labels are escaped, parts are named', () => {
  const page = chart([[1, 3]]);
  expect(page).toContain('&#60;bar 0&#62;');
  for (const name of ['front', 'rest', 'seconds']) expect(page).toContain(name);
});

test('a bar with a value too few, or below 0, is refused', () => {
  expect(() => chart([[1]])).toThrow('needs 2 values >= 0');
  expect(() => chart([[1, -1]])).toThrow('got 1, -1');
  expect(() => chart([[1, NaN]])).toThrow('got 1, NaN');
});
