/** One step of Adam over one flat vector: the kernel of the backend in use, else stock ops. */
import * as tf from '@tensorflow/tfjs';
import { adamComposite } from './composite.ts';

/** Name under which a backend registers its implementation: inputs `gradient, m, v`, outputs `update, m, v`. */
export const adamKernel = 'SonotagAdam';

export interface AdamConstants {
  /** Learning rate with the correction of both moments' bias. */
  stepSize: number;
  /** Decay of the first moment. */
  beta1: number;
  /** Decay of the second moment. */
  beta2: number;
  epsilon: number;
}

export interface AdamMoments {
  /** First moments. */
  m: tf.Tensor1D;
  /** Second moments. */
  v: tf.Tensor1D;
}

/**
 * Moves the moments by a gradient, and gives what is to be taken off the parameters:
 * `stepSize * m / (sqrt(v) + epsilon)` (Kingma & Ba 2015, arXiv:1412.6980, section 2).
 *
 * All tensors are `[parameters]`; the given ones are left as they are, the new ones are the caller's to dispose.
 * @example const { update, m, v } = adamStep(gradient, moments, { stepSize: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 });
 */
export function adamStep(
  gradient: tf.Tensor1D,
  { m, v }: AdamMoments,
  constants: AdamConstants,
): AdamMoments & { update: tf.Tensor1D } {
  if (tf.getKernel(adamKernel, tf.getBackend()) == null) return adamComposite(gradient, { m, v }, constants);
  const outputs = tf.engine().runKernel(adamKernel, { gradient, m, v }, { ...constants }) as unknown;
  const [update, nextM, nextV] = outputs as [tf.Tensor1D, tf.Tensor1D, tf.Tensor1D];
  return { update, m: nextM, v: nextV };
}
