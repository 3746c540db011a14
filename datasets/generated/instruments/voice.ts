/** A singing voice on vowels: a glottal source through formants, with vibrato. */

import { createRandom } from '../../random.ts';
import { envelope } from './envelope.ts';
import { frequencyOf } from './instrument.ts';
import type { Instrument } from './instrument.ts';
import { harmonicTable, perSemitone, playTable } from './wavetable.ts';

/** First three formants in Hz, means for men; source: Peterson & Barney, JASA 24(2), 1952, table II. */
const vowels = [
  [730, 1090, 2440], // father
  [530, 1840, 2480], // head
  [270, 2290, 3010], // heed
  [570, 840, 2410], // law
  [300, 870, 2240], // who
];

/** Gains of the three formants, and the width of each in Hz. */
const formantGains = [1, 0.6, 0.35];
const formantWidths = [90, 110, 170];

export const voice: Instrument = (random, sampleRate) => {
  const tract = random.uniform(0.95, 1.25); // shorter tracts of women and children have higher formants
  const vibratoHz = random.uniform(5, 6.2);
  const vibratoCents = random.uniform(25, 60);
  const attack = random.uniform(0.05, 0.12);
  const sung = random.shuffle(vowels).slice(0, 2);

  const gainAt = (frequency: number, formants: readonly number[]): number =>
    formants.reduce((sum, formant, i) => {
      const distance = (frequency - formant * tract) / formantWidths[i];
      return sum + formantGains[i] / (1 + distance * distance);
    }, 0.01);
  // 1 / k: -12 dB/octave of the glottis, +6 of the lips.
  const tablesAt = perSemitone((fundamental) =>
    sung.map((formants) =>
      harmonicTable((k) => gainAt(k * fundamental, formants) / k, { fundamental, sampleRate }),
    ),
  );

  return {
    play(note, out) {
      const noteRandom = createRandom(note.seed);
      const [table, bright] = noteRandom.shuffle(tablesAt(note.pitch));
      const phase = noteRandom.uniform(0, 2 * Math.PI);
      const rise = Math.min(attack, 0.4 * note.duration);
      const loudness = envelope({ attack: rise, duration: note.duration, release: 0.08 });
      playTable(
        {
          table,
          bright,
          brightness: (s) => Math.min(1, Math.max(0, (s / note.duration - 0.3) * 2.5)),
          frequency: frequencyOf(note.pitch),
          cents: (s) =>
            vibratoCents * Math.min(1, s / 0.25) * Math.sin(2 * Math.PI * vibratoHz * s + phase) -
            80 * Math.exp(-s / 0.04),
          gain: (s) => note.velocity * loudness(s),
          start: note.start,
          length: note.duration + 0.08,
          phase: noteRandom.uniform(0, 1),
        },
        out,
        sampleRate,
      );
    },
  };
};
