/** The convolution block on the SIMD kernels: typed arrays in and out, no TensorFlow.js. */
import type { Arena } from '../../simd/threads/arena.ts';
import { ArenaScope } from '../../simd/threads/arena.ts';
import type { ConvBlockActivation } from '../shape.ts';
import { SavedBlock } from './backward.ts';
import { convolveAndPool } from './convolveAndPool.ts';
import { foldSigns } from './foldSigns.ts';
import type { ConvBlockGeometry, ConvBlockSizes } from './geometry.ts';
import { describeConvBlock, splitPixels } from './geometry.ts';
import type { KernelExecutor } from '../../simd/instantiate.ts';
import type { KernelEngine } from '../../simd/kernelEngine.ts';

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
  /** A view of the engine's memory: copy it before the engine is used again. */
  output: Float32Array;
  outputShape: [number, number, number, number];
  mean: Float32Array;
  variance: Float32Array;
  /** What the gradient needs, where it was asked for. */
  saved?: SavedBlock;
}

const activationCodes: Record<ConvBlockActivation, number> = { linear: 0, relu: 1, elu: 2 };

/** The block on a memory and its kernels. */
export class ConvBlockEngine {
  readonly arena: Arena;
  readonly executor: KernelExecutor;

  constructor({ arena, executor }: KernelEngine) {
    this.arena = arena;
    this.executor = executor;
  }

  /** Forward with the statistics of the batch. With `keep`, also what the gradient needs: the caller releases it. */
  train(problem: ConvBlockProblem, keep: boolean): ConvBlockForward {
    const { gamma, beta, bias, epsilon, activation } = problem;
    const geometry = describeConvBlock(problem);
    const folded = foldSigns(problem.kernel, gamma);
    const lasting = new ArenaScope(this.arena);
    const scope = new ArenaScope(this.arena);
    try {
      const use = { lasting: keep ? lasting : scope, scope, keep, statistics: true };
      const { moments, ...pointers } = convolveAndPool(this, problem, geometry, folded, use);
      const { mean: foldedMean, variance } = moments!;
      const deviation = variance.map((value) => Math.sqrt(value + epsilon));
      const mean = Float32Array.from(foldedMean, (value, k) => (gamma[k] < 0 ? -value : value) + bias[k]);
      const scale = deviation.map((value, k) => Math.abs(gamma[k]) / value);
      const output = this.normalise(scope, geometry, pointers.pooled, foldedMean, scale, beta, activation);
      const result = {
        output,
        outputShape: outputShape(geometry),
        mean,
        variance: Float32Array.from(variance),
      };
      if (!keep) return result;
      const numbers = { folded, foldedMean, deviation, gamma: gamma.slice(), beta: beta.slice() };
      const code = activationCodes[activation];
      return { ...result, saved: new SavedBlock(this, geometry, { ...pointers, ...numbers }, code, lasting) };
    } catch (error) {
      lasting.release();
      throw error;
    } finally {
      scope.release();
    }
  }

  /** Forward with given statistics. A few images at a time: of the batch, only pooled values are held. */
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
      const use = { lasting: scope, scope, keep: false, statistics: false };
      const { pooled } = convolveAndPool(this, problem, geometry, folded, use);
      const output = this.normalise(scope, geometry, pooled, mean, scale, beta, activation);
      return { output, outputShape: outputShape(geometry) };
    } finally {
      scope.release();
    }
  }

  private normalise(
    scope: ArenaScope,
    geometry: ConvBlockGeometry,
    pooled: number,
    mean: Float64Array,
    scale: Float64Array,
    beta: Float32Array,
    activation: ConvBlockActivation,
  ): Float32Array {
    const { batch, filters, paddedFilters, pooledPixels, valuesPixel } = geometry;
    const pixels = batch * pooledPixels;
    const [m, s, b] = [mean, scale, beta].map((values) => scope.store(values, paddedFilters));
    const output = scope.allocate(pixels * valuesPixel);
    const code = activationCodes[activation];
    this.executor.run(
      'normalise',
      splitPixels(geometry).map(([start, end]) => {
        const at = start * valuesPixel;
        return [pooled + at, end - start, paddedFilters, m, s, b, code, output + at];
      }),
    );
    if (filters < paddedFilters) {
      this.executor.run('copyChannels', [[output, paddedFilters, output, filters, pixels]]);
    }
    return this.arena.f32.subarray(output / 4, output / 4 + pixels * filters);
  }
}

function outputShape({ batch, pooledHeight, pooledWidth, filters }: ConvBlockGeometry) {
  return [batch, pooledHeight, pooledWidth, filters] as [number, number, number, number];
}
