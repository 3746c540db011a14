/** The gradient of a convolution by its filter as a compute shader: a matrix product cut along its long side. */
import type * as tf from '@tensorflow/tfjs';
import { columnSums, matrixTerms } from '../../webgpu/columnSums.ts';
import { runShader, type WebGPUBackend } from '../../webgpu/runShader.ts';

export interface ConvolutionSizes {
  batch: number;
  height: number;
  width: number;
  channels: number;
  outHeight: number;
  outWidth: number;
  filters: number;
  filterHeight: number;
  filterWidth: number;
  strideHeight: number;
  strideWidth: number;
  top: number;
  left: number;
}

/** Where the gradient of the convolution's output comes from. */
export interface OutputGradient {
  /** Names the code. */
  name: string;
  /** Defines `fn outputGradient(position : i32, k : i32) -> f32`, position over batch, rows and columns. */
  code: string;
  inputs: Record<string, tf.TensorInfo>;
  constants?: Record<string, number>;
  floats?: Record<string, number>;
  uniforms?: Record<string, number>;
}

/** The gradient as a tensor `[batch, outHeight, outWidth, filters]`. */
export function storedGradient(dy: tf.TensorInfo): OutputGradient {
  return {
    name: 'stored',
    code: 'fn outputGradient(position : i32, k : i32) -> f32 { return dy[position * FILTERS + k]; }',
    inputs: { dy },
  };
}

/** Sides of a tile, filter elements by filters, and how many positions are staged at a time. */
const tile = 32;
const staged = 16;

/** Positions that a workgroup sums at least, and how many workgroups are enough to fill a GPU. */
const leastPositions = 256;
const enoughGroups = 1024;

/**
 * `[filterHeight, filterWidth, channels, filters]`: for each filter element and filter the sum over all positions of
 * input times output gradient. The positions are shared out among workgroups, and their sums are added by a second
 * shader; the stock kernel of TensorFlow.js 4.22 has one thread for each number, which goes through all positions.
 */
export function filterGradient(
  backend: WebGPUBackend,
  x: tf.TensorInfo,
  gradient: OutputGradient,
  sizes: ConvolutionSizes,
): tf.TensorInfo {
  const { batch, height, width, channels, outHeight, outWidth, filters } = sizes;
  const { filterHeight, filterWidth, strideHeight, strideWidth, top, left } = sizes;
  const elements = filterHeight * filterWidth * channels;
  const positions = batch * outHeight * outWidth;
  const shape = [filterHeight, filterWidth, channels, filters];
  if (positions === 0) return backend.makeTensorInfo(shape, 'float32', new Float32Array(elements * filters));
  const tiles = Math.ceil(elements / tile) * Math.ceil(filters / tile);
  const wanted = Math.max(
    1,
    Math.min(Math.ceil(enoughGroups / tiles), Math.floor(positions / leastPositions)),
  );
  const partPositions = staged * Math.ceil(positions / (wanted * staged));
  const parts = Math.ceil(positions / partPositions);
  const partial = runShader(
    backend,
    {
      name: `filterGradient ${gradient.name}`,
      code: gradient.code + code,
      constants: {
        ...{ TILE: tile, STAGED: staged, ELEMENTS: elements, CHANNELS: channels, FILTERS: filters },
        ...{ FILTER_WIDTH: filterWidth, STRIDE_HEIGHT: strideHeight, STRIDE_WIDTH: strideWidth },
        ...{ TOP: top, LEFT: left },
        ...gradient.constants,
      },
      floats: gradient.floats,
      threads: 64,
    },
    {
      inputs: { x, ...gradient.inputs },
      uniforms: {
        ...{ height, width, outHeight, outWidth, positions, parts, steps: partPositions / staged },
        ...gradient.uniforms,
      },
      shape: [parts, elements * filters],
      groups: tiles * parts,
    },
  );
  if (parts === 1) return { ...partial, shape };
  const total = columnSums(backend, parts, elements * filters, matrixTerms(partial));
  backend.disposeData(partial.dataId);
  return { ...total, shape };
}

// 64 threads, each with 4 x 4 of the tile's 32 x 32 sums.
const code = `
var<workgroup> seen : array<f32, STAGED * TILE>;
var<workgroup> slope : array<f32, STAGED * TILE>;

fn inputSeen(position : i32, element : i32) -> f32 {
  let column = position % uniforms.outWidth;
  let line = position / uniforms.outWidth;
  let channel = element % CHANNELS;
  let place = element / CHANNELS;
  let h = (line % uniforms.outHeight) * STRIDE_HEIGHT - TOP + place / FILTER_WIDTH;
  let w = column * STRIDE_WIDTH - LEFT + place % FILTER_WIDTH;
  if (h < 0 || h >= uniforms.height || w < 0 || w >= uniforms.width) { return 0.0; }
  let image = line / uniforms.outHeight;
  return x[((image * uniforms.height + h) * uniforms.width + w) * CHANNELS + channel];
}

fn main() {
  let filterTiles = (FILTERS + TILE - 1) / TILE;
  let elementTiles = (ELEMENTS + TILE - 1) / TILE;
  let part = groupIndex() / (filterTiles * elementTiles);
  let firstElement = (groupIndex() / filterTiles % elementTiles) * TILE;
  let firstFilter = (groupIndex() % filterTiles) * TILE;
  let thread = i32(localIndex);
  let down = (thread / 8) * 4;
  let along = (thread % 8) * 4;
  var sums : array<vec4<f32>, 4>;
  for (var step = 0; step < uniforms.steps; step++) {
    let first = (part * uniforms.steps + step) * STAGED;
    for (var i = thread; i < STAGED * TILE; i += THREADS) {
      let position = first + i / TILE;
      let element = firstElement + i % TILE;
      let k = firstFilter + i % TILE;
      let inside = position < uniforms.positions;
      seen[i] = 0.0;
      slope[i] = 0.0;
      if (inside && element < ELEMENTS) { seen[i] = inputSeen(position, element); }
      if (inside && k < FILTERS) { slope[i] = outputGradient(position, k); }
    }
    workgroupBarrier();
    for (var i = 0; i < STAGED; i++) {
      let at = i * TILE + along;
      let row = vec4<f32>(slope[at], slope[at + 1], slope[at + 2], slope[at + 3]);
      for (var j = 0; j < 4; j++) { sums[j] += seen[i * TILE + down + j] * row; }
    }
    workgroupBarrier();
  }
  if (part >= uniforms.parts) { return; }
  for (var j = 0; j < 4; j++) {
    let element = firstElement + down + j;
    for (var i = 0; i < 4; i++) {
      let k = firstFilter + along + i;
      if (element < ELEMENTS && k < FILTERS) {
        result[(part * ELEMENTS + element) * FILTERS + k] = sums[j][i];
      }
    }
  }
}
`;
