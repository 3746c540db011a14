/** A piano: stiff strings struck by a hammer, stretched partials that die away, the high ones first. */

import { frequencyOf } from './instrument.ts';
import type { Instrument } from './instrument.ts';
import { playPartials } from './partials.ts';

/**
 * Partials of a stiff string at `k f sqrt(1 + B k²)`; source: Fletcher & Rossing, "The Physics of Musical
 * Instruments", 2nd ed., section 2.18.
 */
export const piano: Instrument = (random, sampleRate) => {
  const stiffness = 10 ** random.uniform(-3.8, -3); // B
  const hammerPosition = random.uniform(0.1, 0.16);
  const hardness = random.uniform(0.6, 1.4);
  const decaySeconds = random.uniform(1.5, 4);

  return {
    play(note, out) {
      const fundamental = frequencyOf(note.pitch);
      const decay = decaySeconds * (261.6 / fundamental) ** 0.5;
      const brightness = hardness * (0.6 + note.velocity);
      const partials = Array.from({ length: 12 }, (_, i) => i + 1).map((k) => ({
        frequency: k * fundamental * Math.sqrt(1 + stiffness * k * k),
        amplitude:
          note.velocity *
          Math.abs(Math.sin(Math.PI * k * hammerPosition)) *
          Math.exp(-k / (2.5 * brightness)),
        decay: decay / k ** 0.7,
      }));
      playPartials({ partials, start: note.start, duration: note.duration, damping: 0.2 }, out, sampleRate);
    },
  };
};
