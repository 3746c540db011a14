import { expect, test } from 'vitest';
import { listChordClasses } from '../../../datasets/chords/chordClasses.ts';
import { listChords } from '../../../datasets/chords/index.ts';

test('a clip is the samples between two changes of chord, its class the chord up to the fifth', () => {
  const options = { train: 1, valid: 0, test: 0, sevenths: 1 };
  const [piece] = listChords(options).clips;
  const { clips } = listChordClasses(options);
  const whole = piece.source(8000);
  const index = piece.segments.findIndex(({ label }) => /^[A-G]#?:(7|maj7|min7)/.test(label));
  const { start, end, label } = piece.segments[index];
  const clip = clips.find(({ id }) => id === `${piece.id}/${index + 1}`)!;
  const [root, quality] = label.replace(/\/.*/, '').split(':');
  expect(clip.labels).toEqual([`${root}:${quality === 'min7' ? 'min' : 'maj'}`]);
  const samples = (clip.source as (sampleRate: number) => Float32Array)(8000);
  expect(samples).toEqual(whole.slice(Math.round(8000 * start), Math.round(8000 * end)));
});

test('stretches of less than half a second are left out', () => {
  const options = { train: 4, valid: 0, test: 0 };
  const long = listChords(options).clips.flatMap(({ segments }) =>
    segments.filter(({ start, end }) => end - start >= 0.5),
  );
  expect(listChordClasses(options).clips.length).toBe(long.length);
});
