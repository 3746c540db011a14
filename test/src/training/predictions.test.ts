import { expect, test } from 'vitest';
import { parseCsv } from '../../../datasets/csv.ts';
import { joinPredictions, predictionsOf, predictionsToCsv } from '../../../src/training/predictions.ts';

const set = (ids: string[], targets: number[]) => ({
  ids,
  targets: Float32Array.from(targets),
  nTags: 2,
  waveform: async () => new Float32Array(1),
});
const tags = ['slow', 'a "b", c'];

test('rows of several sets follow one another', () => {
  const first = predictionsOf(set(['1'], [1, 0]), tags, Float32Array.of(0.25, 0.5));
  const second = predictionsOf(set(['2', '3'], [1, 1, 0, 0]), tags, Float32Array.of(0.75, 1, 0, 0.125));
  const joined = joinPredictions([first, second]);
  expect(joined.ids).toEqual(['1', '2', '3']);
  expect([...joined.labels]).toEqual([1, 0, 1, 1, 0, 0]);
  expect([...joined.scores]).toEqual([0.25, 0.5, 0.75, 1, 0, 0.125]);
  expect(joined.tags).toBe(tags);
});

test('the CSV has a line a clip with its true tags and six digits a tag, and quotes where it must', () => {
  const ids = ['x/1.wav', 'odd, "name"\nof.wav', 'none.wav'];
  const labels = set(ids, [1, 0, 1, 1, 0, 0]);
  const csv = predictionsToCsv(predictionsOf(labels, tags, Float32Array.of(0.25, 0.5, 1 / 3, 1, 0, 1e-9)));
  expect(parseCsv(csv, 'predictions.csv').map(({ fields }) => fields)).toEqual([
    ['path', 'tags', 'slow', 'a "b", c'],
    ['x/1.wav', 'slow', '0.250000', '0.500000'],
    ['odd, "name"\nof.wav', 'slow;a "b", c', '0.333333', '1.000000'],
    ['none.wav', '', '0.000000', '0.000000'],
  ]);
  expect(csv.startsWith('path,tags,slow,"a ""b"", c"\nx/1.wav,slow,0.250000,0.500000\n')).toBe(true);
});

test('?tag says in the CSV that nobody knows whether the tag applies', () => {
  const unknown = predictionsOf(set(['a.wav', 'b.wav'], [1, NaN, NaN, 0]), tags, Float32Array.of(0, 0, 0, 0));
  const rows = parseCsv(predictionsToCsv(unknown), 'predictions.csv').map(({ fields }) => fields[1]);
  expect(rows).toEqual(['tags', 'slow;?a "b", c', '?slow']);
});
