import { beforeAll, expect, test } from 'vitest';
import * as tf from '@tensorflow/tfjs';
import { listChords, parseHarte, trainTimbres, unseenTimbres } from '../../../datasets/chords/index.ts';
import { composeChords } from '../../../datasets/chords/compose.ts';
import { createRandom } from '../../../datasets/random.ts';
import { ChromaCQT } from '../../../layers/index.ts';
import { chordVocabulary } from '../../../src/chords/chordVocabulary.ts';
import { segmentsToFrames } from '../../../src/chords/framesToSegments.ts';
import { nearestChords, templateDistances } from '../../../src/chords/nearestChords.ts';

const character = { seconds: 12, sevenths: 0.15, inversions: 0.3, bass: 0.6, melody: 0.6, drums: 0.4, detuneSemitones: 0.25 }; // prettier-ignore
const scores = Array.from({ length: 60 }, (_, i) =>
  composeChords(createRandom(5, i), { ...character, timbres: trainTimbres }),
);

test('segments cover the clip without gap or overlap, neighbours differ, and every label is one', () => {
  for (const { segments } of scores) {
    expect(segments[0].start).toBe(0);
    expect(segments.at(-1)!.end).toBe(12);
    segments.forEach(({ start, end, label }, i) => {
      expect(end).toBeGreaterThan(start);
      if (i > 0) {
        expect(start).toBe(segments[i - 1].end);
        expect(label).not.toBe(segments[i - 1].label);
      }
      expect(() => parseHarte(label)).not.toThrow();
    });
  }
});

test('there are both modes, all roots, sevenths, inversions and pauses; the bass of an inversion plays its note', () => {
  const labels = scores.flatMap(({ segments }) => segments.map(({ label }) => label));
  expect(new Set(labels.map((label) => parseHarte(label).root)).size).toBe(13);
  for (const part of [':maj', ':min', ':7', ':maj7', ':min7', '/3', '/b3', '/5', 'N'])
    expect(labels.filter((label) => label.includes(part)).length, part).toBeGreaterThan(2);
  const inverted = scores.flatMap(({ segments, score }) => {
    const bass = score.parts.find(({ instrument }) => instrument === 'bass');
    if (!bass) return [];
    return segments.flatMap(({ start, label }) => {
      if (!label.includes('/')) return [];
      const chord = parseHarte(label);
      const first = bass.notes.reduce((a, b) =>
        Math.abs(b.start - start) < Math.abs(a.start - start) ? b : a,
      );
      return [
        (Math.round(first.pitch - score.parts[0].notes[0].pitch * 0) - chord.root - chord.bass + 48) % 12,
      ];
    });
  });
  expect(inverted.length).toBeGreaterThan(10);
  // out of tune by up to 0.25 and 0.05 semitones, so that rounding finds the note
  expect(new Set(inverted)).toEqual(new Set([0]));
});

test('chords stand in several positions, spreads and doublings', () => {
  const held = scores.flatMap(({ score }) => {
    const [first] = score.parts;
    const starts = new Map<number, number[]>();
    for (const { start, pitch } of first.notes) {
      const beat = Math.round(start * 20);
      starts.set(beat, [...(starts.get(beat) ?? []), Math.round(pitch)]);
    }
    return [...starts.values()].filter((pitches) => pitches.length > 2);
  });
  const spans = held.map((pitches) => Math.max(...pitches) - Math.min(...pitches));
  expect(new Set(held.map((pitches) => pitches.length)).size).toBeGreaterThan(2);
  expect(new Set(spans).size).toBeGreaterThan(10);
});

test('no instrument of the test clips is heard in training, unless it is asked for', () => {
  expect(unseenTimbres.filter((timbre) => trainTimbres.includes(timbre))).toEqual([]);
  const test = (testTimbres?: typeof unseenTimbres) =>
    listChords({ train: 1, valid: 0, test: 1, seconds: 4, testTimbres }).clips.map(({ source }) =>
      source(8000),
    );
  const [, unseen] = test();
  const [, piano] = test(['piano']);
  expect(piano).not.toEqual(unseen);
  expect(() => listChords({ timbres: [] })).toThrow('no timbres for the train clips');
});

test('a clip is the same whatever the counts, and another with another seed or split', () => {
  const options = { valid: 1, test: 0, seconds: 4 };
  const few = listChords({ ...options, train: 1 }).clips;
  const many = listChords({ ...options, train: 3 }).clips;
  expect(many.map(({ id, split }) => [id, split])).toEqual([
    ['chords/train/0001', 'train'],
    ['chords/train/0002', 'train'],
    ['chords/train/0003', 'train'],
    ['chords/valid/0001', 'valid'],
  ]);
  expect(few[0].segments).toEqual(many[0].segments);
  expect(few[1].source(8000)).toEqual(many[3].source(8000));
  expect(few[0].segments).not.toEqual(few[1].segments);
  expect(listChords({ ...options, train: 1, seed: 9 }).clips[0].segments).not.toEqual(few[0].segments);
});

test('options out of range are refused, with the way out', () => {
  expect(() => listChords({ train: -1 })).toThrow('train must be a number of clips');
  expect(() => listChords({ seconds: 2 })).toThrow('seconds must lie in 4 … 60; got 2');
  expect(() => listChords({ melody: 1.5 })).toThrow('melody must be a probability in 0 … 1; got 1.5');
  expect(() => listChords({ detuneSemitones: 1 })).toThrow('detuneSemitones must lie in 0 … 0.5');
});

let share = 0;
beforeAll(async () => {
  await tf.ready();
  const vocabulary = chordVocabulary({ noChord: null, scale: 'unit' });
  const plain = { sevenths: 0, bass: 0, melody: 0, drums: 0, detuneSemitones: 0, seconds: 8 };
  const { clips } = listChords({ ...plain, train: 3, valid: 0, test: 0, timbres: ['organ'] });
  const layer = new ChromaCQT({ sampleRate: 11025, hopLength: 1024, norm: 2 });
  let [right, count] = [0, 0];
  for (const { source, segments } of clips) {
    const samples = source(11025);
    const chroma = tf.tidy(() =>
      (layer.apply(tf.tensor2d(samples, [1, samples.length])) as tf.Tensor).dataSync(),
    );
    const nFrames = chroma.length / 12;
    const played = segmentsToFrames(segments, vocabulary, { secondsPerFrame: 1024 / 11025, nFrames });
    const heard = nearestChords(templateDistances(chroma as Float32Array, vocabulary), 24);
    played.forEach((chord, frame) => {
      if (chord === -1) return;
      count++;
      if (chord === heard[frame]) right++;
    });
  }
  share = right / count;
}, 60_000);

test('what is heard is what the labels say: an organ alone is read by octave equivalence', () => {
  expect(share).toBeGreaterThan(0.8);
});
