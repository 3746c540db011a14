/** Where a convolution is done by tiles of 4 x 4 values with fewer products, and what that needs; see winograd.as. */
import type { KernelExecutor } from '../../simd/instantiate.ts';
import type { ArenaScope } from '../../simd/threads/arena.ts';

/** As in winograd.as. */
const mostTiles = 16;

/** As in winogradGradient.as. */
const tilesTogether = 32;

/** Of input channels and tiles of 16 filters: 64 of each; every task has its sums, 36 to a product. */
const mostProducts = 256;

/** Floats of a pixel from which on the transforms cost less than they save; `convolveTiles` also needs them. */
const leastChannels = 16;

/**
 * Rows of windows, `poolHeight` high, that are convolved together, so that few rows of tiles reach beyond them; 0 where
 * tiles do not pay: half of what they compute must be asked for, and kernels be 3 x 3.
 *
 * @param channels of the input
 */
export function windowsTogether(
  [kernelHeight, kernelWidth, channels]: readonly number[],
  [rows, width]: [rows: number, width: number],
  poolHeight = 1,
): number {
  if (kernelHeight !== 3 || kernelWidth !== 3 || channels < leastChannels || channels % 4 !== 0) return 0;
  const shareUsed = (count: number) => count / (4 * Math.ceil(count / 4));
  const choices = [1, 2, 3, 4].filter((together) => together === 1 || together * poolHeight <= rows);
  const best = choices.reduce((a, b) => (shareUsed(b * poolHeight) > shareUsed(a * poolHeight) ? b : a));
  return shareUsed(Math.min(rows, best * poolHeight)) * shareUsed(width) >= 0.5 ? best : 0;
}

/** Bytes that one call of `convolve` by tiles works in; `pixel` and `width` are the input's, without its padding. */
export function tileScratch(pixel: number, width: number): number {
  const across = Math.min(mostTiles, Math.ceil(width / 4));
  return 6 * (4 * across + 2) * pixel + 36 * across * (pixel + 64);
}

/**
 * Bytes that one call of `kernelGradient` by tiles works in; 0 where tiles do not pay, or take too much memory.
 *
 * @param tiles of 16 filters
 */
export function gradientScratch(
  kernelShape: readonly number[],
  [rows, width]: [rows: number, width: number],
  tiles: number,
): number {
  const channels = kernelShape[2];
  if (windowsTogether(kernelShape, [rows, width]) === 0 || channels * tiles > mostProducts) return 0;
  const across = Math.min(mostTiles, Math.ceil(width / 4));
  const together = across * Math.floor(tilesTogether / across);
  const pixel = 4 * channels;
  return 6 * (4 * across + 2) * pixel + 36 * together * (pixel + 64) + 36 * tiles * pixel * 16;
}

/** Kernels `[tiles][9][channels][16]` for `convolve` by tiles: `[tiles][36][channels][16]`. */
export function storeTransformed(
  executor: KernelExecutor,
  scope: ArenaScope,
  weights: number,
  [tiles, channels]: [tiles: number, channels: number],
): number {
  const target = scope.allocate(tiles * 36 * channels * 64);
  const [from, to] = [9 * channels * 64, 36 * channels * 64];
  executor.run(
    'transformKernel',
    Array.from({ length: tiles }, (_, tile) => [weights + tile * from, channels, 1, target + tile * to]),
  );
  return target;
}
