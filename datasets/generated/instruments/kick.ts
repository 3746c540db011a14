/** A bass drum: a sine that falls in pitch and dies away, with the click of the beater. */

import { createRandom } from '../../random.ts';
import type { Instrument } from './instrument.ts';

export const kick: Instrument = (random, sampleRate) => {
  const lowHz = random.uniform(42, 65);
  const sweepHz = random.uniform(60, 200);
  const sweepSeconds = random.uniform(0.015, 0.05);
  const decaySeconds = random.uniform(0.06, 0.16);
  const click = random.uniform(0.02, 0.35);

  return {
    play(note, out) {
      const noteRandom = createRandom(note.seed);
      const first = Math.round(note.start * sampleRate);
      const last = Math.min(out.length, first + Math.round(7 * decaySeconds * sampleRate));
      // Exponentials by repeated factors.
      const decayFactor = Math.exp(-1 / (decaySeconds * sampleRate));
      const sweepFactor = Math.exp(-1 / (sweepSeconds * sampleRate));
      let loudness = note.velocity;
      let sweep = sweepHz;
      let cycles = 0;
      for (let n = first; n < last; n++) {
        const s = (n - first) / sampleRate;
        const onset = Math.min(1, s / 0.002);
        const beater = s < 0.02 ? note.velocity * click * noteRandom.noise() * Math.exp(-s / 0.003) : 0;
        out[n] += onset * (loudness * Math.sin(2 * Math.PI * cycles) + beater);
        cycles += (lowHz + sweep) / sampleRate;
        loudness *= decayFactor;
        sweep *= sweepFactor;
      }
    },
  };
};
