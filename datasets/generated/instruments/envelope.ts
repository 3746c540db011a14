/** How the loudness of a note runs in time. */

export interface EnvelopeOptions {
  /** Seconds to full loudness. */
  attack: number;
  /** Seconds in which the loudness falls to 1/e of the way from full to `sustain`. Default 0.1. */
  decay?: number;
  /** Loudness that is held, 0 … 1. Default 1. */
  sustain?: number;
  /** Seconds until the key is let go. */
  duration: number;
  /** Seconds from letting go to silence. */
  release: number;
}

/** Gain, 0 … 1, at a time in seconds from the start of the note. */
export function envelope({
  attack,
  decay = 0.1,
  sustain = 1,
  duration,
  release,
}: EnvelopeOptions): (s: number) => number {
  const held = (s: number): number => {
    if (s < attack) return s / attack;
    return sustain + (1 - sustain) * Math.exp((attack - s) / decay);
  };
  return (s) => {
    if (s <= duration) return held(s);
    return held(duration) * Math.max(0, 1 - (s - duration) / release);
  };
}
