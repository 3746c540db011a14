/** The convolution block of stock ops, in the textbook order. Plain, for every backend: the truth for the kernels. */
import * as tf from '@tensorflow/tfjs';
import type { ConvBlockShape, ConvBlockTrainingResult } from './shape.ts';

/** Convolution, batch norm by the batch's own statistics, activation, max-pool. */
export function convBlockTrainingComposite(
  x: tf.Tensor4D,
  kernel: tf.Tensor4D,
  bias: tf.Tensor1D,
  gamma: tf.Tensor1D,
  beta: tf.Tensor1D,
  shape: ConvBlockShape,
): ConvBlockTrainingResult {
  return tf.tidy(() => {
    // The batch norm takes away whatever the bias adds: it shows in the mean alone.
    const convolved = tf.conv2d(x, kernel, 1, 'same');
    const { mean, variance } = tf.moments(convolved, [0, 1, 2]);
    const scale = tf.mul(gamma, tf.rsqrt(tf.add(variance, shape.epsilon)));
    const normalised = tf.add(tf.mul(tf.sub(convolved, mean), scale), withoutGradient(beta, bias));
    return {
      output: activateAndPool(normalised as tf.Tensor4D, shape),
      mean: constant(tf.add(mean, bias)) as tf.Tensor1D,
      variance: constant(variance) as tf.Tensor1D,
    };
  });
}

/** Convolution, batch norm by given statistics, activation, max-pool. */
export function convBlockInferenceComposite(
  x: tf.Tensor4D,
  kernel: tf.Tensor4D,
  bias: tf.Tensor1D,
  gamma: tf.Tensor1D,
  beta: tf.Tensor1D,
  movingMean: tf.Tensor1D,
  movingVariance: tf.Tensor1D,
  shape: ConvBlockShape,
): tf.Tensor4D {
  return tf.tidy(() => {
    const convolved = tf.add(tf.conv2d(x, kernel, 1, 'same'), bias);
    const scale = tf.mul(gamma, tf.rsqrt(tf.add(movingVariance, shape.epsilon)));
    const normalised = tf.add(tf.mul(tf.sub(convolved, movingMean), scale), beta);
    return activateAndPool(normalised as tf.Tensor4D, shape);
  });
}

function activateAndPool(normalised: tf.Tensor4D, { activation, poolSize }: ConvBlockShape): tf.Tensor4D {
  const activated =
    activation === 'elu' ? tf.elu(normalised) : activation === 'relu' ? tf.relu(normalised) : normalised;
  return tf.maxPool(activated, poolSize, poolSize, 'valid');
}

/** `value`, and a gradient of zeros for `idle`, so that both can be asked for. */
function withoutGradient(value: tf.Tensor, idle: tf.Tensor): tf.Tensor {
  return tf.customGrad((first, second) => ({
    value: tf.clone(first as tf.Tensor),
    gradFunc: (dy: tf.Tensor) => [dy, tf.zeros((second as tf.Tensor).shape)],
  }))(value, idle);
}

/** `value` cut off from the gradient. */
function constant(value: tf.Tensor): tf.Tensor {
  return tf.customGrad((inner) => ({
    value: tf.clone(inner as tf.Tensor),
    gradFunc: (dy: tf.Tensor) => tf.zerosLike(dy),
  }))(value);
}
