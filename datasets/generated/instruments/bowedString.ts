/** A bowed string, or a section of them: sawtooth harmonics through a body, slow attack, vibrato, bow noise. */

import { createRandom } from '../../random.ts';
import { envelope } from './envelope.ts';
import { frequencyOf } from './instrument.ts';
import type { Instrument } from './instrument.ts';
import { harmonicTable, perSemitone, playTable } from './wavetable.ts';

export const bowedString: Instrument = (random, sampleRate) => {
  const attack = random.uniform(0.06, 0.2);
  const vibratoHz = random.uniform(5, 6.5);
  const vibratoCents = random.uniform(10, 28);
  const players = random.pick([1, 1, 2]);
  const softness = random.uniform(1, 1.5); // a sawtooth has 1
  const modes = Array.from({ length: 6 }, (_, i) => ({
    frequency: 280 * 1.75 ** i * random.uniform(0.85, 1.15),
    gain: random.uniform(0.3, 1.6),
  }));
  // Wood and air modes, a fifth of an octave wide, over a floor: the hills and valleys of a violin's body.
  const body = (frequency: number): number =>
    modes.reduce(
      (sum, mode) => sum + mode.gain * Math.exp(-12 * Math.log2(frequency / mode.frequency) ** 2),
      0.25,
    );
  const tableAt = perSemitone((fundamental) =>
    harmonicTable((k) => body(k * fundamental) / k ** softness, { fundamental, sampleRate }),
  );

  return {
    play(note, out) {
      const noteRandom = createRandom(note.seed);
      const rise = Math.min(attack, 0.5 * note.duration);
      const loudness = envelope({ attack: rise, duration: note.duration, release: 0.12 });
      for (let player = 0; player < players; player++) {
        const phase = noteRandom.uniform(0, 2 * Math.PI);
        const offset = players > 1 ? noteRandom.uniform(-9, 9) : 0;
        playTable(
          {
            table: tableAt(note.pitch),
            frequency: frequencyOf(note.pitch),
            cents: (s) =>
              offset + vibratoCents * Math.min(1, s / 0.3) * Math.sin(2 * Math.PI * vibratoHz * s + phase),
            gain: (s) => note.velocity * loudness(s),
            start: note.start,
            length: note.duration + 0.12,
            phase: noteRandom.uniform(0, 1),
          },
          out,
          sampleRate,
        );
      }
    },
  };
};
