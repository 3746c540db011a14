/** What a forward pass keeps for the gradient, and the gradient. */
import { ArenaScope } from './arena.ts';
import type { ConvBlockEngine } from './engine.ts';
import type { ConvBlockGeometry } from './geometry.ts';
import { packKernel } from './geometry.ts';

interface Kept {
  /** Pointers: padded input, convolution (0 where not kept), pooled convolution, places of the maxima. */
  input: number;
  values: number;
  pooled: number;
  index: number;
  /** The kernel with the signs of gamma, and the convolution's mean by it. */
  folded: Float32Array;
  foldedMean: Float64Array;
  /** sqrt(variance + epsilon). */
  deviation: Float64Array;
  gamma: Float32Array;
  beta: Float32Array;
}

/** The gradient of the convolution is slope * y + offset everywhere, plus scale * dz where a window had its maximum. */
interface Coefficients {
  slope: Float64Array;
  offset: Float64Array;
  scale: Float64Array;
  dGamma: Float32Array;
  dBeta: Float32Array;
}

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

  /** @param dy Gradient of the output; read at the first call of any of these, and not again. */
  gammaAndBetaGradient(dy: Float32Array): { dGamma: Float32Array; dBeta: Float32Array } {
    const { dGamma, dBeta } = this.prepare(dy);
    return { dGamma, dBeta };
  }

  kernelGradient(dy: Float32Array): Float32Array {
    const coefficients = this.prepare(dy);
    const scope = new ArenaScope(this.engine.arena);
    try {
      const gradient = this.geometry.keepsValues
        ? this.denseKernelGradient(scope, coefficients)
        : this.sparseKernelGradient(scope, coefficients);
      const { gamma } = this.kept;
      return Float32Array.from(gradient, (value, i) => (gamma[i % gamma.length] < 0 ? -value : value));
    } finally {
      scope.release();
    }
  }

  inputGradient(dy: Float32Array): Float32Array {
    const coefficients = this.prepare(dy);
    const { batch, height, width, channels, gradientTiles, imageBytes, valuesImage } = this.geometry;
    const { arena, exports } = this.engine;
    const scope = new ArenaScope(arena);
    try {
      const flipped = this.engine.store(scope, packKernel(this.geometry, this.kept.folded, true));
      const padded = 16 * gradientTiles;
      const pixels = height * width;
      const output = scope.allocate(batch * imageBytes);
      const wide = padded === channels ? 0 : scope.allocate(4 * pixels * padded);
      const rebuilt = this.rebuildValues(scope);
      this.spread(scope, coefficients);
      for (let image = 0; image < batch; image++) {
        const target = output + image * imageBytes;
        const values = rebuilt?.(image, coefficients) ?? this.kept.values + image * valuesImage;
        this.convolveBack(values, flipped, wide === 0 ? target : wide);
        if (wide !== 0) exports.copyChannels(wide, padded, target, channels, pixels);
      }
      return arena.f32.slice(output / 4, (output + batch * imageBytes) / 4);
    } finally {
      scope.release();
    }
  }

  release(): void {
    this.memory.release();
  }

  private prepare(dy: Float32Array): Coefficients {
    this.coefficients ??= this.pooledGradient(dy);
    return this.coefficients;
  }

  private pooledGradient(dy: Float32Array): Coefficients {
    const { batch, height, width, filters, paddedFilters, pooledPixels } = this.geometry;
    const { foldedMean, deviation, gamma, beta, pooled } = this.kept;
    const { arena, exports } = this.engine;
    const count = batch * height * width;
    const pixels = batch * pooledPixels;
    const scale = deviation.map((value, k) => Math.abs(gamma[k]) / value);
    const scope = new ArenaScope(arena);
    try {
      const gradient = this.engine.store(scope, dy, pixels * paddedFilters);
      if (filters < paddedFilters) exports.copyChannels(gradient, filters, gradient, paddedFilters, pixels);
      const [m, s, b] = [foldedMean, scale, beta].map((values) =>
        this.engine.store(scope, values, paddedFilters),
      );
      const sums = scope.allocate(16 * paddedFilters);
      arena.f64.fill(0, sums / 8, sums / 8 + 2 * paddedFilters);
      exports.pooledGradient(pooled, gradient, pixels, paddedFilters, m, s, b, this.activation, sums);
      const sum = arena.f64.subarray(sums / 8, sums / 8 + filters);
      const product = arena.f64.subarray(sums / 8 + paddedFilters, sums / 8 + paddedFilters + filters);
      const slope = scale.map((value, k) => (-value * product[k]) / (deviation[k] ** 2 * count));
      const offset = scale.map((value, k) => (-value * sum[k]) / count - slope[k] * foldedMean[k]);
      const dGamma = Float32Array.from(product, (value, k) => (gamma[k] < 0 ? -value : value) / deviation[k]);
      return { slope, offset, scale, dGamma, dBeta: Float32Array.from(sum) };
    } finally {
      scope.release();
    }
  }

  /** Turns the kept values into the gradient of the convolution; does nothing where none are kept. */
  private spread(scope: ArenaScope, coefficients: Coefficients): void {
    if (this.spreadDone || !this.geometry.keepsValues) return;
    this.spreadDone = true;
    const spread = this.spreader(scope, coefficients);
    const { batch, valuesImage } = this.geometry;
    for (let image = 0; image < batch; image++) spread(image, this.kept.values + image * valuesImage);
  }

  private spreader(scope: ArenaScope, { slope, offset, scale }: Coefficients) {
    const { height, width, paddedFilters, valuesRow, valuesPixel, valuesOrigin } = this.geometry;
    const { poolHeight, poolWidth, pooledHeight, pooledWidth, pooledImage, indexImage } = this.geometry;
    const { pooled, index } = this.kept;
    const [a, b, c] = [slope, offset, scale].map((values) => this.engine.store(scope, values, paddedFilters));
    const places = this.storePlaces(scope, valuesRow, valuesPixel);
    return (image: number, values: number) => {
      this.engine.exports.spread(
        ...[values + valuesOrigin, valuesRow, height, width, paddedFilters, a, b],
        ...[pooled + image * pooledImage, index + image * indexImage, places, c],
        ...[poolHeight, poolWidth, pooledHeight, pooledWidth],
      );
    };
  }

  /** Byte offset of each place of a pooling window. */
  private storePlaces(scope: ArenaScope, row: number, pixel: number): number {
    const { poolHeight, poolWidth } = this.geometry;
    const places = scope.allocate(4 * poolHeight * poolWidth);
    const { u32 } = this.engine.arena;
    for (let i = 0; i < poolHeight; i++) {
      for (let j = 0; j < poolWidth; j++) u32[places / 4 + i * poolWidth + j] = i * row + j * pixel;
    }
    return places;
  }

  private denseKernelGradient(scope: ArenaScope, coefficients: Coefficients): Float64Array {
    const { batch, height, width, taps, tiles, filters, paddedFilters } = this.geometry;
    const { inputRow, inputPixel, inputImage, kernelHeight, windowRow } = this.geometry;
    const { valuesRow, valuesImage, valuesOrigin } = this.geometry;
    const { input, values } = this.kept;
    const { arena, exports } = this.engine;
    this.spread(scope, coefficients);
    const size = taps * paddedFilters;
    const part = scope.allocate(4 * size);
    const whole = scope.allocate(8 * size);
    arena.f64.fill(0, whole / 8, whole / 8 + size);
    for (let image = 0; image < batch; image++) {
      arena.f32.fill(0, part / 4, part / 4 + size);
      exports.kernelGradient(
        ...[input + image * inputImage, inputRow, inputPixel, kernelHeight, windowRow],
        ...[values + image * valuesImage + valuesOrigin, valuesRow, tiles, height, width, part],
      );
      exports.accumulate(part, whole, size);
    }
    const sums = arena.f64.subarray(whole / 8, whole / 8 + size);
    return new Float64Array(taps * filters).map(
      (_, i) => sums[Math.floor(i / filters) * paddedFilters + (i % filters)],
    );
  }

  /**
   * One input channel: dW = scale * (sum of dz times the patch at its maximum) + slope * G w + offset * s, with G the
   * summed products and s the sums of the patches. The values themselves are not needed.
   */
  private sparseKernelGradient(scope: ArenaScope, coefficients: Coefficients): Float64Array {
    const { batch, height, width, taps, filters, kernelHeight, kernelWidth, inputRow } = this.geometry;
    const { inputImage, valuesPixel, pooledImage, indexImage } = this.geometry;
    const { poolHeight, poolWidth, pooledHeight, pooledWidth } = this.geometry;
    const { input, pooled, index, folded } = this.kept;
    const { slope, offset, scale } = coefficients;
    const { arena, exports } = this.engine;
    const vectors = Math.ceil(kernelWidth / 4);
    const stride = kernelHeight * vectors * 4;
    const size = filters * stride;
    const part = scope.allocate(4 * size);
    const whole = scope.allocate(8 * size);
    const products = scope.allocate(8 * (taps + 1) * taps);
    const places = this.storePlaces(scope, inputRow, 4);
    arena.f64.fill(0, whole / 8, whole / 8 + size);
    arena.f64.fill(0, products / 8, products / 8 + (taps + 1) * taps);
    for (let image = 0; image < batch; image++) {
      const padded = input + image * inputImage;
      arena.f32.fill(0, part / 4, part / 4 + size);
      exports.sparseKernelGradient(
        ...[padded, inputRow, kernelHeight, vectors],
        ...[pooled + image * pooledImage, index + image * indexImage, places, filters, valuesPixel],
        ...[poolHeight, poolWidth, pooledHeight, pooledWidth, part],
      );
      exports.accumulate(part, whole, size);
      exports.patchProducts(padded, inputRow, kernelHeight, kernelWidth, height, width, products);
    }
    const sparse = arena.f64.subarray(whole / 8, whole / 8 + size);
    const gram = arena.f64.subarray(products / 8, products / 8 + (taps + 1) * taps);
    return new Float64Array(taps * filters).map((_, i) => {
      const [tap, k] = [Math.floor(i / filters), i % filters];
      let byValues = 0;
      for (let other = 0; other < taps; other++) {
        byValues += gram[Math.min(tap, other) * taps + Math.max(tap, other)] * folded[other * filters + k];
      }
      const [row, column] = [Math.floor(tap / kernelWidth), tap % kernelWidth];
      const atMaxima = sparse[k * stride + row * vectors * 4 + column];
      return scale[k] * atMaxima + slope[k] * byValues + offset[k] * gram[taps * taps + tap];
    });
  }

  /** Where values are not kept: a function that convolves one image again and spreads its gradient. */
  private rebuildValues(scope: ArenaScope) {
    if (this.geometry.keepsValues) return undefined;
    const { height, width, tiles, kernelHeight, inputRow, inputPixel, inputImage, windowRow } = this.geometry;
    const { valuesRow, valuesPixel, valuesImage, valuesOrigin } = this.geometry;
    const { arena, exports } = this.engine;
    const values = scope.allocate(valuesImage);
    arena.u8.fill(0, values, values + valuesImage);
    const weights = this.engine.store(scope, packKernel(this.geometry, this.kept.folded, false));
    let spread: ReturnType<SavedBlock['spreader']> | undefined;
    return (image: number, coefficients: Coefficients) => {
      spread ??= this.spreader(scope, coefficients);
      exports.convolve(
        ...[
          this.kept.input + image * inputImage,
          inputRow,
          inputPixel,
          kernelHeight,
          windowRow,
          weights,
          tiles,
        ],
        ...[values + valuesOrigin, valuesRow, valuesPixel, height, width],
      );
      spread(image, values);
      return values;
    };
  }

  private convolveBack(values: number, flipped: number, target: number): void {
    const { height, width, kernelHeight, kernelWidth, gradientTiles, valuesRow, valuesPixel } = this.geometry;
    const pixel = 64 * gradientTiles;
    this.engine.exports.convolve(
      ...[values, valuesRow, valuesPixel, kernelHeight, kernelWidth * valuesPixel, flipped, gradientTiles],
      ...[target, width * pixel, pixel, height, width],
    );
  }
}
