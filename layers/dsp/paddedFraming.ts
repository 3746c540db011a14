/** Framing as TensorFlow and Kapre count it: frames of a signal without centring, and padding at its end. */

export interface PaddedFraming {
  /** Samples in a frame. */
  frameLength: number;
  /** Distance of frames, samples. */
  hopLength: number;
  /** Whether every hop that starts within the signal has a frame, filled up at the end; else whole frames only. */
  padEnd: boolean;
}

/**
 * Number of frames in `samples` samples, as TensorFlow 2.20 `signal.frame` counts them.
 *
 * @throws RangeError if there is none.
 * @example countPaddedFrames(10, { frameLength: 4, hopLength: 3, padEnd: true }) // 4
 */
export function countPaddedFrames(
  samples: number,
  { frameLength, hopLength, padEnd }: PaddedFraming,
): number {
  if (samples < (padEnd ? 1 : frameLength)) {
    throw new RangeError(
      `a signal of ${samples} samples holds no frame of ${frameLength} samples${padEnd ? '' : ' without padding'}. ` +
        `Give a longer signal${padEnd ? '' : ', a shorter frame or padEnd: true'}.`,
    );
  }
  return padEnd ? Math.ceil(samples / hopLength) : 1 + Math.floor((samples - frameLength) / hopLength);
}
