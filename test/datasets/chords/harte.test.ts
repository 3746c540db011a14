import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseHarte, type HarteChord } from '../../../datasets/chords/index.ts';

interface Fixture {
  labels: { label: string; dropped: HarteChord; folded: HarteChord }[];
  noLabels: string[];
}
const fixture = JSON.parse(
  readFileSync(new URL('../../fixtures/mirEval/mirEval.json', import.meta.url), 'utf8'),
) as Fixture;

test.each(fixture.labels)('$label is what mir_eval reads in it', ({ label, dropped, folded }) => {
  expect(parseHarte(label)).toEqual(dropped);
  expect(parseHarte(label, { extensions: 'fold' })).toEqual(folded);
});

test.each(fixture.noLabels)('"%s" is refused, as mir_eval refuses it', (label) => {
  expect(() => parseHarte(label)).toThrow(RangeError);
});

test('what is refused is named, with what is known', () => {
  expect(() => parseHarte('C:major')).toThrow(
    'no chord label: "C:major"; the shorthand "major" is none of 1 5 7',
  );
  expect(() => parseHarte('C:maj/14')).toThrow('"14" is no degree 1 … 13');
  expect(() => parseHarte('H:maj')).toThrow('expected one such as C:maj');
});
