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
 * Overlapping frames of `[batch, samples]` as `[batch, frames, frameLength]`; zeros for what lies behind the end. The
 * signal is cut into hops, and frame t is hops t, t + 1 … side by side, the last of them as far as the frame reaches.
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
  const parts = Array.from({ length: hopsPerFrame }, (_, r) =>
    tf.slice(hops, [0, r, 0], [batch, nFrames, Math.min(hopLength, frameLength - r * hopLength)]),
  );
  return parts.length === 1 ? parts[0] : tf.concat(parts, 2);
}
