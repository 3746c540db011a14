/**
 * The gradient of max-pooling for the `wasm` backend. The stock kernel of TensorFlow.js 4.22 loses it in every window
 * whose maximum is not positive: it gives 0 where the maximum should take the gradient.
 */
import * as tf from '@tensorflow/tfjs';

interface Attributes {
  filterSize: number | [number, number];
  strides: number | [number, number];
  pad: Parameters<typeof tf.backend_util.computePool2DInfo>[4];
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

/** Puts the kernel in the place of the stock one. */
export function replaceMaxPoolGrad(): void {
  // Without this TensorFlow.js prints a warning.
  if (tf.getKernel(tf.MaxPoolGrad, 'wasm') != null) tf.unregisterKernel(tf.MaxPoolGrad, 'wasm');
  tf.registerKernel({
    kernelName: tf.MaxPoolGrad,
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs }) =>
      maxPoolGradient(inputs.input as tf.Tensor4D, inputs.dy as tf.Tensor4D, attrs as unknown as Attributes),
  });
}

/**
 * Gives each window's gradient to its first maximum. Any window, strides and padding, NHWC.
 *
 * @param input Input of the pool, `[batch, height, width, channels]`.
 * @param dy Gradient of its output, `[batch, outHeight, outWidth, channels]`.
 * @returns Gradient of the input, its shape.
 */
export function maxPoolGradient(input: tf.Tensor4D, dy: tf.Tensor4D, attributes: Attributes): tf.Tensor4D {
  const { filterSize, strides, pad, dimRoundingMode } = attributes;
  const info = tf.backend_util.computePool2DInfo(input.shape, filterSize, strides, 1, pad, dimRoundingMode);
  const { inHeight, inWidth, outHeight, outWidth, inChannels, strideHeight, strideWidth } = info;
  const x = input.dataSync<'float32'>();
  const gradients = dy.dataSync<'float32'>();
  const dx = new Float32Array(x.length);
  let at = 0;
  for (let image = 0; image < info.batchSize; image++) {
    for (let row = 0; row < outHeight; row++) {
      const top = row * strideHeight - info.padInfo.top;
      for (let column = 0; column < outWidth; column++) {
        const left = column * strideWidth - info.padInfo.left;
        for (let channel = 0; channel < inChannels; channel++) {
          let largest = -Infinity;
          let place = -1;
          for (let y = Math.max(0, top); y < Math.min(inHeight, top + info.filterHeight); y++) {
            for (let z = Math.max(0, left); z < Math.min(inWidth, left + info.filterWidth); z++) {
              const here = ((image * inHeight + y) * inWidth + z) * inChannels + channel;
              if (x[here] > largest) {
                largest = x[here];
                place = here;
              }
            }
          }
          if (place >= 0) dx[place] += gradients[at];
          at++;
        }
      }
    }
  }
  return tf.tensor4d(dx, input.shape);
}
