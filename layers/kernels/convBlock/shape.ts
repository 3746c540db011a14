/** What a convolution block is made of, apart from its weights, and the checks that every implementation owes. */
import type * as tf from '@tensorflow/tfjs';

/** Activations that never decrease, so that max-pooling commutes with them. */
export type ConvBlockActivation = 'elu' | 'relu' | 'linear';

export const convBlockActivations: readonly ConvBlockActivation[] = ['elu', 'relu', 'linear'];

export interface ConvBlockShape {
  /** Size and stride of the max-pool along height and width; what does not fill a window is dropped. */
  poolSize: [number, number];
  activation: ConvBlockActivation;
  /** Added to the variance, > 0. */
  epsilon: number;
}

export interface ConvBlockTrainingResult {
  /** `[batch, floor(height / poolSize[0]), floor(width / poolSize[1]), cout]`. */
  output: tf.Tensor4D;
  /** Mean of convolution plus bias over the whole batch, `[cout]`; carries no gradient. */
  mean: tf.Tensor1D;
  /** Biased variance of the same, `[cout]`; carries no gradient. */
  variance: tf.Tensor1D;
}

/**
 * @param vectors What there is one of per filter: bias, gamma, beta, statistics.
 * @throws RangeError if the kernel is not odd, shapes do not fit together, or the pool is larger than the image.
 */
export function requireConvBlockShapes(
  x: tf.Tensor4D,
  kernel: tf.Tensor4D,
  vectors: readonly tf.Tensor1D[],
  shape: ConvBlockShape,
): void {
  const [, height, width, channels] = x.shape;
  const [kernelHeight, kernelWidth, inChannels, filters] = kernel.shape;
  const [poolHeight, poolWidth] = shape.poolSize;
  if (kernelHeight % 2 === 0 || kernelWidth % 2 === 0) {
    throw new RangeError(
      `convBlock: kernel height and width must be odd, got ${kernelHeight} x ${kernelWidth}. Use 1, 3, 5, ...`,
    );
  }
  if (inChannels !== channels) {
    throw new RangeError(
      `convBlock: the kernel takes ${inChannels} channels, but the input has ${channels}.`,
    );
  }
  const odd = vectors.find(({ size }) => size !== filters);
  if (odd !== undefined) {
    throw new RangeError(
      `convBlock: bias, gamma, beta and statistics need one value for each of ${filters} filters, got ${odd.size}.`,
    );
  }
  if (!(poolHeight >= 1 && poolHeight <= height && poolWidth >= 1 && poolWidth <= width)) {
    throw new RangeError(
      `convBlock: poolSize must lie between 1 and the image's ${height} x ${width}, got ` +
        `${poolHeight} x ${poolWidth}. Use a smaller poolSize or a longer input.`,
    );
  }
}
