import { expect, test } from 'vitest';
import { heatMap } from '../../../src/report/heatMap.ts';

const draw = (values: number[][], range: [number, number] = [0, 1]) =>
  heatMap({ title: '<C>', meaning: 'share', rows: ['a', 'b'], columns: ['<x>'], values, range }).text;

test('ends of the range have the ends of magma; what lies beyond has them too', () => {
  const fills = (svg: string) => [...svg.matchAll(/<rect [^>]*fill="(#\w+)"/g)].map(([, fill]) => fill);
  expect(fills(draw([[0], [1]]))).toEqual(['#000004', '#fcfdbf']);
  expect(fills(draw([[-3], [9]], [-1, 2]))).toEqual(['#000004', '#fcfdbf']);
});

test('a cell tells its names and value, escaped; one without a value is left empty', () => {
  const svg = draw([[0.25], [NaN]]);
  expect(svg).toContain('<title>a → &#60;x&#62;: 0.250</title>');
  expect(svg.match(/<rect/g)).toHaveLength(1);
});

test('another size and an empty range are refused', () => {
  expect(() => draw([[0]])).toThrow('[2][1]');
  expect(() => draw([[0], [1]], [1, 1])).toThrow('must rise; got 1 to 1');
});
