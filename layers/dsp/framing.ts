/** How a signal is cut into frames: counts and padding, one truth for layers, shapes and the plain STFT. */

export const padModes = ['reflect', 'constant'] as const;
export type PadMode = (typeof padModes)[number];

export interface Framing {
  /** Frame length, samples. */
  nFft: number;
  /** Distance of frames, samples. */
  hopLength: number;
  /** Whether `floor(nFft / 2)` samples are padded at both ends, so that frame t is centred at `t * hopLength`. */
  center: boolean;
}

/** Samples padded at each end. */
export function padLength({ nFft, center }: Framing): number {
  return center ? Math.floor(nFft / 2) : 0;
}

/**
 * Number of whole frames in `samples` samples, as librosa counts them.
 *
 * @throws RangeError if there is no whole frame.
 * @example countFrames(348000, { nFft: 512, hopLength: 256, center: true }) // 1360
 */
export function countFrames(samples: number, framing: Framing): number {
  const padded = samples + 2 * padLength(framing);
  if (samples < 1 || padded < framing.nFft) {
    throw new RangeError(
      `a signal of ${samples} samples holds no frame of nFft=${framing.nFft}` +
        `${framing.center ? '' : ' without padding'}. Give a longer signal or a smaller nFft.`,
    );
  }
  return 1 + Math.floor((padded - framing.nFft) / framing.hopLength);
}

/**
 * Frames, and zeros at both ends, as TensorFlow's convolutions with `padding='same'` have them.
 *
 * @throws RangeError if there is no sample.
 * @example countSameFrames(348000, { nFft: 512, hopLength: 256 }) // { nFrames: 1360, before: 208, after: 208 }
 */
export function countSameFrames(
  samples: number,
  { nFft, hopLength }: Pick<Framing, 'nFft' | 'hopLength'>,
): { nFrames: number; before: number; after: number } {
  if (samples < 1) throw new RangeError('a signal of 0 samples holds no frame. Give a longer signal.');
  const nFrames = Math.ceil(samples / hopLength);
  const padding = Math.max(0, (nFrames - 1) * hopLength + nFft - samples);
  return { nFrames, before: Math.floor(padding / 2), after: Math.ceil(padding / 2) };
}

/** The signal with {@link padLength} samples at each end. Reflection leaves the edge sample out, as NumPy's does. */
export function padSignal(signal: ArrayLike<number>, framing: Framing, padMode: PadMode): Float64Array {
  const pad = padLength(framing);
  const n = signal.length;
  requireReflectable(n, pad, padMode);
  return Float64Array.from({ length: n + 2 * pad }, (_, i) => {
    const at = i - pad;
    if (at >= 0 && at < n) return signal[at];
    if (padMode === 'constant') return 0;
    return signal[at < 0 ? -at : 2 * (n - 1) - at];
  });
}

/** @throws RangeError if a signal of `samples` is too short to be mirrored `pad` samples beyond its edges. */
export function requireReflectable(samples: number, pad: number, padMode: PadMode): void {
  if (padMode === 'reflect' && samples <= pad) {
    throw new RangeError(
      `padMode 'reflect' needs more than ${pad} samples (nFft / 2); got ${samples}. ` +
        `Give a longer signal, a smaller nFft, or padMode: 'constant'.`,
    );
  }
}
