/** The gradient of a convolution by its input; the stock kernel of the `wasm` backend of TensorFlow.js 4.22 is a plain loop. */
import * as tf from '@tensorflow/tfjs';
import type { Conv2dAttributes } from '../conv2dBackpropFilter/attributes.ts';
import { convolutionInfo } from '../conv2dBackpropFilter/attributes.ts';
import { split } from '../convBlock/simd/geometry.ts';
import { planConvolution } from '../convBlock/simd/winograd.ts';
import { imageGroups } from '../simd/imageGroups.ts';
import type { KernelEngine } from '../simd/kernelEngine.ts';
import { placeImage } from '../simd/placeImage.ts';
import { ArenaScope } from '../simd/threads/arena.ts';

type Attributes = Conv2dAttributes & { inputShape: [number, number, number, number] };

/** Puts the kernel in the place of the stock one. */
export function replaceConv2dBackpropInput(kernels: KernelEngine): void {
  // Without this TensorFlow.js prints a warning.
  if (tf.getKernel(tf.Conv2DBackpropInput, 'wasm') != null)
    tf.unregisterKernel(tf.Conv2DBackpropInput, 'wasm');
  tf.registerKernel({
    kernelName: tf.Conv2DBackpropInput,
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs }) => {
      const { dy, filter } = inputs as unknown as Record<'dy' | 'filter', tf.Tensor4D>;
      return conv2dBackpropInput(kernels, dy, filter, attrs as unknown as Attributes);
    },
  });
}

/**
 * The gradient by the input: the gradient of the output, its pixels `strides` apart among zeros, convolved with the
 * filter turned by 180 degrees. Any strides and padding, NHWC.
 *
 * @param dy Gradient of the output, `[batch, outHeight, outWidth, outChannels]`.
 * @param filter `[filterHeight, filterWidth, inChannels, outChannels]`.
 * @returns `[batch, height, width, inChannels]`.
 * @throws RangeError unless the data format is NHWC.
 */
export function conv2dBackpropInput(
  { arena, executor }: KernelEngine,
  dy: tf.Tensor4D,
  filter: tf.Tensor4D,
  attributes: Attributes,
): tf.Tensor4D {
  const { inputShape } = attributes;
  const info = convolutionInfo('Conv2DBackpropInput', inputShape, filter.shape, attributes);
  const [batch, height, width, channels] = inputShape;
  const [filterHeight, filterWidth, , filters] = filter.shape;
  const { outHeight, outWidth, padInfo } = info;
  const tiles = Math.ceil(channels / 16);
  const pixel = 64 * tiles;
  const padded = { height: height + filterHeight - 1, width: width + filterWidth - 1, channels: filters };
  const row = 4 * padded.width * filters;
  const window = [row, 4 * filters, filterHeight, 4 * filterWidth * filters] as const;
  const place = {
    top: filterHeight - 1 - padInfo.top,
    left: filterWidth - 1 - padInfo.left,
    strides: [info.strideHeight, info.strideWidth] as [number, number],
  };
  const gradients = dy.dataSync<'float32'>();
  const inSize = height * width * channels;
  const outSize = outHeight * outWidth * filters;
  const dx = new Float32Array(batch * inSize);
  const scope = new ArenaScope(arena);
  try {
    const groups = imageGroups(batch, executor.threads);
    const bands = split(height, Math.ceil(1024 / width));
    const calls = planConvolution(executor, scope, {
      kernelShape: [filterHeight, filterWidth, filters],
      size: [height, width],
      packed: scope.store(turnedTiles(filter, tiles)),
      tiles,
      calls: groups[0].length * bands.length,
    });
    const slots = groups[0].map(() => ({
      from: scope.allocate(row * padded.height),
      to: scope.allocate(height * width * pixel),
    }));
    for (const images of groups) {
      const tasks = images.flatMap((image, slot) => {
        const { from, to } = slots[slot];
        placeImage(
          { values: arena.f32, start: from / 4, ...padded },
          {
            values: gradients,
            start: image * outSize,
            height: outHeight,
            width: outWidth,
            channels: filters,
          },
          place,
        );
        return bands.map(([start, end], band) => [
          ...[from + start * row, ...window, calls.weights, tiles],
          ...[to + start * width * pixel, width * pixel, pixel, end - start, width],
          calls.scratch(slot * bands.length + band),
        ]);
      });
      executor.run('convolve', tasks);
      images.forEach((image, slot) => {
        const { to } = slots[slot];
        if (channels < 16 * tiles) {
          executor.run('copyChannels', [[to, 16 * tiles, to, channels, height * width]]);
        }
        dx.set(arena.f32.subarray(to / 4, to / 4 + inSize), image * inSize);
      });
    }
  } finally {
    scope.release();
  }
  return tf.tensor4d(dx, inputShape);
}

/** `[tile][row][column][outChannel][16 input channels]`, turned by 180 degrees. */
function turnedTiles(filter: tf.Tensor4D, tiles: number): Float32Array {
  const [filterHeight, filterWidth, channels, filters] = filter.shape;
  const values = filter.dataSync<'float32'>();
  const places = filterHeight * filterWidth;
  const packed = new Float32Array(tiles * places * filters * 16);
  let at = 0;
  for (let place = 0; place < places; place++) {
    for (let channel = 0; channel < channels; channel++) {
      const tile = (channel >> 4) * places + places - 1 - place;
      for (let k = 0; k < filters; k++) packed[(tile * filters + k) * 16 + (channel & 15)] = values[at++];
    }
  }
  return packed;
}
