/**
 * The gradient of max-pooling for the `wasm` backend. The stock kernel of TensorFlow.js 4.22 loses it in every window
 * whose maximum is not positive: it gives 0 where the maximum should take the gradient.
 */
import * as tf from '@tensorflow/tfjs';
import { imageGroups } from '../simd/imageGroups.ts';
import type { KernelEngine } from '../simd/kernelEngine.ts';
import { ArenaScope } from '../simd/threads/arena.ts';

interface Attributes {
  filterSize: number | [number, number];
  strides: number | [number, number];
  pad: Parameters<typeof tf.backend_util.computePool2DInfo>[4];
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

/** Puts the kernel in the place of the stock one. */
export function replaceMaxPoolGrad(kernels: KernelEngine): void {
  // Without this TensorFlow.js prints a warning.
  if (tf.getKernel(tf.MaxPoolGrad, 'wasm') != null) tf.unregisterKernel(tf.MaxPoolGrad, 'wasm');
  tf.registerKernel({
    kernelName: tf.MaxPoolGrad,
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs }) => {
      const { input, dy } = inputs as unknown as Record<'input' | 'dy', tf.Tensor4D>;
      return maxPoolGradient(kernels, input, dy, attrs as unknown as Attributes);
    },
  });
}

/**
 * Gives each window's gradient to its first maximum. Any window, strides and padding, NHWC.
 *
 * @param input Input of the pool, `[batch, height, width, channels]`.
 * @param dy Gradient of its output, `[batch, outHeight, outWidth, channels]`.
 * @returns Gradient of the input, its shape.
 */
export function maxPoolGradient(
  { arena, executor }: KernelEngine,
  input: tf.Tensor4D,
  dy: tf.Tensor4D,
  { filterSize, strides, pad, dimRoundingMode }: Attributes,
): tf.Tensor4D {
  const info = tf.backend_util.computePool2DInfo(input.shape, filterSize, strides, 1, pad, dimRoundingMode);
  const { inHeight, inWidth, outHeight, outWidth, inChannels, strideHeight, strideWidth } = info;
  const window = [info.filterHeight, info.filterWidth, strideHeight, strideWidth] as const;
  const { top, left } = info.padInfo;
  const [x, gradients] = [input.dataSync<'float32'>(), dy.dataSync<'float32'>()];
  const [inSize, outSize] = [input.size / info.batchSize, dy.size / info.batchSize];
  const dx = new Float32Array(input.size);
  const scope = new ArenaScope(arena);
  try {
    const groups = imageGroups(info.batchSize, executor.threads);
    const slots = groups[0].map(() => ({
      from: scope.allocate(4 * inSize),
      to: scope.allocate(4 * inSize),
      by: scope.allocate(4 * outSize),
    }));
    for (const images of groups) {
      const calls = images.map((image, slot) => {
        const { from, to, by } = slots[slot];
        const { f32 } = arena;
        f32.set(x.subarray(image * inSize, (image + 1) * inSize), from / 4);
        f32.set(gradients.subarray(image * outSize, (image + 1) * outSize), by / 4);
        f32.fill(0, to / 4, to / 4 + inSize);
        return [from, inHeight, inWidth, inChannels, by, outHeight, outWidth, ...window, top, left, to];
      });
      executor.run('maxPoolGradient', calls);
      images.forEach((image, slot) => {
        const at = slots[slot].to / 4;
        dx.set(arena.f32.subarray(at, at + inSize), image * inSize);
      });
    }
  } finally {
    scope.release();
  }
  return tf.tensor4d(dx, input.shape);
}
