import { expect, test } from 'vitest';
import { instruments } from '../../../../datasets/generated/instruments/index.ts';
import type { InstrumentName } from '../../../../datasets/generated/instruments/index.ts';
import { createRandom } from '../../../../datasets/random.ts';
import { centsFrom, shareAwayFrom } from '../spectrum.ts';

const names = Object.keys(instruments) as InstrumentName[];
const melodic = names.filter((name) => !['kick', 'snare', 'hi-hat'].includes(name));

/** One note by a player of its own character. */
function play(
  name: InstrumentName,
  pitch: number,
  sampleRate: number,
  { seconds = 1, character = 1 } = {},
): Float32Array {
  const out = new Float32Array(Math.round(1.5 * seconds * sampleRate));
  const player = instruments[name](createRandom(character), sampleRate);
  player.play({ start: 0, duration: seconds, pitch, velocity: 0.8, seed: 7 }, out);
  player.resonate?.(out);
  return out;
}

// MIDI 45, 57, 69 are 110, 220, 440 Hz; the 16' of the organ sounds the octave below as well.
test.each(melodic)('%s is in tune within 10 cents at low and high sampling rates', (name) => {
  for (const sampleRate of [8000, 44_100]) {
    for (const pitch of name === 'bass' ? [33, 45] : [57, 69]) {
      const expected = 440 * 2 ** ((pitch - 69) / 12);
      const samples = play(name, pitch, sampleRate).slice(0.3 * sampleRate, 0.9 * sampleRate);
      expect(
        Math.abs(centsFrom(expected, samples, sampleRate)),
        `${pitch} at ${sampleRate} Hz`,
      ).toBeLessThanOrEqual(10);
    }
  }
});

// C7, 2093 Hz, at 8 kHz: the harmonics from the second on lie above Nyquist and would fold back to 3814, 1721, … Hz.
test.each(melodic.filter((name) => name !== 'flute'))(
  '%s has nothing but its own partials in a high note',
  (name) => {
    const fundamental = 440 * 2 ** ((96 - 69) / 12);
    const partials = name === 'organ' ? [0.5, 1, 1.5].map((k) => k * fundamental) : [fundamental];
    for (const character of [1, 2, 3]) {
      const samples = play(name, 96, 8000, { seconds: 0.5, character }).slice(800, 1824);
      expect(10 * Math.log10(shareAwayFrom(partials, 150, samples, 8000))).toBeLessThan(-35);
    }
  },
);

test.each(names)('%s sounds at every rate and ends when its note has died away', (name) => {
  for (const sampleRate of [8000, 12_000, 48_000]) {
    const samples = play(name, name === 'bass' ? 40 : 64, sampleRate, { seconds: 2 });
    expect(samples.every(Number.isFinite)).toBe(true);
    const peak = Math.max(...samples.slice(0, sampleRate).map(Math.abs));
    expect(peak).toBeGreaterThan(0.03);
    expect(Math.max(...samples.slice(2.5 * sampleRate).map(Math.abs))).toBeLessThan(0.01 * peak);
  }
});

test.each(names)(
  '%s plays a note at the end of the samples, or one that starts after them, without harm',
  (name) => {
    const out = new Float32Array(1000);
    const player = instruments[name](createRandom(1), 8000);
    player.play({ start: 0.1, duration: 1, pitch: 60, velocity: 1, seed: 1 }, out);
    expect(out.every(Number.isFinite)).toBe(true);
    expect(out.slice(0, 700).every((value) => value === 0)).toBe(true);
    const before = out.slice();
    player.play({ start: 0.2, duration: 1, pitch: 60, velocity: 1, seed: 1 }, out);
    expect(out).toEqual(before);
  },
);

test.each(names)('%s has another character from another seed, and plays a note alike twice', (name) => {
  const first = play(name, 60, 8000, { character: 1 });
  expect(play(name, 60, 8000, { character: 1 })).toEqual(first);
  expect(play(name, 60, 8000, { character: 2 })).not.toEqual(first);
});

test('brass is brighter when it is louder', () => {
  const aboveShare = (velocity: number): number => {
    const out = new Float32Array(8000);
    instruments
      .brass(createRandom(1), 8000)
      .play({ start: 0, duration: 1, pitch: 57, velocity, seed: 1 }, out);
    return shareAwayFrom([0], 700, out.slice(2000, 4048), 8000); // above the third harmonic of 220 Hz
  };
  expect(aboveShare(1)).toBeGreaterThan(1.5 * aboveShare(0.4));
});
