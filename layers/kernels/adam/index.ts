/** One step of Adam over all parameters as one vector: the kernel of the backend in use, else stock ops. */
import * as tf from '@tensorflow/tfjs';
import { adamComposite } from './composite.ts';

/** Name under which a backend registers its implementation: inputs and output of {@link adamStep}. */
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

export interface AdamInputs {
  /** `[parameters]`, as they are now. */
  parameters: tf.Tensor1D;
  /** `[parameters]` */
  gradient: tf.Tensor1D;
  /** `[3 * parameters]`, what the step before gave: the first third is not read, the others are both moments. */
  state: tf.Tensor1D;
}

/**
 * Moves the moments by a gradient, and the parameters by `-stepSize * m / (sqrt(v) + epsilon)` (Kingma & Ba 2015,
 * arXiv:1412.6980, section 2).
 *
 * One tensor comes out, since that is what a WebGPU kernel gives. The inputs are left as they are.
 *
 * @returns `[3 * parameters]`: parameters, then first moments, then second moments; the caller's to dispose.
 * @example const next = adamStep({ parameters, gradient, state }, { stepSize: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 });
 */
export function adamStep(inputs: AdamInputs, constants: AdamConstants): tf.Tensor1D {
  if (tf.getKernel(adamKernel, tf.getBackend()) == null) return adamComposite(inputs, constants);
  return tf.engine().runKernel(adamKernel, { ...inputs }, { ...constants });
}
