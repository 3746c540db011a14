/** The convolution block on the SIMD kernels: typed arrays in and out, no TensorFlow.js. */
import type { ConvBlockActivation } from '../shape.ts';
import { Arena, ArenaScope } from './arena.ts';
import { SavedBlock } from './backward.ts';
import type { ConvBlockGeometry, ConvBlockSizes } from './geometry.ts';
import { describeConvBlock, packKernel } from './geometry.ts';
import type { ConvBlockBuild, ConvBlockExports } from './instantiate.ts';
import { instantiateConvBlock } from './instantiate.ts';

export interface ConvBlockProblem extends ConvBlockSizes {
  x: Float32Array;
  kernel: Float32Array;
  bias: Float32Array;
  gamma: Float32Array;
  beta: Float32Array;
  activation: ConvBlockActivation;
  epsilon: number;
}

export interface ConvBlockForward {
  output: Float32Array;
  outputShape: [number, number, number, number];
  mean: Float32Array;
  variance: Float32Array;
}

export const activationCodes: Record<ConvBlockActivation, number> = { linear: 0, relu: 1, elu: 2 };

/** A memory and the kernels that work on it. */
export class ConvBlockEngine {
  readonly arena: Arena;
  readonly exports: ConvBlockExports;

  private constructor(arena: Arena, exports: ConvBlockExports) {
    this.arena = arena;
    this.exports = exports;
  }

  static async create(build: ConvBlockBuild, arena: Arena = new Arena()): Promise<ConvBlockEngine> {
    return new ConvBlockEngine(arena, await instantiateConvBlock(build, arena.memory));
  }

  /**
   * Forward with the statistics of the batch. With `keep`, also what the gradient needs; the caller releases it.
   * Only pooled values are kept where the block has one input channel.
   */
  train(problem: ConvBlockProblem, keep: false): ConvBlockForward;
  train(problem: ConvBlockProblem, keep: boolean): ConvBlockForward & { saved?: SavedBlock };
  train(problem: ConvBlockProblem, keep: boolean): ConvBlockForward & { saved?: SavedBlock } {
    const { gamma, beta, bias, epsilon, activation } = problem;
    const geometry = describeConvBlock(problem);
    const { filters, paddedFilters, batch, height, width } = geometry;
    const folded = foldSigns(problem.kernel, gamma);
    const lasting = new ArenaScope(this.arena);
    const scope = new ArenaScope(this.arena);
    try {
      const space = keep ? lasting : scope;
      const sums = scope.allocate(16 * paddedFilters);
      this.arena.f64.fill(0, sums / 8, sums / 8 + 2 * paddedFilters);
      const pivot = scope.allocate(4 * paddedFilters);
      const kept = this.convolveAndPool(problem, geometry, folded, { space, scope, keep, sums, pivot });

      const mean = new Float32Array(filters);
      const variance = new Float32Array(filters);
      const foldedMean = new Float64Array(filters);
      const deviation = new Float64Array(filters);
      const count = batch * height * width;
      for (let k = 0; k < filters; k++) {
        const shift = this.arena.f64[sums / 8 + k] / count;
        const spread = Math.max(0, this.arena.f64[sums / 8 + paddedFilters + k] / count - shift * shift);
        foldedMean[k] = this.arena.f32[pivot / 4 + k] + shift;
        deviation[k] = Math.sqrt(spread + epsilon);
        mean[k] = (gamma[k] < 0 ? -foldedMean[k] : foldedMean[k]) + bias[k];
        variance[k] = spread;
      }
      const scale = deviation.map((value, k) => Math.abs(gamma[k]) / value);
      const output = this.normalise(scope, geometry, kept.pooled, batch, foldedMean, scale, beta, activation);
      const result = { output, outputShape: outputShape(geometry), mean, variance };
      if (!keep) return result;
      const numbers = { folded, foldedMean, deviation, gamma: gamma.slice(), beta: beta.slice() };
      const code = activationCodes[activation];
      return { ...result, saved: new SavedBlock(this, geometry, { ...kept, ...numbers }, code, lasting) };
    } catch (error) {
      lasting.release();
      throw error;
    } finally {
      scope.release();
    }
  }

  /** Forward with given statistics. One image at a time: memory does not grow with the batch, the output apart. */
  infer(
    problem: ConvBlockProblem,
    movingMean: Float32Array,
    movingVariance: Float32Array,
  ): Pick<ConvBlockForward, 'output' | 'outputShape'> {
    const { gamma, beta, bias, epsilon, activation } = problem;
    const geometry = describeConvBlock(problem);
    const sign = Float64Array.from(gamma, (value) => (value < 0 ? -1 : 1));
    const mean = sign.map((value, k) => value * (movingMean[k] - bias[k]));
    const scale = sign.map((_, k) => Math.abs(gamma[k]) / Math.sqrt(movingVariance[k] + epsilon));
    const folded = foldSigns(problem.kernel, gamma);
    const scope = new ArenaScope(this.arena);
    try {
      const memory = { space: scope, scope, keep: false, sums: 0, pivot: 0 };
      const { pooled } = this.convolveAndPool(problem, geometry, folded, memory);
      const output = this.normalise(scope, geometry, pooled, geometry.batch, mean, scale, beta, activation);
      return { output, outputShape: outputShape(geometry) };
    } finally {
      scope.release();
    }
  }

  /** Writes `values` into memory of `scope`, with zeros up to `count`. */
  store(scope: ArenaScope, values: ArrayLike<number>, count = values.length): number {
    const pointer = scope.allocate(4 * count);
    const { f32 } = this.arena;
    f32.set(values, pointer / 4);
    f32.fill(0, pointer / 4 + values.length, pointer / 4 + count);
    return pointer;
  }

  private convolveAndPool(
    { x, gamma }: ConvBlockProblem,
    geometry: ConvBlockGeometry,
    folded: Float32Array,
    memory: { space: ArenaScope; scope: ArenaScope; keep: boolean; sums: number; pivot: number },
  ) {
    const { space, scope, keep, sums, pivot } = memory;
    const { batch, height, width, kernelHeight, inputRow, inputPixel, inputImage, windowRow } = geometry;
    const { tiles, valuesRow, valuesPixel, valuesImage, valuesOrigin, pooledImage, indexImage } = geometry;
    const { poolHeight, poolWidth, pooledHeight, pooledWidth, imageBytes, top, left } = geometry;
    const keepValues = keep && geometry.keepsValues;
    const stage = scope.allocate(imageBytes);
    // 16 bytes behind: whole vectors are read from the last row of a window.
    const input = space.allocate((keep ? batch : 1) * inputImage + 16);
    const values = keepValues ? space.allocate(batch * valuesImage) : scope.allocate(poolHeight * valuesRow);
    const pooled = space.allocate(batch * pooledImage);
    const index = keep ? space.allocate(batch * indexImage) : 0;
    const weights = this.store(scope, packKernel(geometry, folded, false));
    if (keepValues) this.arena.u8.fill(0, values, values + batch * valuesImage);
    const window = [inputRow, inputPixel, kernelHeight, windowRow] as const;
    const floats = imageBytes / 4;
    for (let image = 0; image < batch; image++) {
      const padded = input + (keep ? image * inputImage : 0);
      this.arena.f32.set(x.subarray(image * floats, (image + 1) * floats), stage / 4);
      this.exports.pad(stage, padded, height, width * inputPixel, top, left * inputPixel);
      if (sums !== 0 && image === 0) {
        // Sums are taken about the value in the middle of the first image, so that a large mean costs no digits.
        const middle = padded + (height >> 1) * inputRow + (width >> 1) * inputPixel;
        this.exports.convolve(middle, ...window, weights, tiles, pivot, 0, valuesPixel, 1, 1);
      }
      this.exports.forward(
        ...[padded, ...window, weights, tiles, height, width],
        ...[keepValues ? values + image * valuesImage + valuesOrigin : values, valuesRow, keepValues ? 1 : 0],
        ...[poolHeight, poolWidth, pooledHeight, pooledWidth],
        ...[pooled + image * pooledImage, index === 0 ? 0 : index + image * indexImage, sums, pivot],
      );
      if (!keep) continue;
      for (let k = 0; k < gamma.length; k++) {
        if (gamma[k] !== 0) continue;
        const column = weights + ((k >> 4) * geometry.taps * 16 + (k & 15)) * 4;
        this.exports.firstOfWindows(
          ...[padded, ...window, column, poolHeight, poolWidth, pooledHeight, pooledWidth],
          ...[pooled + image * pooledImage + 4 * k, index + image * indexImage + 2 * k, valuesPixel],
        );
      }
    }
    return { input, values: keepValues ? values : 0, pooled, index };
  }

  private normalise(
    scope: ArenaScope,
    { filters, paddedFilters, pooledPixels }: ConvBlockGeometry,
    pooled: number,
    batch: number,
    mean: Float64Array,
    scale: Float64Array,
    beta: Float32Array,
    activation: ConvBlockActivation,
  ): Float32Array {
    const pixels = batch * pooledPixels;
    const [m, s, b] = [mean, scale, beta].map((values) => this.store(scope, values, paddedFilters));
    const output = scope.allocate(4 * pixels * paddedFilters);
    this.exports.normalise(pooled, pixels, paddedFilters, m, s, b, activationCodes[activation], output);
    if (filters < paddedFilters) this.exports.copyChannels(output, paddedFilters, output, filters, pixels);
    return this.arena.f32.slice(output / 4, output / 4 + pixels * filters);
  }
}

/** The kernel with each filter times the sign of its gamma: then the pool is always a maximum. */
function foldSigns(kernel: Float32Array, gamma: Float32Array): Float32Array {
  const filters = gamma.length;
  return kernel.map((value, i) => (gamma[i % filters] < 0 ? -value : value));
}

function outputShape({ batch, pooledHeight, pooledWidth, filters }: ConvBlockGeometry) {
  return [batch, pooledHeight, pooledWidth, filters] as [number, number, number, number];
}
