/** Medians of all windows along an axis. */
import * as tf from '@tensorflow/tfjs';
import { slidingMedianByTopK } from './composite.ts';
import { slidingMedianKernel } from './kernelName.ts';

/**
 * Median of each window of `size` neighbours along an axis, where the window lies wholly within: the axis of the output
 * is `size - 1` shorter. A window with NaN has the median NaN, where the kernel is registered. No gradient.
 *
 * @param size Odd, at most the axis's length.
 */
export function slidingMedian(x: tf.Tensor, axis: number, size: number): tf.Tensor {
  if (tf.getKernel(slidingMedianKernel, tf.getBackend()) == null) return slidingMedianByTopK(x, axis, size);
  return tf.engine().runKernel(slidingMedianKernel, { x }, { axis, size }) as tf.Tensor;
}
