/** A signal cut into overlapping frames on the engine, and put together again. */
import * as tf from '@tensorflow/tfjs';
import { frameSignal } from './kernels/melSpectrogram/frameSignal.ts';

export interface Cut {
  nFrames: number;
  /** Samples. */
  frameLength: number;
  /** Samples. */
  hopLength: number;
}

/** Frames of `[rows, samples]` as `[rows, frames, frameLength]`; zeros for what lies behind the end. */
export function cutFrames(x: tf.Tensor2D, cut: Cut): tf.Tensor3D {
  const wide = frameSignal(x, cut);
  if (wide.shape[2] === cut.frameLength) return wide;
  return tf.slice(wide, [0, 0, 0], [-1, -1, cut.frameLength]) as tf.Tensor3D;
}

/**
 * Frames `[rows, frames, frameLength]`, each `hopLength` behind the one before, summed where they overlap:
 * `[rows, samples]`, a whole number of hops that holds them all.
 */
export function overlapAdd(frames: tf.Tensor3D, hopLength: number): tf.Tensor2D {
  const [rows, nFrames, frameLength] = frames.shape;
  const hopsPerFrame = Math.ceil(frameLength / hopLength);
  const behind = hopsPerFrame * hopLength - frameLength;
  const whole = behind === 0 ? frames : tf.pad(frames, [[0, 0], [0, 0], [0, behind]]); // prettier-ignore
  const shifted = Array.from({ length: hopsPerFrame }, (_, r) => {
    const hops = tf.slice(whole, [0, 0, r * hopLength], [rows, nFrames, hopLength]);
    return tf.pad(hops, [[0, 0], [r, hopsPerFrame - 1 - r], [0, 0]]); // prettier-ignore
  });
  const nHops = nFrames + hopsPerFrame - 1;
  return tf.reshape(tf.addN(shifted), [rows, nHops * hopLength]);
}
