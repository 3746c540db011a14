/** The gradient of a convolution by its filter, which the stock `wasm` backend of TensorFlow.js 4.22 lacks. */
import * as tf from '@tensorflow/tfjs';

interface Attributes {
  strides: number | [number, number];
  pad: Parameters<typeof tf.backend_util.computeConv2DInfo>[4];
  dataFormat: string;
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
  filterShape: [number, number, number, number];
}

/** Registers the kernel for `wasm` unless that backend has one. */
export function registerConv2dBackpropFilter(): void {
  if (tf.getKernel(tf.Conv2DBackpropFilter, 'wasm') != null) return;
  tf.registerKernel({
    kernelName: tf.Conv2DBackpropFilter,
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs }) =>
      conv2dBackpropFilter(inputs.x as tf.Tensor4D, inputs.dy as tf.Tensor4D, attrs as unknown as Attributes),
  });
}

/**
 * The gradient by the filter, composed of slices and matrix products: for each tap of the filter, the input as that
 * tap saw it, `[inChannels, positions]`, times `dy`, `[positions, outChannels]`. Any strides and padding, NHWC.
 *
 * @param x Input of the convolution, `[batch, height, width, inChannels]`.
 * @param dy Gradient of its output, `[batch, outHeight, outWidth, outChannels]`.
 * @returns `[filterHeight, filterWidth, inChannels, outChannels]`.
 * @throws RangeError unless the data format is NHWC.
 */
export function conv2dBackpropFilter(x: tf.Tensor4D, dy: tf.Tensor4D, attributes: Attributes): tf.Tensor4D {
  const { strides, pad, dataFormat, dimRoundingMode, filterShape } = attributes;
  if (dataFormat !== 'NHWC') {
    throw new RangeError(
      `Conv2DBackpropFilter on wasm: dataFormat must be NHWC, got ${dataFormat}. Transpose to channelsLast first.`,
    );
  }
  const { padInfo, strideHeight, strideWidth, outHeight, outWidth } = tf.backend_util.computeConv2DInfo(
    x.shape,
    filterShape,
    strides,
    1,
    pad,
    dimRoundingMode,
  );
  const [filterHeight, filterWidth, inChannels, outChannels] = filterShape;
  const { top, bottom, left, right } = padInfo;
  return tf.tidy(() => {
    const padded = tf.pad(x, [[0, 0], [top, bottom], [left, right], [0, 0]]); // prettier-ignore
    // Channels first, once: every tap is then a slice. matMul's transposeA is five times slower on wasm.
    const planes = tf.transpose(padded, [3, 0, 1, 2]);
    const dyRows = tf.reshape(dy, [-1, outChannels]);
    const taps: tf.Tensor[] = [];
    for (let row = 0; row < filterHeight; row++) {
      for (let column = 0; column < filterWidth; column++) {
        // TF.js 4.22: stridedSlice clips an end beyond the last element, so the end may lie past it.
        const seen = tf.stridedSlice(
          planes,
          [0, 0, row, column],
          [
            inChannels,
            x.shape[0],
            row + (outHeight - 1) * strideHeight + 1,
            column + (outWidth - 1) * strideWidth + 1,
          ],
          [1, 1, strideHeight, strideWidth],
        );
        taps.push(tf.matMul(tf.reshape(seen, [inChannels, -1]), dyRows));
        seen.dispose();
      }
    }
    return tf.reshape(tf.stack(taps), filterShape);
  });
}
