/** Overlapping frames put together again on the engine. */
import * as tf from '@tensorflow/tfjs';

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
