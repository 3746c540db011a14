/** The pool, before batch norm and activation, which never decrease: the maximum, or where gamma < 0 the minimum. */
import type * as tf from '@tensorflow/tfjs';
import { runShader, type WebGPUBackend } from '../../webgpu/runShader.ts';
import { activationCode } from './activation.ts';
import type { BlockSizes } from './blockSizes.ts';
import type { Values } from './values.ts';

const threads = 64;

/**
 * For each pooled element its place in the window and its value, as int32 `[pooled elements, 2]`, the bits of the
 * value being those of a float32.
 */
export function poolValues(
  backend: WebGPUBackend,
  values: Values,
  statistics: tf.TensorInfo,
  sizes: BlockSizes,
): tf.TensorInfo {
  return runPool(backend, values, statistics, sizes, 'pool', storePlace);
}

/** Pool, batch norm and activation in one pass. */
export function poolAndActivate(
  backend: WebGPUBackend,
  values: Values,
  statistics: tf.TensorInfo,
  sizes: BlockSizes,
): tf.TensorInfo {
  return runPool(backend, values, statistics, sizes, 'pool and activate', activationCode + storeActivated);
}

/** Batch norm and activation of what {@link poolValues} found. */
export function activatePooled(
  backend: WebGPUBackend,
  pooled: tf.TensorInfo,
  statistics: tf.TensorInfo,
  sizes: BlockSizes,
): tf.TensorInfo {
  const size = sizes.pooledPositions * sizes.filters;
  return runShader(
    backend,
    {
      name: 'activate pooled',
      code: activationCode + activateStored,
      constants: sizes.constants,
      threads,
    },
    {
      inputs: { pooled, statistics },
      uniforms: { size },
      shape: sizes.pooledShape,
      groups: Math.ceil(size / threads),
    },
  );
}

function runPool(
  backend: WebGPUBackend,
  values: Values,
  statistics: tf.TensorInfo,
  sizes: BlockSizes,
  name: string,
  store: string,
): tf.TensorInfo {
  const size = sizes.pooledPositions * sizes.filters;
  const keepsPlaces = store === storePlace;
  return runShader(
    backend,
    {
      name: `${name} of values, ${values.name}`,
      code: values.code + findMaximum + store,
      constants: { ...sizes.constants, ...values.constants },
      threads,
    },
    {
      inputs: { ...values.inputs, statistics },
      uniforms: { ...sizes.uniforms, size },
      shape: keepsPlaces ? [size, 2] : sizes.pooledShape,
      dtype: keepsPlaces ? 'int32' : 'float32',
      groups: Math.ceil(size / threads),
    },
  );
}

const findMaximum = `
struct Found { place : i32, value : f32 }

fn findMaximum(at : i32) -> Found {
  let k = at % FILTERS;
  let pixel = at / FILTERS;
  let column = pixel % uniforms.pooledWidth;
  let line = pixel / uniforms.pooledWidth;
  let row = line % uniforms.pooledHeight;
  let image = line / uniforms.pooledHeight;
  let corner = (image * uniforms.height + row * POOL_HEIGHT) * uniforms.width + column * POOL_WIDTH;
  let direction = sign(statistics[2 * FILTERS + k]); // of gamma; where it is 0 the first of equals is taken
  var found = Found(0, value(corner, k));
  for (var i = 0; i < POOL_HEIGHT; i++) {
    for (var j = 0; j < POOL_WIDTH; j++) {
      let candidate = value(corner + i * uniforms.width + j, k);
      if (candidate * direction > found.value * direction) { found = Found(i * POOL_WIDTH + j, candidate); }
    }
  }
  return found;
}
`;

const storePlace = `
fn main() {
  let at = threadIndex();
  if (at >= uniforms.size) { return; }
  let found = findMaximum(at);
  result[2 * at] = found.place;
  result[2 * at + 1] = bitcast<i32>(found.value);
}
`;

const normalise = `
fn normalise(value : f32, k : i32) -> f32 {
  return (value - statistics[k]) * statistics[2 * FILTERS + k] + statistics[3 * FILTERS + k];
}
`;

const storeActivated = `${normalise}
fn main() {
  let at = threadIndex();
  if (at >= uniforms.size) { return; }
  result[at] = activate(normalise(findMaximum(at).value, at % FILTERS));
}
`;

const activateStored = `${normalise}
fn main() {
  let at = threadIndex();
  if (at >= uniforms.size) { return; }
  result[at] = activate(normalise(bitcast<f32>(pooled[2 * at + 1]), at % FILTERS));
}
`;
