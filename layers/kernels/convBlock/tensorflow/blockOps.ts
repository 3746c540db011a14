/** The steps of the block and their gradients, each one op of TensorFlow's. Images are `[batch, height, width, channels]`. */
import * as tf from '@tensorflow/tfjs';
import { runOp, type OpAttribute } from '../../tensorflow/namedOps.ts';
import type { ConvBlockActivation } from '../shape.ts';

const nhwc: Record<string, OpAttribute> = { data_format: { string: 'NHWC' } };

const convolution: Record<string, OpAttribute> = {
  ...nhwc,
  strides: { int: [1, 1, 1, 1] },
  padding: { string: 'SAME' },
};

export function convolve(x: tf.TensorInfo, kernel: tf.TensorInfo): tf.Tensor4D {
  return runOp('Conv2D', [x, kernel], convolution)[0] as tf.Tensor4D;
}

export function convolveInputGradient(
  xShape: number[],
  kernel: tf.TensorInfo,
  dy: tf.TensorInfo,
): tf.Tensor4D {
  const sizes = tf.tensor1d(xShape, 'int32');
  return runOp('Conv2DBackpropInput', [sizes, kernel, dy], convolution)[0] as tf.Tensor4D;
}

export function convolveKernelGradient(
  x: tf.TensorInfo,
  kernelShape: number[],
  dy: tf.TensorInfo,
): tf.Tensor4D {
  const sizes = tf.tensor1d(kernelShape, 'int32');
  return runOp('Conv2DBackpropFilter', [x, sizes, dy], convolution)[0] as tf.Tensor4D;
}

export interface BatchNormResult {
  normalised: tf.Tensor4D;
  mean: tf.Tensor1D;
  /** Biased. */
  variance: tf.Tensor1D;
  /** What the gradient op wants back. */
  reserved: tf.Tensor[];
}

/** Batch norm by the statistics of the batch. */
export function batchNorm(
  x: tf.Tensor4D,
  gamma: tf.TensorInfo,
  beta: tf.TensorInfo,
  epsilon: number,
): BatchNormResult {
  const none = tf.tensor1d([]);
  const inputs = [x, gamma, beta, none, none];
  const [normalised, mean, sampleVariance, ...reserved] = runOp(
    'FusedBatchNormV3',
    inputs,
    batchNormAttributes(epsilon),
    6,
  );
  // TensorFlow divides by count - 1 in what it gives out as the variance, if not in what it normalises by.
  const count = x.size / x.shape[3];
  const variance = tf.mul(sampleVariance, count > 1 ? (count - 1) / count : 1);
  return {
    normalised: normalised as tf.Tensor4D,
    mean: mean as tf.Tensor1D,
    variance: variance as tf.Tensor1D,
    reserved,
  };
}

export function batchNormGradient(
  dy: tf.TensorInfo,
  x: tf.TensorInfo,
  gamma: tf.TensorInfo,
  reserved: readonly tf.TensorInfo[],
  epsilon: number,
): { dx: tf.Tensor4D; dGamma: tf.Tensor1D; dBeta: tf.Tensor1D } {
  const inputs = [dy, x, gamma, ...reserved];
  const outputs = runOp('FusedBatchNormGradV3', inputs, batchNormAttributes(epsilon), 5);
  const [dx, dGamma, dBeta] = outputs as [tf.Tensor4D, tf.Tensor1D, tf.Tensor1D];
  return { dx, dGamma, dBeta };
}

function batchNormAttributes(epsilon: number): Record<string, OpAttribute> {
  return { ...nhwc, U: { type: 'float32' }, epsilon: { float: epsilon }, is_training: { bool: true } };
}

export function maxPool(x: tf.TensorInfo, poolSize: readonly [number, number]): tf.Tensor4D {
  return runOp('MaxPool', [x], poolAttributes(poolSize))[0] as tf.Tensor4D;
}

export function maxPoolGradient(
  dy: tf.TensorInfo,
  x: tf.TensorInfo,
  y: tf.TensorInfo,
  poolSize: readonly [number, number],
): tf.Tensor4D {
  return runOp('MaxPoolGrad', [x, y, dy], poolAttributes(poolSize))[0] as tf.Tensor4D;
}

function poolAttributes([height, width]: readonly [number, number]): Record<string, OpAttribute> {
  const size = { int: [1, height, width, 1] };
  return { ...nhwc, ksize: size, strides: size, padding: { string: 'VALID' } };
}

export function activate(x: tf.Tensor4D, activation: ConvBlockActivation): tf.Tensor4D {
  if (activation === 'linear') return tf.clone(x);
  return runOp(activation === 'elu' ? 'Elu' : 'Relu', [x])[0] as tf.Tensor4D;
}

/** From the activation's output `y`. */
export function activateGradient(
  dy: tf.Tensor4D,
  y: tf.TensorInfo,
  activation: ConvBlockActivation,
): tf.Tensor4D {
  if (activation === 'linear') return dy;
  return runOp(activation === 'elu' ? 'EluGrad' : 'ReluGrad', [dy, y])[0] as tf.Tensor4D;
}
