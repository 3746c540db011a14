/** The large part of the forward pass: convolution, sums for the statistics, pool. */
import type { Arena, ArenaScope } from '../../simd/threads/arena.ts';
import type { ConvBlockEngine, ConvBlockProblem } from './engine.ts';
import type { ConvBlockGeometry } from './geometry.ts';
import { packKernel } from './geometry.ts';
import { PatchSums, type Moments } from './patchSums.ts';
import { planConvolution } from './winograd.ts';
import type { KernelExecutor } from '../../simd/instantiate.ts';

/**
 * @param folded The kernel with the signs of gamma.
 * @param use Memory for what stays and for what goes; whether to keep the input, the values (if the block keeps
 * them) and the places of the maxima, for the gradient; whether to take sums.
 * @returns Pointers (0 for what is not kept), and where statistics are taken the moments of each filter's values.
 */
export function convolveAndPool(
  engine: ConvBlockEngine,
  { x, gamma, kernelShape }: ConvBlockProblem,
  geometry: ConvBlockGeometry,
  folded: Float32Array,
  use: { lasting: ArenaScope; scope: ArenaScope; keep: boolean; statistics: boolean },
) {
  const { arena, executor } = engine;
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
  const patches = statistics && !geometry.keepsValues ? new PatchSums(engine, geometry, scope) : null;
  const sumsValues = statistics && patches === null;
  const sums = sumsValues ? scope.allocate(parts * sumBytes) : 0;
  arena.u8.fill(0, input + slots * inputImage, input + slots * inputImage + 16);
  if (keepValues) zeroBorders(executor, geometry, values, batch, valuesPixel);
  if (sumsValues) arena.u8.fill(0, sums, sums + parts * sumBytes);

  const window = [inputRow, inputPixel, kernelShape[0], windowRow] as const;
  for (let first = 0; first < batch; first += slots) {
    const images = Array.from({ length: Math.min(slots, batch - first) }, (_, slot) => ({
      slot,
      image: first + slot,
      padded: input + slot * inputImage,
    }));
    padImages(engine, geometry, x, [first, images.length], input);
    patches?.add(first, images.map(({ padded }) => padded)); // prettier-ignore
    if (sumsValues && first === 0) {
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
          const sum = sumsValues ? sums + (image * poolBands.length + band) * sumBytes : 0;
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
  const patchStatistics = patches?.finish() ?? null;
  const moments =
    patchStatistics?.moments(folded, gamma.length) ??
    (sumsValues ? momentsOfSums(arena, geometry, { sums, parts, pivot }) : null);
  return {
    input,
    values: keepValues ? values : 0,
    pooled,
    index,
    patches: patchStatistics,
    moments,
  };
}

/** From float64 `[2][padded filters]` of each part: sums of (value - pivot) and of its square. */
function momentsOfSums(
  arena: Arena,
  { batch, height, width, filters, paddedFilters }: ConvBlockGeometry,
  { sums, parts, pivot }: { sums: number; parts: number; pivot: number },
): Moments {
  const totals = arena.sumDoubles(sums, parts, 2 * paddedFilters);
  const count = batch * height * width;
  const shift = totals.subarray(0, filters).map((sum) => sum / count);
  return {
    mean: shift.map((value, k) => arena.f32[pivot / 4 + k] + value),
    variance: shift.map((value, k) => Math.max(0, totals[paddedFilters + k] / count - value * value)),
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

/** Images of a tensor, from number `first` on, into the middle of `count` padded ones. */
function padImages(
  { arena, executor }: ConvBlockEngine,
  { height, width, channels, top, left, inputPixel, inputImage, imageBytes }: ConvBlockGeometry,
  x: Float32Array,
  [first, count]: [first: number, count: number],
  pointer: number,
): void {
  const floats = height * width * channels;
  const { f32 } = arena;
  for (let slot = 0; slot < count; slot++) {
    const image = x.subarray((first + slot) * floats, (first + slot + 1) * floats);
    f32.set(image, (pointer + (slot + 1) * inputImage - imageBytes) / 4);
  }
  executor.run(
    'padImage',
    Array.from({ length: count }, (_, slot) => [
      ...[pointer + slot * inputImage, height, width * inputPixel, top, left * inputPixel],
    ]),
  );
}
