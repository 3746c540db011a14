import { expect, test } from 'vitest';
import { exampleClips, judgeTags } from '../../../src/report/exampleClips.ts';
import { sampleExample } from './sampleReport.ts';

test('with several tags a clip, 0.5 divides hits and false alarms from the rest', () => {
  expect(judgeTags(sampleExample, false)).toEqual([
    { tag: 'flute', probability: 0.87, outcome: 'hit' },
    { tag: 'drum', probability: 0.61, outcome: 'false alarm' },
    { tag: 'slow', probability: 0.33, outcome: 'missed' },
    { tag: 'bass', probability: 0.08, outcome: 'rightly absent' },
  ]);
});

test('with classes only the highest counts as predicted, the first of equal ones', () => {
  const predicted = ['a', 'b', 'c'].map((tag) => ({ tag, probability: tag === 'c' ? 0.2 : 0.4 }));
  const outcomes = judgeTags({ ...sampleExample, trueTags: ['b'], predicted }, true).map(
    ({ outcome }) => outcome,
  );
  expect(outcomes).toEqual(['false alarm', 'missed', 'rightly absent']);
});

test('a true tag that the prediction does not list is missed', () => {
  expect(judgeTags({ ...sampleExample, trueTags: ['harp'], predicted: [] }, true)).toEqual([
    { tag: 'harp', outcome: 'missed' },
  ]);
});

test('of many tags, the ones of note and the most probable others are shown, outcomes in words', () => {
  const others = Array.from({ length: 50 }, (_, i) => ({ tag: `other ${i}`, probability: 0.3 - i / 1000 }));
  const { text } = exampleClips(
    [{ ...sampleExample, predicted: [...sampleExample.predicted, ...others] }],
    false,
  )!;
  expect(text.match(/<li /g)!.length).toBe(6);
  for (const shown of ['hit</span></li>', 'false alarm</span></li>', 'missed</span></li>', 'other 2<']) {
    expect(text).toContain(shown);
  }
  expect(text).not.toContain('other 3<');
});
