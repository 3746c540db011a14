/** Where the shaders of a block find the convolution's values: in a tensor, or by convolving again. */
import * as tf from '@tensorflow/tfjs';
import type { WebGPUBackend } from '../../webgpu/runShader.ts';
import type { BlockSizes } from './blockSizes.ts';

export interface Values {
  /** Names the code. */
  name: string;
  /** Defines `fn value(position : i32, k : i32) -> f32`, position over batch, rows and columns. */
  code: string;
  inputs: Record<string, tf.TensorInfo>;
  constants: Record<string, number>;
  /** What is stored for them; the caller's to free. */
  stored: tf.TensorInfo | undefined;
}

export function convolve(
  backend: WebGPUBackend,
  x: tf.TensorInfo,
  kernel: tf.TensorInfo,
  sizes: BlockSizes,
): Values {
  const { kernelHeight, kernelWidth, top, left } = sizes;
  if (!sizes.storesValues) {
    return {
      name: 'convolved',
      code: convolvedAgain,
      inputs: { x, weights: kernel },
      constants: { KERNEL_HEIGHT: kernelHeight, KERNEL_WIDTH: kernelWidth, TOP: top, LEFT: left },
      stored: undefined,
    };
  }
  const y = runStock(backend, tf.Conv2D, { x, filter: kernel }, {});
  return {
    name: 'stored',
    code: 'fn value(position : i32, k : i32) -> f32 { return y[position * FILTERS + k]; }',
    inputs: { y },
    constants: {},
    stored: y,
  };
}

/** A convolution kernel of TensorFlow.js with the block's stride and padding. */
export function runStock(
  backend: WebGPUBackend,
  kernelName: string,
  inputs: tf.NamedTensorInfoMap,
  attrs: { inputShape?: number[] },
): tf.TensorInfo {
  const { kernelFunc } = tf.getKernel(kernelName, 'webgpu');
  const same = { strides: 1, dilations: 1, pad: 'same', dataFormat: 'NHWC' };
  return kernelFunc({ inputs, backend, attrs: { ...same, ...attrs } }) as tf.TensorInfo;
}

const convolvedAgain = `
fn value(position : i32, k : i32) -> f32 {
  let w = position % uniforms.width;
  let h = position / uniforms.width % uniforms.height;
  var sum = 0.0;
  for (var i = 0; i < KERNEL_HEIGHT; i++) {
    let down = i - TOP;
    if (h + down < 0 || h + down >= uniforms.height) { continue; }
    for (var j = 0; j < KERNEL_WIDTH; j++) {
      let along = j - LEFT;
      if (w + along < 0 || w + along >= uniforms.width) { continue; }
      sum += x[position + down * uniforms.width + along] * weights[(i * KERNEL_WIDTH + j) * FILTERS + k];
    }
  }
  return sum;
}
`;
