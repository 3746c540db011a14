/** A hi-hat: bright noise and a few inharmonic partials of the metal; closed or half open. */

import type { Instrument } from './instrument.ts';
import { playNoise } from './noiseBurst.ts';
import { playPartials } from './partials.ts';

export const hiHat: Instrument = (random, sampleRate) => {
  const closedSeconds = random.uniform(0.012, 0.035);
  const openSeconds = random.uniform(0.06, 0.15);
  const openShare = random.pick([0, 0.2, 0.5]);
  const lowHz = random.uniform(2500, 4500);
  const metal = Array.from({ length: 5 }, () => random.uniform(2200, 9000));
  const metalGain = random.uniform(0.02, 0.15);

  return {
    play(note, out) {
      const isOpen = (note.seed >>> 8) % 100 < 100 * openShare;
      const decay = isOpen ? openSeconds : closedSeconds;
      const partials = metal.map((frequency) => ({
        frequency,
        amplitude: metalGain * note.velocity,
        decay: 5 * decay,
      }));
      playPartials({ partials, start: note.start, duration: 6 * decay, damping: 0.05 }, out, sampleRate);
      // Two second-order sections make the slope steep; the frequency is kept within reach of low sampling rates.
      const highPass = { kind: 'highPass', frequency: Math.min(lowHz, 0.3 * sampleRate) } as const;
      const burst = { seed: note.seed, start: note.start, decay, gain: note.velocity };
      playNoise({ ...burst, filters: [highPass, highPass] }, out, sampleRate);
    },
  };
};
