import { expect, test } from 'vitest';
import { lineChart } from '../../../src/report/lineChart.ts';

const draw = (values: (number | null)[], options = {}) =>
  lineChart({
    title: 'Loss',
    x: values.map((_, i) => i + 1),
    xLabel: 'epoch',
    series: [{ name: 'training', style: 'first', values }],
    ...options,
  }).text;
const paths = (text: string) =>
  [...text.matchAll(/<path class="(\w+) \w+" d="([^"]*)"/g)].map((match) => match.slice(1));

test('the line runs from the left to the right edge, high values up', () => {
  // Range 0 … 10 and a margin of 0.6 at both ends: 10 stands at 0.6 / 11.2 of the height.
  const [[, line]] = paths(draw([10, 0, 5]));
  expect(line).toBe('M0.000 5.357L50.000 94.643L100.000 50.000');
});

test('a missing value leaves a gap, and a value alone between gaps is a dot', () => {
  const values = new Array<number | null>(20).fill(null).map((_, i) => (i === 4 || i === 7 ? null : i));
  values[5] = null;
  const [[, line]] = paths(draw(values));
  expect(line.match(/M/g)!.length).toBe(3); // 0-3, 6 alone, 8-19
  const dots = paths(draw(values)).find(([kind]) => kind === 'point')!;
  expect(dots[1].match(/M/g)!.length).toBe(1);
});

test('few points are dots too, one point stands in the middle', () => {
  expect(paths(draw([0.5]))).toEqual([
    ['line', 'M50.000 50.000'],
    ['point', 'M50.000 50.000h0'],
  ]);
  expect(draw([0.5])).not.toContain('NaN');
});

test('values that are not finite do not spoil the chart', () => {
  const text = draw([1, Infinity, NaN, 2]);
  expect(text).not.toMatch(/NaN|Infinity/);
});

test('limits hold back the margin, and a mark is drawn with its label', () => {
  const text = draw([0, 1], { limits: [0, 1], mark: { x: 2, label: 'best: epoch 2' } });
  expect(paths(text)[0][1]).toBe('M0.000 100.000L100.000 0.000');
  expect(text).toContain('best: epoch 2');
  expect(text).toContain('x1="100%" x2="100%" y1="0" y2="100%"');
});

test('the chart is described in words', () => {
  expect(draw([0.7, null, 0.2])).toContain(
    'aria-label="Loss over epoch 1 to 3: training from 0.700 to 0.200"',
  );
});

test('an interval is a band behind its line, and the axis makes room for it', () => {
  // Range 0 … 10 and a margin of 0.6 at both ends, as above; the band runs along its low ends and back along the high.
  const series = [
    {
      name: 'log',
      style: 'first' as const,
      values: [5, 5],
      intervals: [[0, 10] as [number, number], [4, 6] as [number, number]],
    },
  ];
  const text = lineChart({ title: 'Accuracy', x: [25, 100], xTicks: [25, 100], xLabel: 'data', series }).text;
  expect(text).toContain(
    '<polygon class="band first" points="0.000 94.643 100.000 58.929 100.000 41.071 0.000 5.357"/>',
  );
  expect([...text.matchAll(/text-anchor="middle">(\d+)</g)].map(([, tick]) => tick)).toEqual(['25', '100']);
});
