/**
 * The gradient of a block. By the convolution's values it is
 * `slope * (value - mean) + offset` everywhere, plus `scale * dz` where a window had its maximum, dz being the gradient
 * before the activation; slope and offset are what batch statistics owe to their own gradient.
 */
import type * as tf from '@tensorflow/tfjs';
import { filterGradient, type OutputGradient } from '../../conv2dBackpropFilter/webgpu/filterGradient.ts';
import { columnSums } from '../../webgpu/columnSums.ts';
import { runShader, type WebGPUBackend } from '../../webgpu/runShader.ts';
import { activationCode } from './activation.ts';
import type { BlockSizes } from './blockSizes.ts';
import type { Values } from './values.ts';

/** What a forward pass leaves for its gradient. */
export interface Kept {
  values: Values;
  pooled: tf.TensorInfo;
  statistics: tf.TensorInfo;
}

/** Rows `[slope, offset, gradient of gamma, gradient of beta]` of one number per filter. */
export function pooledGradient(
  backend: WebGPUBackend,
  { pooled, statistics }: Kept,
  dy: tf.TensorInfo,
  sizes: BlockSizes,
): tf.TensorInfo {
  return columnSums(
    backend,
    sizes.pooledPositions,
    sizes.filters,
    {
      name: 'pooled gradient',
      code: activationCode + slopeBehind + pooledTerms,
      terms: 2,
      inputs: { pooled, statistics, dy },
      constants: sizes.constants,
    },
    {
      name: 'coefficients of the gradient',
      code: finishCoefficients,
      numbers: 4,
      inputs: { statistics },
      constants: { FILTERS: sizes.filters },
      uniforms: { count: sizes.positions },
    },
  );
}

/** Shader code for the gradient by the convolution's values. */
export function valuesGradient(
  { values, pooled, statistics }: Kept,
  coefficients: tf.TensorInfo,
  dy: tf.TensorInfo,
  sizes: BlockSizes,
): OutputGradient {
  return {
    name: `of a block, values ${values.name}`,
    code: values.code + activationCode + slopeBehind + gradientAt,
    inputs: { ...values.inputs, pooled, statistics, coefficients, dy },
    constants: { ...sizes.constants, ...values.constants },
    uniforms: sizes.uniforms,
  };
}

/** The same as a tensor `[batch, height, width, filters]`. */
export function storeGradient(
  backend: WebGPUBackend,
  gradient: OutputGradient,
  { positions, filters, valuesShape }: BlockSizes,
): tf.TensorInfo {
  const threads = 64;
  const size = positions * filters;
  return runShader(
    backend,
    {
      name: `store gradient ${gradient.name}`,
      code: gradient.code + store,
      constants: gradient.constants ?? {},
      threads,
    },
    {
      inputs: gradient.inputs,
      uniforms: { ...gradient.uniforms, size },
      shape: valuesShape,
      groups: Math.ceil(size / threads),
    },
  );
}

/** By the kernel, `[kernelHeight, kernelWidth, channels, filters]`. */
export function kernelGradient(
  backend: WebGPUBackend,
  x: tf.TensorInfo,
  gradient: OutputGradient,
  sizes: BlockSizes,
): tf.TensorInfo {
  const { height, width, kernelHeight, kernelWidth } = sizes;
  return filterGradient(backend, x, gradient, {
    ...sizes,
    ...{ outHeight: height, outWidth: width, filterHeight: kernelHeight, filterWidth: kernelWidth },
    ...{ strideHeight: 1, strideWidth: 1 },
  });
}

const slopeBehind = `
fn pooledDifference(at : i32) -> f32 { return bitcast<f32>(pooled[2 * at + 1]) - statistics[at % FILTERS]; }

fn slopeBehind(at : i32) -> f32 {
  let k = at % FILTERS;
  let z = pooledDifference(at) * statistics[2 * FILTERS + k] + statistics[3 * FILTERS + k];
  return dy[at] * activationSlope(z);
}
`;

const pooledTerms = `
fn begin(column : i32) {}

fn term(row : i32, column : i32) -> vec2<f32> {
  let at = row * FILTERS + column;
  let dz = slopeBehind(at);
  return vec2<f32>(dz, dz * pooledDifference(at));
}
`;

const finishCoefficients = `
fn finish(column : i32, sum : vec2<f32>) -> array<f32, NUMBERS> {
  let share = statistics[2 * FILTERS + column] / f32(uniforms.count);
  let deviation = statistics[4 * FILTERS + column];
  let byGamma = sum.y / deviation;
  return array<f32, NUMBERS>(-share * byGamma / deviation, -share * sum.x, byGamma, sum.x);
}
`;

const gradientAt = `
fn outputGradient(position : i32, k : i32) -> f32 {
  let w = position % uniforms.width;
  let line = position / uniforms.width;
  let h = line % uniforms.height;
  let image = line / uniforms.height;
  let row = h / POOL_HEIGHT;
  let column = w / POOL_WIDTH;
  var gradient = coefficients[k] * (value(position, k) - statistics[k]) + coefficients[FILTERS + k];
  if (row < uniforms.pooledHeight && column < uniforms.pooledWidth) {
    let at = ((image * uniforms.pooledHeight + row) * uniforms.pooledWidth + column) * FILTERS + k;
    if (pooled[2 * at] == h % POOL_HEIGHT * POOL_WIDTH + w % POOL_WIDTH) {
      gradient += statistics[2 * FILTERS + k] * slopeBehind(at);
    }
  }
  return gradient;
}
`;

const store = `
fn main() {
  let at = threadIndex();
  if (at < uniforms.size) { result[at] = outputGradient(at / FILTERS, at % FILTERS); }
}
`;
