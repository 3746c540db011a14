/** The gradients of a depthwise convolution, which the stock `wasm` backend of TensorFlow.js 4.22 lacks. */
import * as tf from '@tensorflow/tfjs';

interface Attributes {
  strides: number | [number, number];
  dilations: number | [number, number];
  pad: Parameters<typeof tf.backend_util.computeConv2DInfo>[4];
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
}
type Shape4D = [number, number, number, number];

/** Registers the two kernels for `wasm` unless that backend has them. */
export function registerDepthwiseGradients(): void {
  if (tf.getKernel(tf.DepthwiseConv2dNativeBackpropFilter, 'wasm') == null) {
    tf.registerKernel({
      kernelName: tf.DepthwiseConv2dNativeBackpropFilter,
      backendName: 'wasm',
      kernelFunc: ({ inputs, attrs }) => {
        const { x, dy } = inputs as unknown as Record<'x' | 'dy', tf.Tensor4D>;
        return depthwiseFilterGradient(x, dy, attrs as unknown as Attributes & { filterShape: Shape4D });
      },
    });
  }
  if (tf.getKernel(tf.DepthwiseConv2dNativeBackpropInput, 'wasm') == null) {
    tf.registerKernel({
      kernelName: tf.DepthwiseConv2dNativeBackpropInput,
      backendName: 'wasm',
      kernelFunc: ({ inputs, attrs }) => {
        const { dy, filter } = inputs as unknown as Record<'dy' | 'filter', tf.Tensor4D>;
        return depthwiseInputGradient(dy, filter, attrs as unknown as Attributes & { inputShape: Shape4D });
      },
    });
  }
}

/**
 * The gradient by the filter, composed of slices, products and sums: one for each tap.
 *
 * @param x Input of the convolution, `[batch, height, width, channels]`.
 * @param dy Gradient of its output, `[batch, outHeight, outWidth, channels * multiplier]`.
 * @returns `[filterHeight, filterWidth, channels, multiplier]`.
 */
export function depthwiseFilterGradient(
  x: tf.Tensor4D,
  dy: tf.Tensor4D,
  attributes: Attributes & { filterShape: Shape4D },
): tf.Tensor4D {
  const { filterShape } = attributes;
  const [, , channels, multiplier] = filterShape;
  const taps = tapsOf(x.shape, filterShape, attributes);
  return tf.tidy(() => {
    const padded = tf.pad(x, taps.padding);
    const gradients = tf.reshape(dy, [-1, channels, multiplier]);
    const sums = taps.places.map(({ begin, end, strides }) => {
      const seen = tf.reshape(tf.stridedSlice(padded, begin, end, strides), [-1, channels, 1]);
      return tf.sum(tf.mul(seen, gradients), 0);
    });
    return tf.reshape(tf.stack(sums), filterShape);
  });
}

/**
 * The gradient by the input: each tap's share, put back where that tap saw it.
 *
 * @param filter `[filterHeight, filterWidth, channels, multiplier]`.
 * @returns `[batch, height, width, channels]`.
 */
export function depthwiseInputGradient(
  dy: tf.Tensor4D,
  filter: tf.Tensor4D,
  attributes: Attributes & { inputShape: Shape4D },
): tf.Tensor4D {
  const { inputShape } = attributes;
  const [batch, height, width, channels] = inputShape;
  const [filterHeight, filterWidth, , multiplier] = filter.shape;
  const taps = tapsOf(inputShape, filter.shape, attributes);
  const { top, left, paddedHeight, paddedWidth, outHeight, outWidth } = taps;
  return tf.tidy(() => {
    const weights = tf.reshape(filter, [filterHeight * filterWidth, channels, multiplier]);
    const gradients = tf.reshape(dy, [-1, channels, multiplier]);
    const shares = taps.places.map(({ begin, strides }, place) => {
      const share = tf.sum(tf.mul(gradients, tf.slice(weights, place, 1)), 2);
      const image = tf.reshape(share, [batch, outHeight, outWidth, channels]) as tf.Tensor4D;
      const spread = spreadPixels(image, [strides[1], strides[2]]);
      const [above, beside] = [begin[1], begin[2]];
      const below = paddedHeight - above - spread.shape[1];
      const behind = paddedWidth - beside - spread.shape[2];
      return tf.pad(spread, [[0, 0], [above, below], [beside, behind], [0, 0]]); // prettier-ignore
    });
    return tf.slice(tf.addN(shares), [0, top, left, 0], [batch, height, width, channels]) as tf.Tensor4D;
  });
}

/** The pixels `strides` apart among zeros. */
function spreadPixels(image: tf.Tensor4D, [down, across]: [number, number]): tf.Tensor4D {
  const [batch, height, width, channels] = image.shape;
  if (down === 1 && across === 1) return image;
  const cells = tf.reshape(image, [batch, height, 1, width, 1, channels]);
  const grid = tf.pad(cells, [[0, 0], [0, 0], [0, down - 1], [0, 0], [0, across - 1], [0, 0]]); // prettier-ignore
  const whole = tf.reshape(grid, [batch, height * down, width * across, channels]) as tf.Tensor4D;
  return tf.slice(whole, 0, [batch, (height - 1) * down + 1, (width - 1) * across + 1, channels]);
}

/** How each tap of the filter sees the padded input: a strided slice. */
function tapsOf(inputShape: Shape4D, filterShape: Shape4D, attributes: Attributes) {
  const { strides, dilations, pad, dimRoundingMode } = attributes;
  const info = tf.backend_util.computeConv2DInfo(
    inputShape,
    filterShape,
    strides,
    dilations,
    pad,
    dimRoundingMode,
    true,
  );
  const { outHeight, outWidth, strideHeight, strideWidth, dilationHeight, dilationWidth } = info;
  const { top, left, bottom, right } = info.padInfo;
  const [batch, height, width, channels] = inputShape;
  const [filterHeight, filterWidth] = filterShape;
  const places = Array.from({ length: filterHeight * filterWidth }, (_, place) => {
    const row = Math.floor(place / filterWidth) * dilationHeight;
    const column = (place % filterWidth) * dilationWidth;
    return {
      begin: [0, row, column, 0],
      end: [
        batch,
        row + (outHeight - 1) * strideHeight + 1,
        column + (outWidth - 1) * strideWidth + 1,
        channels,
      ],
      strides: [1, strideHeight, strideWidth, 1],
    };
  });
  return {
    ...{ places, outHeight, outWidth, top, left },
    padding: [[0, 0], [top, bottom], [left, right], [0, 0]] as [number, number][], // prettier-ignore
    paddedHeight: top + height + bottom,
    paddedWidth: left + width + right,
  };
}
