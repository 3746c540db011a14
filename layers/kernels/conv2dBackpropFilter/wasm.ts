/** The gradient of a convolution by its filter, which the stock `wasm` backend of TensorFlow.js 4.22 lacks. */
import * as tf from '@tensorflow/tfjs';
import { split } from '../convBlock/simd/geometry.ts';
import { winogradGradientScratch } from '../convBlock/simd/winograd.ts';
import type { KernelEngine } from '../simd/kernelEngine.ts';
import { placeImage } from '../simd/placeImage.ts';
import { ArenaScope } from '../simd/threads/arena.ts';
import type { Conv2dAttributes } from './attributes.ts';
import { convolutionInfo } from './attributes.ts';

type Attributes = Conv2dAttributes & { filterShape: [number, number, number, number] };

/** Registers the kernel for `wasm` unless that backend has one. */
export function registerConv2dBackpropFilter(kernels: KernelEngine): void {
  if (tf.getKernel(tf.Conv2DBackpropFilter, 'wasm') != null) return;
  tf.registerKernel({
    kernelName: tf.Conv2DBackpropFilter,
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs }) => {
      const { x, dy } = inputs as unknown as Record<'x' | 'dy', tf.Tensor4D>;
      return conv2dBackpropFilter(kernels, x, dy, attrs as unknown as Attributes);
    },
  });
}

/**
 * The gradient by the filter: for each tap, the sum over positions of the input as that tap saw it times `dy`. With
 * strides the pixels of `dy` lie among zeros. Any strides and padding, NHWC; the same for any number of threads.
 *
 * @param x Input of the convolution, `[batch, height, width, inChannels]`.
 * @param dy Gradient of its output, `[batch, outHeight, outWidth, outChannels]`.
 * @returns `[filterHeight, filterWidth, inChannels, outChannels]`.
 * @throws RangeError unless the data format is NHWC.
 */
export function conv2dBackpropFilter(
  { arena, executor }: KernelEngine,
  x: tf.Tensor4D,
  dy: tf.Tensor4D,
  attributes: Attributes,
): tf.Tensor4D {
  const { filterShape } = attributes;
  const info = convolutionInfo('Conv2DBackpropFilter', x.shape, filterShape, attributes);
  const [batch, height, width, channels] = x.shape;
  const [filterHeight, filterWidth, , filters] = filterShape;
  const { outHeight, outWidth, strideHeight, strideWidth, padInfo } = info;
  const tiles = Math.ceil(filters / 16);
  const spread = {
    height: (outHeight - 1) * strideHeight + 1,
    width: (outWidth - 1) * strideWidth + 1,
    channels: 16 * tiles,
  };
  const padded = {
    height: spread.height + filterHeight - 1,
    width: spread.width + filterWidth - 1,
    channels,
  };
  const [inputRow, dyRow] = [4 * padded.width * channels, 64 * tiles * spread.width];
  const window = [inputRow, 4 * channels, filterHeight, 4 * filterWidth * channels] as const;
  const strides: [number, number] = [strideHeight, strideWidth];
  const [values, gradients] = [x.dataSync<'float32'>(), dy.dataSync<'float32'>()];
  const bands = split(spread.height, Math.ceil(1024 / spread.width), 2);
  const taps = filterHeight * filterWidth * channels;
  const size = taps * 16 * tiles;
  const parts = batch * bands.length;
  const scope = new ArenaScope(arena);
  try {
    const images = Array.from({ length: batch }, (_, image) => {
      const source = { start: image * height * width * channels, height, width, channels };
      const output = { start: image * outHeight * outWidth * filters, height: outHeight, width: outWidth };
      const [from, by] = [scope.allocate(inputRow * padded.height), scope.allocate(dyRow * spread.height)];
      placeImage(
        { values: arena.f32, start: from / 4, ...padded },
        { values, ...source },
        { top: padInfo.top, left: padInfo.left, strides: [1, 1] },
      );
      placeImage(
        { values: arena.f32, start: by / 4, ...spread },
        { values: gradients, ...output, channels: filters },
        { top: 0, left: 0, strides },
      );
      return { from, by };
    });
    const part = scope.allocate(4 * size * parts);
    const whole = scope.allocate(8 * size);
    const scratchBytes = winogradGradientScratch(filterShape, [spread.height, spread.width], tiles);
    const scratch = scratchBytes && scope.allocate(parts * scratchBytes);
    arena.f32.fill(0, part / 4, part / 4 + size * parts);
    executor.run(
      'kernelGradient',
      images.flatMap(({ from, by }, image) =>
        bands.map(([start, end], band) => {
          const task = image * bands.length + band;
          return [
            ...[from + start * inputRow, ...window, by + start * dyRow, dyRow, tiles],
            ...[
              end - start,
              spread.width,
              part + 4 * size * task,
              scratchBytes && scratch + scratchBytes * task,
            ],
          ];
        }),
      ),
    );
    executor.run('sumParts', [[part, 4 * size, parts, whole, size]]);
    const sums = arena.f64.subarray(whole / 8, whole / 8 + size);
    const gradient = new Float32Array(taps * filters).map(
      (_, i) => sums[Math.floor(i / filters) * 16 * tiles + (i % filters)],
    );
    return tf.tensor4d(gradient, filterShape);
  } finally {
    scope.release();
  }
}
