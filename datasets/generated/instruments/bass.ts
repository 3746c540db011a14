/** A bass: a low tone that starts bright and goes dull, plucked or synthesised. */

import { createRandom } from '../../random.ts';
import { envelope } from './envelope.ts';
import { frequencyOf } from './instrument.ts';
import type { Instrument } from './instrument.ts';
import { harmonicTable, perSemitone, playTable } from './wavetable.ts';

export const bass: Instrument = (random, sampleRate) => {
  const dullness = random.uniform(1.4, 2.4);
  const closingSeconds = random.uniform(0.05, 0.3);
  const sustain = random.uniform(0.2, 0.9);
  const evenHarmonics = random.pick([1, 1, 0.15]); // a square-like synthesiser bass has few
  const parity = (k: number): number => (k % 2 === 0 ? evenHarmonics : 1);
  const tablesAt = perSemitone((fundamental) => {
    const limits = { fundamental, sampleRate, highest: 30 };
    return {
      table: harmonicTable((k) => parity(k) / k ** (dullness + 0.8), limits),
      bright: harmonicTable((k) => parity(k) / k ** dullness, limits),
    };
  });

  return {
    play(note, out) {
      const loudness = envelope({
        attack: 0.008,
        decay: 0.3,
        sustain,
        duration: note.duration,
        release: 0.05,
      });
      playTable(
        {
          ...tablesAt(note.pitch),
          brightness: (s) => note.velocity * Math.exp(-s / closingSeconds),
          frequency: frequencyOf(note.pitch),
          gain: (s) => note.velocity * loudness(s),
          start: note.start,
          length: note.duration + 0.05,
          phase: createRandom(note.seed).uniform(0, 1),
        },
        out,
        sampleRate,
      );
    },
  };
};
