/** conv ▸ batch norm ▸ activation ▸ max-pool as one op: the kernel of the backend in use, else stock ops. */
import type * as tf from '@tensorflow/tfjs';
import { convBlockInferenceComposite, convBlockTrainingComposite } from './composite.ts';
import { chooseConvBlockKernels, runInferenceKernel, runTrainingKernel } from './registeredKernel.ts';
import type { ConvBlockShape, ConvBlockTrainingResult } from './shape.ts';
import { requireConvBlockShapes } from './shape.ts';

/**
 * The block in training: normalised by the statistics of the whole batch.
 *
 * Differentiable by `x`, `kernel`, `gamma` and `beta`; the gradient of `bias` is exactly zero, since the batch norm
 * takes away what the bias adds. The gradient of `x` is computed only where something asks for it.
 *
 * @param x `[batch, height, width, cin]`.
 * @param kernel `[kernelHeight, kernelWidth, cin, cout]`, both odd; stride 1, zero padding to the same size.
 * @param bias `[cout]`, and so `gamma` and `beta`.
 * @throws RangeError if shapes do not fit together or the pool is larger than the image.
 * @example
 * const { output } = convBlockTraining(x, kernel, bias, gamma, beta,
 *   { poolSize: [4, 2], activation: 'elu', epsilon: 1e-3 });
 */
export function convBlockTraining(
  x: tf.Tensor4D,
  kernel: tf.Tensor4D,
  bias: tf.Tensor1D,
  gamma: tf.Tensor1D,
  beta: tf.Tensor1D,
  shape: ConvBlockShape,
): ConvBlockTrainingResult {
  requireConvBlockShapes(x, kernel, [bias, gamma, beta], shape);
  const kernels = chooseConvBlockKernels(shape, x.shape[3]);
  if (kernels !== undefined) {
    return runTrainingKernel(kernels.training, { x, kernel, bias, gamma, beta }, shape);
  }
  return convBlockTrainingComposite(x, kernel, bias, gamma, beta, shape);
}

/**
 * The block in inference: normalised by the moving statistics. Differentiable by all but the statistics.
 *
 * Shapes as for `convBlockTraining`; `movingMean` and `movingVariance` are `[cout]`.
 * @throws RangeError if shapes do not fit together or the pool is larger than the image.
 */
export function convBlockInference(
  x: tf.Tensor4D,
  kernel: tf.Tensor4D,
  bias: tf.Tensor1D,
  gamma: tf.Tensor1D,
  beta: tf.Tensor1D,
  movingMean: tf.Tensor1D,
  movingVariance: tf.Tensor1D,
  shape: ConvBlockShape,
): tf.Tensor4D {
  requireConvBlockShapes(x, kernel, [bias, gamma, beta, movingMean, movingVariance], shape);
  const kernels = chooseConvBlockKernels(shape, x.shape[3]);
  if (kernels !== undefined) {
    const inputs = { x, kernel, bias, gamma, beta, movingMean, movingVariance };
    return runInferenceKernel(kernels.inference, inputs, shape);
  }
  return convBlockInferenceComposite(x, kernel, bias, gamma, beta, movingMean, movingVariance, shape);
}
