/** Framing on the engine, by stock operations that every engine has and that carry gradients. */
import * as tf from '@tensorflow/tfjs';
import { requireReflectable, type PadMode } from '../../dsp/framing.ts';

/**
 * Pads both ends of `[batch, samples]` by `pad` samples, by zeros or by mirroring (edge sample left out).
 * TF.js 4.22 has no gradient for `mirrorPad`, so the mirror is a slice reversed.
 */
export function padEnds(x: tf.Tensor2D, pad: number, padMode: PadMode): tf.Tensor2D {
  if (pad === 0) return x;
  if (padMode === 'constant') {
    return tf.pad(x, [
      [0, 0],
      [pad, pad],
    ]);
  }
  const samples = x.shape[1];
  requireReflectable(samples, pad, padMode);
  const left = tf.reverse(tf.slice(x, [0, 1], [-1, pad]), 1);
  const right = tf.reverse(tf.slice(x, [0, samples - 1 - pad], [-1, pad]), 1);
  return tf.concat([left, x, right], 1);
}

/**
 * Overlapping frames of `[batch, samples]` as `[batch, frames, width]`, `width` the frame length rounded up to whole
 * hops: the signal is cut into hops, and frame t is hops t … t + width/hop − 1 side by side. What lies behind the
 * frame length in a row is signal too; whoever multiplies gives it zero weight (see {@link frameWidth}).
 */
export function frameSignal(
  x: tf.Tensor2D,
  { nFrames, frameLength, hopLength }: { nFrames: number; frameLength: number; hopLength: number },
): tf.Tensor3D {
  const [batch, samples] = x.shape;
  const hopsPerFrame = Math.ceil(frameLength / hopLength);
  const nHops = nFrames - 1 + hopsPerFrame;
  const needed = nHops * hopLength;
  const fitted =
    needed <= samples
      ? tf.slice(x, [0, 0], [batch, needed])
      : tf.pad(x, [
          [0, 0],
          [0, needed - samples],
        ]);
  const hops = tf.reshape(fitted, [batch, nHops, hopLength]) as tf.Tensor3D;
  if (hopsPerFrame === 1) return hops;
  const shifted = Array.from({ length: hopsPerFrame }, (_, r) =>
    tf.slice(hops, [0, r, 0], [batch, nFrames, hopLength]),
  );
  return tf.concat(shifted, 2);
}

/** Samples in a row of {@link frameSignal}: `frameLength` rounded up to a multiple of `hopLength`. */
export function frameWidth(frameLength: number, hopLength: number): number {
  return Math.ceil(frameLength / hopLength) * hopLength;
}
