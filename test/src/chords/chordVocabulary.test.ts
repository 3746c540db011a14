import { expect, test } from 'vitest';
import { rotateChromaLabels } from '../../../layers/index.ts';
import { chordVocabulary } from '../../../src/chords/chordVocabulary.ts';

const row = ({ templates }: { templates: Float32Array }, index: number) => [
  ...templates.subarray(12 * index, 12 * index + 12),
];

test('C, A minor and no chord have the templates of their tones', () => {
  const vocabulary = chordVocabulary();
  expect(vocabulary.labels).toHaveLength(25);
  expect(row(vocabulary, vocabulary.labels.indexOf('C:maj'))).toEqual([1, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0]);
  expect(row(vocabulary, vocabulary.labels.indexOf('A:min'))).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0]);
  expect(row(vocabulary, vocabulary.labels.indexOf('N'))).toEqual(new Array(12).fill(0));
});

test('the order is that of rotateChromaLabels: a chord transposed is the rotated one, and N stays', () => {
  const { labels } = chordVocabulary({ qualities: ['min7', 'maj'] });
  const oneHot = (label: string) => labels.map((each) => Number(each === label));
  expect([...rotateChromaLabels(oneHot('A:min7'), 5)]).toEqual(oneHot('D:min7'));
  expect([...rotateChromaLabels(oneHot('N'), 5)]).toEqual(oneHot('N'));
});

test('templates of unit length and a flat one for no chord', () => {
  const vocabulary = chordVocabulary({ qualities: ['maj', '7'], noChord: 'flat', scale: 'unit' });
  const seventh = row(vocabulary, vocabulary.labels.indexOf('C:7'));
  expect(seventh.map((value) => Number(value.toFixed(6)))).toEqual([
    0.5, 0, 0, 0, 0.5, 0, 0, 0.5, 0, 0, 0.5, 0,
  ]);
  expect(row(vocabulary, 24)[3]).toBeCloseTo(1 / Math.sqrt(12), 6);
  expect(chordVocabulary({ noChord: null }).labels).toHaveLength(24);
});

test('labels stand for the chord of their tones, else of their triad, else for none', () => {
  const { labels, indexOf } = chordVocabulary();
  const name = (label: string) => labels[indexOf(label)];
  expect(['Bb', 'D:min7', 'E:maj(9)/3', 'N', 'Cb:(b3,5)'].map(name)).toEqual([
    'A#:maj',
    'D:min',
    'E:maj',
    'N',
    'B:min',
  ]);
  expect(['C:sus4', 'C:dim', 'X', 'C:5'].map(indexOf)).toEqual([-1, -1, -1, -1]);
  const richer = chordVocabulary({ qualities: ['maj', '7'] });
  expect(richer.labels[richer.indexOf('G:7')]).toBe('G:7');
  expect(richer.labels[richer.indexOf('G:maj7')]).toBe('G:maj');
  expect(chordVocabulary({ noChord: null }).indexOf('N')).toBe(-1);
});

test('no quality, an unknown one, and one twice are refused', () => {
  expect(() => chordVocabulary({ qualities: [] })).toThrow('got none');
  expect(() => chordVocabulary({ qualities: ['dur'] })).toThrow('unknown quality "dur"');
  expect(() => chordVocabulary({ qualities: ['maj', 'maj'] })).toThrow('none twice');
});
