/** What a block is normalised by: rows `[mean, variance, scale, beta, deviation]` of one number per filter. */
import type * as tf from '@tensorflow/tfjs';
import { columnSums } from '../../webgpu/columnSums.ts';
import { runShader, type WebGPUBackend } from '../../webgpu/runShader.ts';
import type { BlockSizes } from './blockSizes.ts';
import type { Values } from './values.ts';

const rows = 5;

/** By the values of the whole batch; the mean is that without the bias. */
export function batchStatistics(
  backend: WebGPUBackend,
  values: Values,
  gamma: tf.TensorInfo,
  beta: tf.TensorInfo,
  sizes: BlockSizes,
): tf.TensorInfo {
  const { positions, filters, height, width } = sizes;
  const constants = { ...sizes.constants, ...values.constants };
  // Sums are taken about a value in the middle of the first image, so that a large mean costs no digits.
  const uniforms = { height, width, middle: (height >> 1) * width + (width >> 1) };
  return columnSums(
    backend,
    positions,
    filters,
    {
      name: `values, ${values.name}`,
      code: values.code + aboutMiddle,
      terms: 2,
      ...{ inputs: values.inputs, constants, uniforms },
    },
    {
      name: `statistics of values, ${values.name}`,
      code: values.code + finishStatistics,
      numbers: rows,
      inputs: { ...values.inputs, slopes: gamma, shifts: beta },
      floats: { EPSILON: sizes.epsilon },
      constants,
      uniforms: { ...uniforms, count: positions },
    },
  );
}

/** By given mean and variance, the mean being that with the bias. */
export function givenStatistics(
  backend: WebGPUBackend,
  given: Record<'mean' | 'variance' | 'bias' | 'gamma' | 'beta', tf.TensorInfo>,
  { filters, epsilon }: BlockSizes,
): tf.TensorInfo {
  const { mean, variance, bias, gamma, beta } = given;
  const threads = 64;
  return runShader(
    backend,
    {
      name: 'given statistics',
      code: giveStatistics,
      constants: {},
      floats: { EPSILON: epsilon },
      threads,
    },
    {
      inputs: { means: mean, variances: variance, biases: bias, slopes: gamma, shifts: beta },
      uniforms: { filters },
      shape: [rows, filters],
      groups: Math.ceil(filters / threads),
    },
  );
}

/** One row of a matrix `[rows, columns]` as a tensor of its own, plus `added`. */
export function takeRow(
  backend: WebGPUBackend,
  matrix: tf.TensorInfo,
  row: number,
  added?: tf.TensorInfo,
): tf.TensorInfo {
  const columns = matrix.shape[1];
  const threads = 64;
  const name = added === undefined ? 'row' : 'row plus';
  const code = `
fn main() {
  let at = threadIndex();
  if (at < uniforms.columns) { result[at] = matrix[ROW * uniforms.columns + at]${added === undefined ? '' : ' + added[at]'}; }
}
`;
  return runShader(
    backend,
    { name, code, constants: { ROW: row }, threads },
    {
      inputs: added === undefined ? { matrix } : { matrix, added },
      uniforms: { columns },
      shape: [columns],
      groups: Math.ceil(columns / threads),
    },
  );
}

const aboutMiddle = `
var<private> pivot : f32;

fn begin(column : i32) { pivot = value(uniforms.middle, column); }

fn term(row : i32, column : i32) -> vec2<f32> {
  let difference = value(row, column) - pivot;
  return vec2<f32>(difference, difference * difference);
}
`;

const finishStatistics = `
fn finish(column : i32, sum : vec2<f32>) -> array<f32, NUMBERS> {
  let shift = sum.x / f32(uniforms.count);
  let variance = max(0.0, sum.y / f32(uniforms.count) - shift * shift);
  let deviation = sqrt(variance + EPSILON);
  let average = value(uniforms.middle, column) + shift;
  return array<f32, NUMBERS>(average, variance, slopes[column] / deviation, shifts[column], deviation);
}
`;

const giveStatistics = `
fn main() {
  let k = threadIndex();
  let filters = uniforms.filters;
  if (k >= filters) { return; }
  let deviation = sqrt(variances[k] + EPSILON);
  result[k] = means[k] - biases[k];
  result[filters + k] = variances[k];
  result[2 * filters + k] = slopes[k] / deviation;
  result[3 * filters + k] = shifts[k];
  result[4 * filters + k] = deviation;
}
`;
