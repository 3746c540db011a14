/** Which convolutions go by Winograd's algorithm, in tiles of 4 x 4 values, and the memory that it needs; see winograd.as. */
import type { KernelExecutor } from '../../simd/instantiate.ts';
import type { ArenaScope } from '../../simd/threads/arena.ts';

/** As in winograd.as. */
const mostTiles = 16;

/** As in winogradGradient.as. */
const tilesTogether = 32;

/** Of input channels and tiles of 16 filters: 64 of each; every task has its sums, 36 to a product. */
const mostProducts = 256;

/** Floats of a pixel from which on the transforms cost less than they save; `convolveByWinograd` also needs them. */
const leastChannels = 16;

/** What the calls of `convolve` and `forward` are given. */
export interface ConvolutionCalls {
  /** Pointer to the kernels as the calls take them. */
  weights: number;
  /** Rows of windows to convolve at a time, >= 1. */
  together: number;
  /** Pointer to the memory that a call works in, by its number; 0: plainly. */
  scratch(call: number): number;
}

export interface ConvolutionPlan {
  /** Height, width and channels of the kernels. */
  kernelShape: readonly number[];
  /** Rows and columns of an image. */
  size: readonly [rows: number, width: number];
  /** Default 1: no pool. */
  poolHeight?: number;
  /** Pointer to the kernels, `[tiles][height x width x channels][16]`. */
  packed: number;
  tiles: number;
  /** Calls that may run at the same time. */
  calls: number;
}

/** By Winograd's algorithm where it pays, else plainly. */
export function planConvolution(
  executor: KernelExecutor,
  scope: ArenaScope,
  { kernelShape, size, poolHeight, packed, tiles, calls }: ConvolutionPlan,
): ConvolutionCalls {
  const together = windowsTogether(kernelShape, size, poolHeight);
  if (together === 0) return { weights: packed, together: 1, scratch: () => 0 };
  const channels = kernelShape[2];
  const weights = scope.allocate(tiles * 36 * channels * 64);
  executor.run('transformKernel', [[packed, channels, tiles, weights]]);
  const across = Math.min(mostTiles, Math.ceil(size[1] / 4));
  const bytes = 6 * (4 * across + 2) * 4 * channels + 36 * across * (4 * channels + 64);
  const scratch = scope.allocate(calls * bytes);
  return { weights, together, scratch: (call) => scratch + call * bytes };
}

/**
 * Bytes that one call of `kernelGradient` by Winograd's algorithm works in; 0 where it does not pay, or takes too much memory.
 *
 * @param tiles of 16 filters
 */
export function winogradGradientScratch(
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

/**
 * Rows of windows, `poolHeight` high, that are convolved together, so that tiles reach little beyond them; 0 where it does
 * not pay: half of what tiles compute must be asked for, and kernels be 3 x 3.
 *
 * @param channels of the input
 */
function windowsTogether(
  [kernelHeight, kernelWidth, channels]: readonly number[],
  [rows, width]: readonly [rows: number, width: number],
  poolHeight = 1,
): number {
  if (kernelHeight !== 3 || kernelWidth !== 3 || channels < leastChannels || channels % 4 !== 0) return 0;
  const shareUsed = (count: number) => count / (4 * Math.ceil(count / 4));
  const choices = [1, 2, 3, 4].filter((together) => together === 1 || together * poolHeight <= rows);
  const best = choices.reduce((a, b) => (shareUsed(b * poolHeight) > shareUsed(a * poolHeight) ? b : a));
  return shareUsed(Math.min(rows, best * poolHeight)) * shareUsed(width) >= 0.5 ? best : 0;
}
