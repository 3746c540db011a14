/** A drawbar organ: nine sine pipes per key, on and off at once, with or without a rotating speaker. */

import { createRandom } from '../../random.ts';
import { envelope } from './envelope.ts';
import { frequencyOf } from './instrument.ts';
import type { Instrument } from './instrument.ts';
import { harmonicTable, perSemitone, playTable } from './wavetable.ts';

/**
 * Pitches of the nine drawbars (16', 5 1/3', 8', 4', 2 2/3', 2', 1 3/5', 1 1/3', 1') as harmonics of the 16' one.
 */
const drawbars = [1, 3, 2, 4, 6, 8, 10, 12, 16];

/** Popular registrations, each drawbar pulled 0 … 8. */
const registrations = [
  '888000000',
  '808808008',
  '888800000',
  '838000000',
  '888888888',
  '008080800',
  '688600004',
];

export const organ: Instrument = (random, sampleRate) => {
  const registration = random.pick(registrations);
  const amplitudes = new Map(
    drawbars.map((harmonic, i) => [harmonic, (Number(registration[i]) / 8) * random.uniform(0.6, 1)]),
  );
  const speakerHz = random.pick([0, 0.8, 6.4]);
  const speakerDepth = random.uniform(0.1, 0.3);
  // The 16' drawbar, the first harmonic of the table, sounds an octave below the key.
  const tableAt = perSemitone((fundamental) =>
    harmonicTable((k) => amplitudes.get(k) ?? 0, { fundamental, sampleRate, highest: 16 }),
  );

  return {
    play(note, out) {
      const noteRandom = createRandom(note.seed);
      const loudness = envelope({ attack: 0.006, duration: note.duration, release: 0.012 });
      // The horn turns on between notes, so its phase follows the clip's time.
      const turn = (s: number): number => Math.sin(2 * Math.PI * speakerHz * (note.start + s));
      playTable(
        {
          table: tableAt(note.pitch - 12),
          frequency: frequencyOf(note.pitch - 12),
          cents: (s) => (speakerHz > 0 ? 6 * turn(s + 0.25) : 0),
          gain: (s) => loudness(s) * (1 + (speakerHz > 0 ? speakerDepth * turn(s) : 0)),
          start: note.start,
          length: note.duration + 0.012,
          phase: noteRandom.uniform(0, 1),
        },
        out,
        sampleRate,
      );
    },
  };
};
