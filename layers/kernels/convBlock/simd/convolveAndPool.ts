/** The large part of the forward pass: convolution, sums for the statistics, pool. */
import type { Arena, ArenaScope } from '../../simd/threads/arena.ts';
import type { ConvBlockEngine, ConvBlockProblem } from './engine.ts';
import type { ConvBlockGeometry } from './geometry.ts';
import { packKernel } from './geometry.ts';
import { planConvolution } from './winograd.ts';
import type { KernelExecutor } from '../../simd/instantiate.ts';

/**
 * @param folded The kernel with the signs of gamma.
 * @param use Memory for what stays and for what goes; whether to keep the input, the values (if the block keeps
 * them) and the places of the maxima, for the gradient; whether to take sums.
 * @returns Pointers (0 for what is not kept), and float64 `[2][padded filters]`: sums of (value - pivot) and of its
 * square over the batch.
 */
export function convolveAndPool(
  { arena, executor }: ConvBlockEngine,
  { x, gamma, kernelShape }: ConvBlockProblem,
  geometry: ConvBlockGeometry,
  folded: Float32Array,
  use: { lasting: ArenaScope; scope: ArenaScope; keep: boolean; statistics: boolean },
) {
  const { lasting, scope, keep, statistics } = use;
  const { batch, height, width, inputRow, inputPixel, inputImage, windowRow } = geometry;
  const { tiles, paddedFilters, valuesRow, valuesPixel, valuesImage, valuesOrigin, poolBands } = geometry;
  const { poolHeight, poolWidth, pooledHeight, pooledWidth, pooledImage, indexImage } = geometry;
  const keepValues = keep && geometry.keepsValues;
  // Without keeping, a few images at a time go through the same memory.
  const slots = keep ? batch : Math.min(batch, executor.threads);
  const parts = batch * poolBands.length;
  const sumBytes = 16 * paddedFilters;

  // 16 bytes behind: whole vectors are read from the last row of a window.
  const input = lasting.allocate(slots * inputImage + 16);
  const weights = scope.store(packKernel(geometry, folded, false));
  const calls = planConvolution(executor, scope, {
    ...{ kernelShape, size: [height, width], poolHeight, packed: weights, tiles },
    calls: slots * poolBands.length,
  });
  const room = calls.together * poolHeight * valuesRow;
  const values = keepValues
    ? lasting.allocate(batch * valuesImage)
    : scope.allocate(slots * poolBands.length * room);
  const pooled = lasting.allocate(batch * pooledImage);
  const index = keep ? lasting.allocate(batch * indexImage) : 0;
  const pivot = scope.allocate(4 * paddedFilters);
  const sums = statistics ? scope.allocate(parts * sumBytes) : 0;
  arena.u8.fill(0, input + slots * inputImage, input + slots * inputImage + 16);
  zeroBorders(executor, geometry, input, slots, inputPixel);
  if (keepValues) zeroBorders(executor, geometry, values, batch, valuesPixel);
  if (statistics) arena.u8.fill(0, sums, sums + parts * sumBytes);

  const window = [inputRow, inputPixel, kernelShape[0], windowRow] as const;
  for (let first = 0; first < batch; first += slots) {
    const images = Array.from({ length: Math.min(slots, batch - first) }, (_, slot) => ({
      slot,
      image: first + slot,
      padded: input + slot * inputImage,
    }));
    for (const { image, padded } of images) copyIntoPadding(arena, geometry, x, image, padded);
    if (statistics && first === 0) {
      // Sums are taken about the value in the middle of the first image, so that a large mean costs no digits.
      const middle = input + (height >> 1) * inputRow + (width >> 1) * inputPixel;
      executor.run('convolve', [[middle, ...window, weights, tiles, pivot, 0, valuesPixel, 1, 1, 0]]);
    }
    executor.run(
      'forward',
      images.flatMap(({ slot, image, padded }) =>
        poolBands.map(([start, end], band) => {
          const row = start * poolHeight;
          const rows = end === pooledHeight ? height - row : (end - start) * poolHeight;
          const call = slot * poolBands.length + band;
          const target = keepValues
            ? values + image * valuesImage + valuesOrigin + row * valuesRow
            : values + call * room;
          const at = image * pooledImage + start * pooledWidth * valuesPixel;
          const sum = statistics ? sums + (image * poolBands.length + band) * sumBytes : 0;
          return [
            ...[padded + row * inputRow, ...window, calls.weights, tiles, rows, width],
            ...[target, valuesRow, keepValues ? 1 : 0, calls.together],
            ...[poolHeight, poolWidth, end - start, pooledWidth],
            ...[pooled + at, keep ? index + at / 2 : 0, sum, pivot],
            calls.scratch(call),
          ];
        }),
      ),
    );
  }
  if (keep) {
    const size = [poolHeight, poolWidth, pooledHeight, pooledWidth] as const;
    for (let k = 0; k < gamma.length; k++) {
      if (gamma[k] !== 0) continue;
      const column = weights + ((k >> 4) * geometry.taps * 16 + (k & 15)) * 4;
      executor.run(
        'firstOfWindows',
        Array.from({ length: batch }, (_, image) => [
          ...[input + image * inputImage, ...window, column, ...size],
          ...[pooled + image * pooledImage + 4 * k, index + image * indexImage + 2 * k, valuesPixel],
        ]),
      );
    }
  }
  return {
    input,
    values: keepValues ? values : 0,
    pooled,
    index,
    sums: arena.sumDoubles(sums, statistics ? parts : 0, 2 * paddedFilters),
    pivot: arena.f32.slice(pivot / 4, pivot / 4 + paddedFilters),
  };
}

/** Zeros around `count` padded images of `pixel` bytes a pixel. */
export function zeroBorders(
  executor: KernelExecutor,
  { height, width, top, left }: ConvBlockGeometry,
  pointer: number,
  count: number,
  pixel: number,
): void {
  const size = (height + 2 * top) * (width + 2 * left) * pixel;
  executor.run(
    'zeroBorders',
    Array.from({ length: count }, (_, image) => [
      pointer + image * size,
      height,
      width * pixel,
      top,
      left * pixel,
    ]),
  );
}

/** One image of a tensor into the middle of a padded one. */
function copyIntoPadding(
  { f32 }: Arena,
  { height, width, channels, top, left, inputRow, inputPixel }: ConvBlockGeometry,
  x: Float32Array,
  image: number,
  padded: number,
): void {
  const floats = width * channels;
  let source = image * height * floats;
  let target = (padded + top * inputRow + left * inputPixel) / 4;
  for (let row = 0; row < height; row++) {
    f32.set(x.subarray(source, source + floats), target);
    source += floats;
    target += inputRow / 4;
  }
}
