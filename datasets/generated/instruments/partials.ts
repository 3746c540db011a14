/** Struck sounds: partials that ring and die away, each a two-term recurrence (a digital resonator hit once). */

import { HIGHEST_PARTIAL } from './instrument.ts';

export interface Partial {
  /** Hz. */
  frequency: number;
  amplitude: number;
  /** Seconds in which it falls by 60 dB. */
  decay: number;
}

export interface StruckSound {
  partials: readonly Partial[];
  /** Seconds; where it starts in the samples, and when the damper falls. */
  start: number;
  duration: number;
  /** Seconds in which the damper takes 60 dB off. */
  damping: number;
}

/** Adds a struck sound to the samples; partials above 0.45 of the sampling rate are left out. */
export function playPartials(sound: StruckSound, out: Float32Array, sampleRate: number): void {
  const first = Math.round(sound.start * sampleRate);
  const damped = Math.min(out.length, first + Math.round(sound.duration * sampleRate));
  for (const { frequency, amplitude, decay } of sound.partials) {
    if (frequency > HIGHEST_PARTIAL * sampleRate) continue;
    const cos = Math.cos((2 * Math.PI * frequency) / sampleRate);
    // y[n] = 2 r cos(w) y[n-1] - r² y[n-2] is r^n sin(w n) where y[0] = 0 and y[-1] = -sin(w) / r.
    let before =
      -amplitude * Math.sin((2 * Math.PI * frequency) / sampleRate) * 10 ** (3 / (decay * sampleRate));
    let now = 0;
    const ring = (from: number, to: number, seconds: number): void => {
      const r = 10 ** (-3 / (seconds * sampleRate));
      const c1 = 2 * r * cos;
      const c2 = r * r;
      for (let n = from; n < to; n++) {
        out[n] += now;
        const next = c1 * now - c2 * before;
        before = now;
        now = next;
      }
    };
    const silent = first + Math.round(1.2 * decay * sampleRate); // 72 dB down
    ring(first, Math.min(damped, silent), decay);
    if (silent > damped) {
      ring(
        damped,
        Math.min(out.length, damped + Math.round(sound.damping * sampleRate)),
        Math.min(decay, sound.damping),
      );
    }
  }
}
