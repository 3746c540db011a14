/** A flute: few harmonics, a tremolo, and breath noise around the note. */

import { createRandom } from '../../random.ts';
import { envelope } from './envelope.ts';
import { filter } from './filter.ts';
import { frequencyOf } from './instrument.ts';
import type { Instrument } from './instrument.ts';
import { whiteNoise } from './noiseBurst.ts';
import { harmonicTable, perSemitone, playTable } from './wavetable.ts';

export const flute: Instrument = (random, sampleRate) => {
  const attack = random.uniform(0.04, 0.09);
  const breath = random.uniform(0.1, 0.35);
  const tremoloHz = random.uniform(4.5, 6);
  const tremolo = random.uniform(0.08, 0.3);
  const amplitudes = [
    1,
    random.uniform(0.2, 0.6),
    random.uniform(0.08, 0.3),
    random.uniform(0.03, 0.1),
    0.03,
    0.015,
  ];
  const tableAt = perSemitone((fundamental) =>
    harmonicTable((k) => amplitudes[k - 1], { fundamental, sampleRate, highest: amplitudes.length }),
  );

  return {
    play(note, out) {
      const noteRandom = createRandom(note.seed);
      const fundamental = frequencyOf(note.pitch);
      const rise = Math.min(attack, 0.5 * note.duration);
      const loudness = envelope({ attack: rise, duration: note.duration, release: 0.07 });
      const wave = (s: number): number => Math.sin(2 * Math.PI * tremoloHz * s);
      const gain = (s: number): number =>
        note.velocity * loudness(s) * (1 + tremolo * Math.min(1, s / 0.4) * wave(s));
      const length = note.duration + 0.07;
      playTable(
        {
          table: tableAt(note.pitch),
          frequency: fundamental,
          cents: (s) => 8 * Math.min(1, s / 0.4) * wave(s),
          gain,
          start: note.start,
          length,
          phase: noteRandom.uniform(0, 1),
        },
        out,
        sampleRate,
      );
      const air = whiteNoise(noteRandom, Math.round(length * sampleRate));
      filter(air, { kind: 'bandPass', frequency: 1.5 * fundamental, q: 0.8 }, sampleRate);
      const first = Math.round(note.start * sampleRate);
      const count = Math.min(air.length, out.length - first);
      let level = 0;
      for (let n = 0; n < count; n++) {
        if (n % 16 === 0) {
          const s = n / sampleRate;
          const chiff = 1 + 3 * Math.exp(-s / 0.03); // the breath before the tone speaks
          level = breath * chiff * note.velocity * loudness(s);
        }
        out[first + n] += level * air[n];
      }
    },
  };
};
