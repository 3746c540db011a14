/** What TensorFlow.js tells the gradient kernels of a convolution. */
import * as tf from '@tensorflow/tfjs';

export interface Conv2dAttributes {
  strides: number | [number, number];
  pad: Parameters<typeof tf.backend_util.computeConv2DInfo>[4];
  dataFormat: string;
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

/** @throws RangeError unless the data format is NHWC. */
export function convolutionInfo(
  kernel: string,
  inputShape: [number, number, number, number],
  filterShape: [number, number, number, number],
  { strides, pad, dataFormat, dimRoundingMode }: Conv2dAttributes,
): ReturnType<typeof tf.backend_util.computeConv2DInfo> {
  if (dataFormat !== 'NHWC') {
    throw new RangeError(
      `${kernel} on wasm: dataFormat must be NHWC, got ${dataFormat}. Transpose to channelsLast first.`,
    );
  }
  return tf.backend_util.computeConv2DInfo(inputShape, filterShape, strides, 1, pad, dimRoundingMode);
}
