/** The blocks on which every implementation is compared with the composite: named ones, and an arbitrary of many. */
import fc from 'fast-check';
import type { ConvBlockActivation } from '../../layers/kernels/convBlock/shape.ts';
import { baseBlock as base, type Block } from './convBlockProblem.ts';

export const namedBlocks: [name: string, block: Block][] = Object.entries({
  'as in the compact convnet, first block': {
    ...{ x: [2, 21, 12, 1], filters: 32, shape: { ...base.shape, poolSize: [4, 2] } },
  },
  'as in the compact convnet, later block': {
    ...{ x: [2, 10, 12, 32], filters: 32, shape: { ...base.shape, poolSize: [4, 3] } },
  },
  'one pixel wide': { x: [3, 11, 1, 4], shape: { ...base.shape, poolSize: [2, 1] } },
  'one pixel wide, one channel': { x: [3, 11, 1, 1], shape: { ...base.shape, poolSize: [3, 1] } },
  'one pixel high': { x: [3, 1, 9, 2], shape: { ...base.shape, poolSize: [1, 4] } },
  'one pixel': { x: [6, 1, 1, 3], kernel: [1, 1], shape: { ...base.shape, poolSize: [1, 1] } },
  'batch 1': { x: [1, 7, 5, 2] },
  'no pool': { shape: { ...base.shape, poolSize: [1, 1] } },
  'pool as large as the image': { shape: { ...base.shape, poolSize: [9, 8] } },
  '19 filters': { filters: 19 },
  '33 filters, one channel': { x: [2, 9, 8, 1], filters: 33 },
  '17 channels': { x: [2, 7, 6, 17], filters: 4 },
  'a kernel of 5 x 7': { kernel: [5, 7] },
  'a kernel of 7 x 5, one channel': { kernel: [7, 5], x: [2, 9, 8, 1] },
  'a kernel wider than the image': {
    ...{ kernel: [3, 11], x: [2, 9, 3, 2], shape: { ...base.shape, poolSize: [2, 2] } },
  },
  'gamma with zeros': { gamma: 'withZeros' },
  'gamma with zeros, one channel': { gamma: 'withZeros', x: [2, 9, 8, 1] },
  relu: { shape: { ...base.shape, activation: 'relu' } },
  'linear, another epsilon': { shape: { ...base.shape, activation: 'linear', epsilon: 0.5 } },
} satisfies Record<string, Partial<Block>>).map(([name, difference]) => [name, { ...base, ...difference }]);

/** Blocks that the SIMD kernels convolve by Winograd's algorithm: 3 x 3 kernels, 16 channels and more. */
export function anyWinogradBlock(): fc.Arbitrary<Block> {
  const between = (min: number, max: number) => fc.integer({ min, max });
  return fc
    .record({
      batch: between(1, 2),
      size: fc.tuple(between(3, 30), between(3, 70)), // of tiles, 16 lie side by side at most
      channels: fc.constantFrom(16, 20, 32, 36),
      filters: between(1, 36),
      poolSize: fc.tuple(between(1, 7), between(1, 4)),
      gamma: fc.constantFrom<Block['gamma']>('mixed', 'withZeros'),
      seed: between(1, 1000),
    })
    .filter(({ size: [rows, columns], poolSize }) => poolSize[0] <= rows && poolSize[1] <= columns)
    .map(({ batch, size, channels, poolSize, ...others }) => ({
      ...{ ...others, kernel: [3, 3], x: [batch, ...size, channels], offset: 0.3 },
      shape: { poolSize, activation: 'elu', epsilon: 1e-3 },
    }));
}

/** Blocks of any small shape. */
export function anyBlock(): fc.Arbitrary<Block> {
  const upTo = (max: number) => fc.integer({ min: 1, max });
  const odd = fc.constantFrom(1, 3, 5);
  return (
    fc
      .record({
        batch: upTo(3),
        size: fc.tuple(upTo(14), upTo(14)),
        channels: fc.oneof(fc.constant(1), fc.integer({ min: 2, max: 20 })),
        filters: upTo(36),
        kernel: fc.tuple(odd, odd),
        poolSize: fc.tuple(upTo(5), upTo(5)),
        activation: fc.constantFrom<ConvBlockActivation>('elu', 'relu', 'linear'),
        gamma: fc.constantFrom<Block['gamma']>('mixed', 'withZeros'),
        seed: upTo(1000),
      })
      // A variance of few values with one of them close to another magnifies rounding: ask for a few more.
      .filter(({ batch, size: [rows, columns], poolSize }) => {
        return batch * rows * columns >= 6 && poolSize[0] <= rows && poolSize[1] <= columns;
      })
      .map(({ batch, size, channels, poolSize, activation, ...others }) => ({
        ...others,
        x: [batch, ...size, channels],
        shape: { poolSize, activation, epsilon: 1e-3 },
        offset: 0.3,
      }))
  );
}
