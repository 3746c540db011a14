/** What a forward pass keeps for the gradient, and the gradient. */
import { ArenaScope } from '../../simd/threads/arena.ts';
import { zeroBorders } from './convolveAndPool.ts';
import type { ConvBlockEngine } from './engine.ts';
import { foldSigns } from './foldSigns.ts';
import type { ConvBlockGeometry } from './geometry.ts';
import { packKernel, splitPixels } from './geometry.ts';
import type { Coefficients, Kept } from './kernelGradient.ts';
import { denseKernelGradient, sparseKernelGradient, storePlaces } from './kernelGradient.ts';
import { planConvolution, type ConvolutionCalls } from './winograd.ts';

/**
 * One forward pass, kept for one backward pass. The pooled values turn into their gradient, and the values into
 * theirs, in place; what is not asked for is not computed.
 */
export class SavedBlock {
  private readonly engine: ConvBlockEngine;
  private readonly geometry: ConvBlockGeometry;
  private readonly kept: Kept;
  private readonly activation: number;
  private readonly memory: ArenaScope;
  private coefficients: Coefficients | undefined;
  private spreadDone = false;

  constructor(
    engine: ConvBlockEngine,
    geometry: ConvBlockGeometry,
    kept: Kept,
    activation: number,
    memory: ArenaScope,
  ) {
    this.engine = engine;
    this.geometry = geometry;
    this.kept = kept;
    this.activation = activation;
    this.memory = memory;
  }

  get xShape(): [number, number, number, number] {
    const { batch, height, width, channels } = this.geometry;
    return [batch, height, width, channels];
  }

  get kernelShape(): [number, number, number, number] {
    const { kernelHeight, kernelWidth, channels, filters } = this.geometry;
    return [kernelHeight, kernelWidth, channels, filters];
  }

  /** @param dy Reads the gradient of the output; called by the first of these methods, and not again. */
  gammaAndBetaGradient(dy: () => Float32Array): { dGamma: Float32Array; dBeta: Float32Array } {
    const { dGamma, dBeta } = this.prepare(dy);
    return { dGamma, dBeta };
  }

  kernelGradient(dy: () => Float32Array): Float32Array {
    const coefficients = this.prepare(dy);
    const scope = new ArenaScope(this.engine.arena);
    try {
      if (this.geometry.keepsValues) this.spreadKept(scope, coefficients);
      const gradient = this.geometry.keepsValues
        ? denseKernelGradient(this.engine, this.geometry, this.kept, scope)
        : sparseKernelGradient(this.engine, this.geometry, this.kept, coefficients, scope);
      return foldSigns(gradient, this.kept.gamma);
    } finally {
      scope.release();
    }
  }

  /** @returns A view of the engine's memory: copy it before the engine is used again. */
  inputGradient(dy: () => Float32Array): Float32Array {
    const coefficients = this.prepare(dy);
    const { batch, height, width, channels, gradientTiles, imageBytes, valuesImage } = this.geometry;
    const { arena, executor } = this.engine;
    const scope = new ArenaScope(arena);
    try {
      const output = scope.allocate(batch * imageBytes);
      if (this.geometry.keepsValues) this.spreadKept(scope, coefficients);
      const padded = 16 * gradientTiles;
      const images = Array.from({ length: batch }, (_, image) => image);
      const together = padded === channels ? batch : 1;
      const calls = this.planBack(scope, together);
      if (padded === channels) {
        const values = (image: number) => this.kept.values + image * valuesImage;
        this.convolveBack(
          images.map((image) => [values(image), output + image * imageBytes]),
          calls,
        );
      } else {
        const wide = scope.allocate(4 * height * width * padded);
        const values = this.geometry.keepsValues
          ? (image: number) => this.kept.values + image * valuesImage
          : this.rebuilder(scope, coefficients);
        for (const image of images) {
          this.convolveBack([[values(image), wide]], calls);
          const target = output + image * imageBytes;
          executor.run('copyChannels', [[wide, padded, target, channels, height * width]]);
        }
      }
      return arena.f32.subarray(output / 4, (output + batch * imageBytes) / 4);
    } finally {
      scope.release();
    }
  }

  release(): void {
    this.memory.release();
  }

  private prepare(dy: () => Float32Array): Coefficients {
    this.coefficients ??= this.pooledGradient(dy());
    return this.coefficients;
  }

  private pooledGradient(dy: Float32Array): Coefficients {
    const { batch, height, width, filters, paddedFilters, pooledPixels, valuesPixel } = this.geometry;
    const { foldedMean, deviation, gamma, beta, pooled } = this.kept;
    const { arena, executor } = this.engine;
    const count = batch * height * width;
    const pixels = batch * pooledPixels;
    const scale = deviation.map((value, k) => Math.abs(gamma[k]) / value);
    const scope = new ArenaScope(arena);
    try {
      const gradient = scope.store(dy, pixels * paddedFilters);
      if (filters < paddedFilters) {
        executor.run('copyChannels', [[gradient, filters, gradient, paddedFilters, pixels]]);
      }
      const [m, s, b] = [foldedMean, scale, beta].map((values) => scope.store(values, paddedFilters));
      const parts = splitPixels(this.geometry);
      const sumBytes = 16 * paddedFilters;
      const sums = scope.allocate(parts.length * sumBytes);
      arena.u8.fill(0, sums, sums + parts.length * sumBytes);
      executor.run(
        'pooledGradient',
        parts.map(([start, end], part) => {
          const at = start * valuesPixel;
          const place = [pooled + at, gradient + at, end - start, paddedFilters];
          return [...place, m, s, b, this.activation, sums + part * sumBytes];
        }),
      );
      const totals = arena.sumDoubles(sums, parts.length, 2 * paddedFilters);
      const sum = totals.subarray(0, filters);
      const product = totals.subarray(paddedFilters, paddedFilters + filters);
      const slope = scale.map((value, k) => (-value * product[k]) / (deviation[k] ** 2 * count));
      const offset = scale.map((value, k) => (-value * sum[k]) / count - slope[k] * foldedMean[k]);
      const dGamma = Float32Array.from(product, (value, k) => (gamma[k] < 0 ? -value : value) / deviation[k]);
      return { slope, offset, scale, dGamma, dBeta: Float32Array.from(sum) };
    } finally {
      scope.release();
    }
  }

  /** Turns the kept values into the gradient of the convolution, once. */
  private spreadKept(scope: ArenaScope, coefficients: Coefficients): void {
    if (this.spreadDone) return;
    this.spreadDone = true;
    const { batch, valuesImage } = this.geometry;
    const { values } = this.kept;
    this.spread(
      scope,
      coefficients,
      Array.from({ length: batch }, (_, image) => [image, values + image * valuesImage]),
    );
  }

  /** The same for values anywhere: pairs of an image's number and the pointer to its values. */
  private spread(
    scope: ArenaScope,
    { slope, offset, scale }: Coefficients,
    images: [number, number][],
  ): void {
    const { height, width, paddedFilters, valuesRow, valuesPixel, valuesOrigin, poolBands } = this.geometry;
    const { poolHeight, poolWidth, pooledHeight, pooledWidth, pooledImage } = this.geometry;
    const { pooled, index } = this.kept;
    const [a, b, c] = [slope, offset, scale].map((values) => scope.store(values, paddedFilters));
    const places = storePlaces(this.engine.arena, this.geometry, scope, valuesRow, valuesPixel);
    this.engine.executor.run(
      'spread',
      images.flatMap(([image, values]) =>
        poolBands.map(([start, end]) => {
          const row = start * poolHeight;
          const rows = end === pooledHeight ? height - row : (end - start) * poolHeight;
          const at = image * pooledImage + start * pooledWidth * valuesPixel;
          return [
            ...[values + valuesOrigin + row * valuesRow, valuesRow, rows, width, paddedFilters, a, b],
            ...[pooled + at, index + at / 2, places, c, poolHeight, poolWidth, end - start, pooledWidth],
          ];
        }),
      ),
    );
  }

  /** Where values are not kept: a function that convolves one image again and returns the gradient of its values. */
  private rebuilder(scope: ArenaScope, coefficients: Coefficients): (image: number) => number {
    const { width, tiles, kernelHeight, inputRow, inputPixel, inputImage, windowRow } = this.geometry;
    const { valuesRow, valuesPixel, valuesImage, valuesOrigin, rowBands } = this.geometry;
    const { arena, executor } = this.engine;
    const values = scope.allocate(valuesImage);
    zeroBorders(executor, this.geometry, values, 1, valuesPixel);
    const weights = scope.store(packKernel(this.geometry, this.kept.folded, false));
    return (image) => {
      const padded = this.kept.input + image * inputImage;
      executor.run(
        'convolve',
        rowBands.map(([start, end]) => [
          ...[padded + start * inputRow, inputRow, inputPixel, kernelHeight, windowRow, weights, tiles],
          ...[values + valuesOrigin + start * valuesRow, valuesRow, valuesPixel, end - start, width, 0],
        ]),
      );
      const spreadScope = new ArenaScope(arena);
      try {
        this.spread(spreadScope, coefficients, [[image, values]]);
      } finally {
        spreadScope.release();
      }
      return values;
    };
  }

  /** How the turned kernel is convolved with the values of `images` images at a time. */
  private planBack(scope: ArenaScope, images: number): ConvolutionCalls {
    const { height, width, kernelHeight, kernelWidth, paddedFilters, gradientTiles, rowBands } =
      this.geometry;
    return planConvolution(this.engine.executor, scope, {
      kernelShape: [kernelHeight, kernelWidth, paddedFilters],
      size: [height, width],
      packed: scope.store(packKernel(this.geometry, this.kept.folded, true)),
      tiles: gradientTiles,
      calls: images * rowBands.length,
    });
  }

  /** Convolution with the turned kernel: pairs of pointers, padded values to pixels of whole tiles. */
  private convolveBack(images: [number, number][], calls: ConvolutionCalls): void {
    const { width, kernelHeight, kernelWidth, gradientTiles, valuesRow, valuesPixel, rowBands } =
      this.geometry;
    const pixel = 64 * gradientTiles;
    const window = [valuesRow, valuesPixel, kernelHeight, kernelWidth * valuesPixel];
    this.engine.executor.run(
      'convolve',
      images.flatMap(([values, target], place) =>
        rowBands.map(([start, end], band) => [
          ...[values + start * valuesRow, ...window, calls.weights, gradientTiles],
          ...[target + start * width * pixel, width * pixel, pixel, end - start, width],
          calls.scratch(place * rowBands.length + band),
        ]),
      ),
    );
  }
}
