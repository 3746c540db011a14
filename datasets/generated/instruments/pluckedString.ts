/** A plucked string, guitar or harp: Karplus-Strong with pick position, tuned, on a resonant body. */

import { createRandom } from '../../random.ts';
import { filter } from './filter.ts';
import { frequencyOf, HIGHEST_PARTIAL } from './instrument.ts';
import type { Instrument } from './instrument.ts';
import { whiteNoise } from './noiseBurst.ts';

/**
 * Source: Karplus & Strong, "Digital Synthesis of Plucked-String and Drum Timbres", Computer Music Journal 7(2),
 * 1983; tuning by an all-pass and the pick-position comb: Jaffe & Smith, "Extensions of the Karplus-Strong
 * Plucked-String Algorithm", same issue. The loss in the loop is a one-pole low-pass with its cut-off in Hz, so
 * that the string sounds alike at every rate.
 */
export const pluckedString: Instrument = (random, sampleRate) => {
  const pickPosition = random.uniform(0.08, 0.4);
  const decaySeconds = random.uniform(0.8, 3);
  const loopCutOff = random.uniform(2500, 7000);
  const pickCutOff = random.uniform(2000, 6000);
  const bodyModes = [random.uniform(90, 130), random.uniform(180, 260), random.uniform(380, 550)];
  const bodyGain = random.uniform(0.5, 2);

  return {
    play(note, out) {
      const frequency = frequencyOf(note.pitch);
      // High strings lose less per period, or they would not ring at all.
      const cutOff = Math.max(loopCutOff, 8 * frequency);
      const loop = tuneLoop(frequency, cutOff, decaySeconds * Math.sqrt(220 / frequency), sampleRate);
      const string = pick(
        loop.delay,
        pickPosition,
        pickCutOff * (0.5 + note.velocity),
        note.seed,
        sampleRate,
      );
      const first = Math.round(note.start * sampleRate);
      const damped = first + Math.round(note.duration * sampleRate);
      const last = Math.min(out.length, damped + Math.round(0.15 * sampleRate));
      const damper = 10 ** (-2 / (0.15 * sampleRate)); // 40 dB in 0.15 s
      let gain = note.velocity;
      let position = 0;
      let low = 0;
      let x1 = 0;
      let y1 = 0;
      for (let n = first; n < last; n++) {
        const x = string[position];
        out[n] += gain * x;
        if (n > damped) gain *= damper;
        low += loop.smoothing * (x - low);
        const y = loop.allPass * (low - y1) + x1; // y[n] = C x[n] + x[n-1] - C y[n-1]
        x1 = low;
        y1 = y;
        string[position] = loop.gain * y;
        position = position + 1 === loop.delay ? 0 : position + 1;
      }
    },
    resonate(samples) {
      // The loop holds on to what mean it has, and to its uppermost mode, which the all-pass pulls to Nyquist.
      filter(samples, { kind: 'highPass', frequency: 40 }, sampleRate);
      filter(samples, { kind: 'lowPass', frequency: HIGHEST_PARTIAL * sampleRate }, sampleRate);
      const body = samples.slice();
      for (const frequency of bodyModes) {
        const mode = filter(body.slice(), { kind: 'bandPass', frequency, q: 5 }, sampleRate);
        for (let n = 0; n < samples.length; n++) samples[n] += bodyGain * mode[n];
      }
    },
  };
};

/**
 * Delay in samples, loss and fine tuning of a loop that sounds at `frequency` Hz and falls by 60 dB in `decay`
 * seconds.
 */
function tuneLoop(frequency: number, cutOff: number, decay: number, sampleRate: number) {
  const w = (2 * Math.PI * frequency) / sampleRate;
  const pole = Math.exp((-2 * Math.PI * cutOff) / sampleRate);
  const smoothing = 1 - pole;
  // The low-pass (1 - p) / (1 - p z^-1) at the fundamental: its magnitude, and its phase as a delay in samples.
  const magnitude = smoothing / Math.hypot(1 - pole * Math.cos(w), pole * Math.sin(w));
  const lowPassDelay = Math.atan2(pole * Math.sin(w), 1 - pole * Math.cos(w)) / w;
  const rest = sampleRate / frequency - lowPassDelay;
  const delay = Math.max(2, Math.floor(rest - 0.3));
  const fraction = rest - delay; // 0.3 … 1.3, where the all-pass is well behaved
  const allPass = Math.sin(((1 - fraction) * w) / 2) / Math.sin(((1 + fraction) * w) / 2);
  const gain = Math.min(0.9999, 10 ** (-3 / (frequency * decay)) / magnitude);
  return { delay, smoothing, allPass, gain };
}

/** One period of low-passed noise without its mean, seen from the place where the string is picked. */
function pick(
  length: number,
  position: number,
  cutOff: number,
  seed: number,
  sampleRate: number,
): Float32Array {
  const random = createRandom(seed);
  const noise = whiteNoise(random, length);
  filter(noise, { kind: 'lowPass', frequency: cutOff }, sampleRate);
  const lag = Math.max(1, Math.round(position * length));
  const picked = noise.map((value, n) => value - noise[(n - lag + length) % length]); // a comb has no mean
  const rms = Math.hypot(...picked) / Math.sqrt(length) || 1;
  return picked.map((value) => value / rms);
}
