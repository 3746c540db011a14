/** Our gradient of a convolution by its filter as the kernel of TensorFlow.js on `webgpu`. */
import * as tf from '@tensorflow/tfjs';
import type { WebGPUBackend } from '../../webgpu/runShader.ts';
import { filterGradient, storedGradient } from './filterGradient.ts';

interface Attributes {
  strides: number | [number, number];
  pad: Parameters<typeof tf.backend_util.computeConv2DInfo>[4];
  dataFormat: string;
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
  filterShape: [number, number, number, number];
}

/** Puts the kernel in the place of the stock one, which stays in use for channelsFirst. */
export function replaceConv2dBackpropFilter(): void {
  const stock = tf.getKernel(tf.Conv2DBackpropFilter, 'webgpu');
  tf.unregisterKernel(tf.Conv2DBackpropFilter, 'webgpu');
  tf.registerKernel({
    ...stock,
    kernelFunc: (params) => {
      const { x, dy } = params.inputs as Record<'x' | 'dy', tf.TensorInfo>;
      const attributes = params.attrs as unknown as Attributes;
      if (attributes.dataFormat !== 'NHWC') return stock.kernelFunc(params);
      const { strides, pad, dimRoundingMode, filterShape } = attributes;
      const info = tf.backend_util.computeConv2DInfo(
        x.shape as [number, number, number, number],
        filterShape,
        strides,
        1,
        pad,
        dimRoundingMode,
      );
      const { top, left } = info.padInfo;
      return filterGradient(params.backend as WebGPUBackend, x, storedGradient(dy), {
        ...info,
        ...{ batch: info.batchSize, height: info.inHeight, width: info.inWidth },
        ...{ channels: info.inChannels, filters: info.outChannels, top, left },
      });
    },
  });
}
