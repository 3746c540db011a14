/** The gradient of the convolution's kernel, with the signs of gamma: `[taps][filters]` in float64. */
import type { Arena, ArenaScope } from '../../simd/threads/arena.ts';
import type { ConvBlockEngine } from './engine.ts';
import type { ConvBlockGeometry } from './geometry.ts';
import { split } from './geometry.ts';
import type { PatchStatistics } from './patchSums.ts';
import { winogradGradientScratch } from './winograd.ts';

/** What a forward pass leaves for its gradient. */
export interface Kept {
  /** Pointers: padded input, convolution (0 where not kept), pooled convolution, places of the maxima. */
  input: number;
  values: number;
  pooled: number;
  index: number;
  /** Where values are not kept. */
  patches: PatchStatistics | null;
  /** The kernel with the signs of gamma, and the convolution's mean by it. */
  folded: Float32Array;
  foldedMean: Float64Array;
  /** sqrt(variance + epsilon). */
  deviation: Float64Array;
  gamma: Float32Array;
  beta: Float32Array;
}

/** The gradient of the convolution is slope * y + offset everywhere, plus scale * dz where a window had its maximum. */
export interface Coefficients {
  slope: Float64Array;
  offset: Float64Array;
  scale: Float64Array;
  dGamma: Float32Array;
  dBeta: Float32Array;
}

/** By the gradient of the values, which have been spread. */
export function denseKernelGradient(
  { arena, executor }: ConvBlockEngine,
  geometry: ConvBlockGeometry,
  kept: Kept,
  scope: ArenaScope,
): Float64Array {
  const { batch, height, width, channels, taps, tiles, filters, paddedFilters, rowBands } = geometry;
  const { inputRow, inputPixel, inputImage, kernelHeight, kernelWidth, windowRow } = geometry;
  const { valuesRow, valuesImage, valuesOrigin } = geometry;
  const size = taps * paddedFilters;
  const parts = batch * rowBands.length;
  const part = scope.allocate(4 * size * parts);
  const whole = scope.allocate(8 * size);
  const scratchBytes = winogradGradientScratch([kernelHeight, kernelWidth, channels], [height, width], tiles);
  const scratch = scratchBytes && scope.allocate(parts * scratchBytes);
  arena.f32.fill(0, part / 4, part / 4 + size * parts);
  executor.run(
    'kernelGradient',
    Array.from({ length: parts }, (_, i) => {
      const [image, band] = [Math.floor(i / rowBands.length), i % rowBands.length];
      const [start, end] = rowBands[band];
      const input = kept.input + image * inputImage + start * inputRow;
      const values = kept.values + image * valuesImage + valuesOrigin + start * valuesRow;
      const window = [inputRow, inputPixel, kernelHeight, windowRow];
      const place = [part + 4 * size * i, scratchBytes && scratch + scratchBytes * i];
      return [input, ...window, values, valuesRow, tiles, end - start, width, ...place];
    }),
  );
  executor.run(
    'sumParts',
    split(size, 1024).map(([start, end]) => [
      ...[part + 4 * start, 4 * size, parts, whole + 8 * start, end - start],
    ]),
  );
  const sums = arena.f64.subarray(whole / 8, whole / 8 + size);
  const gradient = new Float64Array(taps * filters);
  for (let tap = 0; tap < taps; tap++) {
    gradient.set(sums.subarray(tap * paddedFilters, tap * paddedFilters + filters), tap * filters);
  }
  return gradient;
}

/**
 * One input channel: dW = scale * (sum of dz times the patch at its maximum) + slope * G w + offset * s, with G the
 * summed products and s the sums of the patches, which the forward pass took for its statistics. The values themselves are not needed.
 */
export function sparseKernelGradient(
  { arena, executor }: ConvBlockEngine,
  geometry: ConvBlockGeometry,
  kept: Kept,
  { slope, offset, scale }: Coefficients,
  scope: ArenaScope,
): Float64Array {
  const { batch, taps, filters, kernelHeight, kernelWidth, inputRow, inputImage } = geometry;
  const { valuesPixel, pooledImage, poolBands } = geometry;
  const { poolHeight, poolWidth, pooledWidth } = geometry;
  const { input, pooled, index, folded, patches } = kept;
  const vectors = Math.ceil(kernelWidth / 4);
  const stride = kernelHeight * vectors * 4;
  const size = filters * stride;
  const pooledParts = batch * poolBands.length;
  const part = scope.allocate(4 * size * pooledParts);
  const whole = scope.allocate(8 * size);
  const places = storePlaces(arena, geometry, scope, inputRow, 4);
  arena.f32.fill(0, part / 4, part / 4 + size * pooledParts);
  executor.run(
    'sparseKernelGradient',
    Array.from({ length: pooledParts }, (_, i) => {
      const [image, band] = [Math.floor(i / poolBands.length), i % poolBands.length];
      const [start, end] = poolBands[band];
      const at = image * pooledImage + start * pooledWidth * valuesPixel;
      return [
        ...[input + image * inputImage + start * poolHeight * inputRow, inputRow, kernelHeight, vectors],
        ...[pooled + at, index + at / 2, places, filters, valuesPixel],
        ...[poolHeight, poolWidth, end - start, pooledWidth, part + 4 * size * i],
      ];
    }),
  );
  executor.run('sumParts', [[part, 4 * size, pooledParts, whole, size]]);

  const sparse = arena.f64.subarray(whole / 8, whole / 8 + size);
  const gradient = new Float64Array(taps * filters);
  for (let tap = 0; tap < taps; tap++) {
    const [row, column] = [Math.floor(tap / kernelWidth), tap % kernelWidth];
    const sum = patches!.sum(tap);
    for (let k = 0; k < filters; k++) {
      const atMaxima = sparse[k * stride + row * vectors * 4 + column];
      const byValues = patches!.product(tap, folded, filters, k);
      gradient[tap * filters + k] = scale[k] * atMaxima + slope[k] * byValues + offset[k] * sum;
    }
  }
  return gradient;
}

/** Byte offset of each place of a pooling window. */
export function storePlaces(
  arena: Arena,
  { poolHeight, poolWidth }: ConvBlockGeometry,
  scope: ArenaScope,
  row: number,
  pixel: number,
): number {
  const places = scope.allocate(4 * poolHeight * poolWidth);
  const { u32 } = arena;
  for (let i = 0; i < poolHeight; i++) {
    for (let j = 0; j < poolWidth; j++) u32[places / 4 + i * poolWidth + j] = i * row + j * pixel;
  }
  return places;
}
