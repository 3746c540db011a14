/** A snare drum: two modes of the head and the rattle of the wires. */

import type { Instrument } from './instrument.ts';
import { playNoise } from './noiseBurst.ts';
import { playPartials } from './partials.ts';

export const snare: Instrument = (random, sampleRate) => {
  const headHz = random.uniform(160, 240);
  const headSeconds = random.uniform(0.1, 0.3);
  const wireSeconds = random.uniform(0.04, 0.12);
  const wireGain = random.uniform(0.4, 1.2);
  const lowHz = random.uniform(500, 1500);
  const highHz = random.uniform(3500, 7000);

  return {
    play(note, out) {
      // Ratio of the first two modes of a circular membrane: 1.593 (zeros of the Bessel functions J0 and J1).
      const partials = [1, 1.593].map((ratio) => ({
        frequency: ratio * headHz,
        amplitude: note.velocity * 0.6,
        decay: headSeconds,
      }));
      playPartials(
        { partials, start: note.start, duration: headSeconds * 1.2, damping: 0.1 },
        out,
        sampleRate,
      );
      const burst = {
        seed: note.seed,
        start: note.start,
        decay: wireSeconds,
        gain: note.velocity * wireGain,
      };
      const filters = [
        { kind: 'highPass', frequency: lowHz },
        { kind: 'lowPass', frequency: highHz },
      ] as const;
      playNoise({ ...burst, filters }, out, sampleRate);
    },
  };
};
