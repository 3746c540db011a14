import { expect, test } from 'vitest';
import { scatterPlot } from '../../../src/report/scatterPlot.ts';

const plot = (points: { name: string; x: number; y: number }[]) =>
  scatterPlot({ title: 'AUC', xLabel: 'given', yLabel: 'audited', points }).text;
const places = (svg: string) =>
  [...svg.matchAll(/<circle class="dot" cx="([\d.]+)" cy="([\d.]+)"/g)].map(([, x, y]) => [+x, +y]);

test('x grows to the right, y upwards, each over its own range', () => {
  const [low, middle, high] = places(plot([{ name: 'a', x: 0, y: 0.8 }, { name: 'b', x: 1, y: 0.85 }, { name: 'c', x: 2, y: 0.9 }])); // prettier-ignore
  expect(low[0]).toBeLessThan(middle[0]);
  expect(low[1]).toBeGreaterThan(middle[1]);
  expect(middle[0] - low[0]).toBeCloseTo(high[0] - middle[0], 0);
  expect(middle[1] - low[1]).toBeCloseTo(high[1] - middle[1], 0);
});

test('points tell their names, escaped; one point alone is drawn', () => {
  expect(plot([{ name: '<s>', x: 1, y: 1 }])).toContain('<title>&#60;s&#62;: 1.000, 1.000</title>');
});

test('no point, and coordinates that are not finite, are refused', () => {
  expect(() => plot([])).toThrow('"AUC" needs points');
  expect(() => plot([{ name: 'a', x: NaN, y: 0 }])).toThrow('finite');
});
