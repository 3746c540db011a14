/** Frames divided by their own norm, on the engine. */
import * as tf from '@tensorflow/tfjs';
import type { Norm } from './dsp/norms.ts';
import { withoutGradient } from './withoutGradient.ts';

const smallestNormal = 2 ** -126; // of float32, which librosa's `util.normalize` compares with too

/** Divides along the last axis; where the norm is below the smallest float32, such as in silence, nothing changes. */
export function normalizeFrames<T extends tf.Tensor>(x: T, norm: Norm): T {
  if (norm === null) return x;
  const length = tf.tidy(() => {
    if (norm === 'inf') return oneIfSmall(tf.max(tf.abs(x), -1, true));
    if (norm === 1) return oneIfSmall(tf.sum(tf.abs(x), -1, true));
    return tf.sqrt(oneIfSmall(tf.sum(tf.square(x), -1, true)));
  });
  return tf.div(x, length);
}

function oneIfSmall(lengths: tf.Tensor): tf.Tensor {
  const small = withoutGradient(lengths, (x) => tf.cast(tf.less(x, smallestNormal), 'float32'));
  return tf.add(lengths, small); // a small length vanishes beside 1
}
