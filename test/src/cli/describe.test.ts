import { expect, test } from 'vitest';
import { describeEngine, describeEvaluation, describeSkipped } from '../../../src/cli/describe.ts';
import { evaluateTags } from '../../../src/metrics/evaluateTags.ts';

test('figures, intervals and baseline fit 80 columns; a long tag is cut with a mark', () => {
  const long = 'a tag with a name of more than thirty letters';
  const evaluation = evaluateTags({
    ...{ tags: ['flute', long, 'none'], exclusive: false, seed: 1 },
    labels: Float32Array.of(1, 0, 0, 0, 1, 0, 1, 1, 0, 0, 0, 0),
    scores: Float32Array.of(0.9, 0.2, 0, 0.1, 0.7, 0, 0.8, 0.1, 0, 0.3, 0.6, 0),
  });
  const baseline = {
    name: 'linear classifier on the mean log-mel spectrum',
    meanRocAuc: NaN,
    perTag: [],
  };
  const lines = describeEvaluation(evaluation, baseline);
  for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(80);
  expect(lines.join('\n')).not.toMatch(/NaN|null|undefined/);
  expect(lines.find((line) => line.includes('flute'))).toMatch(
    /^ {2}flute {20} {6}2 {2}1\.000 {2}\[1\.000, 1\.000\] {2}1\.000 {2}\[/,
  );
  expect(lines.find((line) => line.includes('a tag with'))).toMatch(
    /^ {2}a tag with a name of mor… {6}2 {2}/,
  );
  expect(lines.at(-1)).toMatch(/none of the 4 clips carries this tag$/);
  expect(lines.filter((line) => line.includes('baseline'))[0]).toMatch(/^ {2}baseline {6} {4}- {2}\S/);
});

test('an engine is named in its first line; the reason below is wrapped and indented', () => {
  const reason = `is here; ${'and this is not for that reason; '.repeat(4)}so be it`;
  const text = describeEngine({ name: 'wasm', device: 'AMD EPYC, 2 cores', version: 'wasm 4.22.0', reason });
  const [first, ...rest] = text.split('\n');
  expect(first).toBe('engine wasm: AMD EPYC, 2 cores, wasm 4.22.0');
  expect(rest.length).toBeGreaterThan(1);
  for (const line of rest) expect(line).toMatch(/^ {2}\S.{0,77}$/);
  expect(rest.map((line) => line.trim()).join(' ')).toBe(reason);
});

test('skipped files are counted and told one a line, with the path once', () => {
  expect(describeSkipped([])).toBe('');
  const skipped = [
    { path: 'a/x.wav', reason: '/data/a/x.wav: silent.' },
    { path: '/data/y.txt', reason: 'not an audio file by its extension' },
  ];
  expect(describeSkipped(skipped)).toBe(
    'Skipped 2:\n  /data/a/x.wav: silent.\n  /data/y.txt: not an audio file by its extension\n',
  );
});
