/**
 * Brass: the louder the tone is at a moment, the more harmonics it has (Risset & Mathews, Physics Today 22(2),
 * 1969).
 */

import { createRandom } from '../../random.ts';
import { envelope } from './envelope.ts';
import { frequencyOf } from './instrument.ts';
import type { Instrument } from './instrument.ts';
import { harmonicTable, perSemitone, playTable } from './wavetable.ts';

export const brass: Instrument = (random, sampleRate) => {
  const attack = random.uniform(0.035, 0.09);
  const bellHz = random.uniform(900, 1600);
  const scoopCents = random.uniform(20, 80);
  const vibratoCents = random.uniform(0, 12);
  const tablesAt = perSemitone((fundamental) => {
    const limits = { fundamental, sampleRate, highest: 24 };
    // What the player's lips give falls off above the cut-off of the bell.
    const rollOff = (k: number): number => 1 / (1 + ((k * fundamental) / bellHz) ** 2);
    return {
      table: harmonicTable((k) => rollOff(k) / k ** 1.6, limits),
      bright: harmonicTable((k) => (Math.sqrt(rollOff(k)) * Math.min(1, 0.5 + 0.2 * k)) / k ** 0.3, limits),
    };
  });

  return {
    play(note, out) {
      const noteRandom = createRandom(note.seed);
      const loudness = envelope({
        attack: Math.min(attack, 0.4 * note.duration),
        decay: 0.15,
        sustain: 0.75,
        duration: note.duration,
        release: 0.06,
      });
      playTable(
        {
          ...tablesAt(note.pitch),
          brightness: (s) => 0.8 * note.velocity * loudness(s) ** 2,
          frequency: frequencyOf(note.pitch),
          cents: (s) =>
            vibratoCents * Math.sin(2 * Math.PI * 5.2 * s) * Math.min(1, s) -
            scoopCents * Math.exp(-s / 0.03),
          gain: (s) => note.velocity * loudness(s),
          start: note.start,
          length: note.duration + 0.06,
          phase: noteRandom.uniform(0, 1),
        },
        out,
        sampleRate,
      );
    },
  };
};
