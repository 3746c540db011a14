import { expect, test } from 'vitest';
import { compose, tagsOf } from '../../../datasets/generated/composition.ts';
import type { Score } from '../../../datasets/generated/composition.ts';
import { createRandom } from '../../../datasets/random.ts';

const scores: Score[] = Array.from({ length: 200 }, (_, i) => compose(createRandom(9, i), 4));

test('two to six instruments play, each once', () => {
  for (const { parts } of scores) {
    expect(parts.length >= 2 && parts.length <= 6).toBe(true);
    expect(new Set(parts.map((part) => part.instrument)).size).toBe(parts.length);
  }
});

test('chords follow each other from the first beat to the end, as triads of one mode', () => {
  for (const { chords, seconds } of scores) {
    expect(chords[0].start).toBeLessThanOrEqual(0.2);
    expect(chords.at(-1)!.end).toBeGreaterThanOrEqual(seconds);
    chords.slice(1).forEach((chord, i) => expect(chord.start).toBeCloseTo(chords[i].end, 9));
    for (const { root, third, fifth } of chords) {
      expect(fifth - root).toBe(7);
      expect([3, 4]).toContain(third - root);
    }
  }
});

test('a melodic clip has the notes of its chords sounding, third included', () => {
  for (const { mode, parts, chords } of scores) {
    if (!mode) continue;
    const third = chords[0].third % 12;
    const melodic = parts.filter(
      ({ instrument }) => !['kick', 'snare', 'hi-hat', 'bass'].includes(instrument),
    );
    const heard = melodic.some(({ notes }) =>
      notes.some(({ start, pitch }) => {
        const distance = Math.abs((pitch % 12) - third);
        return start < chords[0].end && Math.min(distance, 12 - distance) < 0.4; // out of tune by 0.35 at most
      }),
    );
    expect(heard).toBe(true);
  }
});

test('drums fall on the half beats of the stated tempo', () => {
  for (const { parts, beatsPerMinute, chords } of scores) {
    for (const { notes } of parts.filter(({ instrument }) =>
      ['kick', 'snare', 'hi-hat'].includes(instrument),
    )) {
      for (const { start } of notes) {
        const halfBeats = ((start - chords[0].start) * beatsPerMinute) / 30;
        expect(Math.abs(halfBeats - Math.round(halfBeats)) * (30 / beatsPerMinute)).toBeLessThan(0.0065);
      }
    }
  }
});

test('instruments overlap in time and in pitch', () => {
  const polyphonic = scores.filter(({ parts }) =>
    parts.some((a, i) =>
      parts
        .slice(i + 1)
        .some((b) =>
          a.notes.some((x) =>
            b.notes.some((y) => x.start < y.start + y.duration && y.start < x.start + x.duration),
          ),
        ),
    ),
  );
  expect(polyphonic.length).toBeGreaterThan(190);
});

test('notes are valid: within the clip, audible, of positive length', () => {
  for (const { parts, seconds } of scores) {
    for (const { notes } of parts) {
      for (const { start, duration, pitch, velocity, seed } of notes) {
        expect(start >= 0 && start < seconds).toBe(true);
        expect(duration).toBeGreaterThan(0.02);
        expect(pitch > 26 && pitch < 96).toBe(true);
        expect(velocity > 0.3 && velocity <= 1).toBe(true);
        expect(Number.isInteger(seed)).toBe(true);
      }
    }
  }
});

test('drums and bass alone have neither mode, all else has one', () => {
  for (const score of scores) {
    const rhythmOnly = score.parts.every(({ instrument }) =>
      ['kick', 'snare', 'hi-hat', 'bass'].includes(instrument),
    );
    expect(score.mode === undefined).toBe(rhythmOnly);
    expect(tagsOf(score).filter((tag) => tag === 'major' || tag === 'minor')).toHaveLength(
      rhythmOnly ? 0 : 1,
    );
  }
  expect(scores.some((score) => score.mode === undefined)).toBe(true);
});

test('a clip that ends before a part begins has not its tag', () => {
  // A snare on the third beat at 60 to the minute starts after two seconds.
  const short = Array.from({ length: 300 }, (_, i) => compose(createRandom(9, i), 1));
  expect(short.every(({ parts }) => parts.length > 0 && parts.every(({ notes }) => notes.length > 0))).toBe(
    true,
  );
  expect(short.some(({ parts }) => parts.length === 1)).toBe(true);
});
