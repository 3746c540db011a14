/** A convolution of each channel by itself, with all of its options. */
import * as tf from '@tensorflow/tfjs';
import { only, onlyShape } from '../../../../layers/dataFormat.ts';
import { requireInteger, requireOneOf } from '../../../../layers/dsp/checks.ts';
import type { LayerArgs } from '../../../../layers/layerArgs.ts';

export interface DepthwiseConvolutionArgs extends LayerArgs {
  /** Height and width, >= 1. */
  kernelSize: [number, number];
  /** The same along both axes, >= 1. Default 1. */
  strides?: number;
  /** Distance of the kernel's places, >= 1; 1 where `strides` is not. Default `[1, 1]`. */
  dilationRate?: [number, number];
  /** Outputs of each channel, >= 1. Default 1. */
  depthMultiplier?: number;
  /** `'same'` pads with zeros to `ceil(length / strides)`. Default `'valid'`. */
  padding?: 'valid' | 'same';
  /** Default true. */
  useBias?: boolean;
}

/**
 * Each channel by `depthMultiplier` kernels of its own.
 *
 * Input: `[batch, height, width, channels]`. Output: `[batch, newHeight, newWidth, channels * depthMultiplier]`, those
 * of a channel side by side. Weights in order, zero at first: kernel `[...kernelSize, channels, depthMultiplier]`, bias.
 *
 * Same numbers as DepthwiseConv2D of Keras 2. That of TF.js 4.22 takes no dilation, and its SeparableConv2D is saved
 * without `depthMultiplier`.
 *
 * @throws RangeError if an option is out of its range.
 * @example new DepthwiseConvolution({ kernelSize: [3, 3], padding: 'same' }).apply(tf.zeros([1, 96, 40, 8]))
 */
export class DepthwiseConvolution extends tf.layers.Layer {
  static className = 'DepthwiseConvolution';
  private readonly options: Required<Omit<DepthwiseConvolutionArgs, keyof LayerArgs>>;
  private kernel!: tf.LayerVariable;
  private bias?: tf.LayerVariable;

  constructor(args: DepthwiseConvolutionArgs) {
    const { kernelSize, strides = 1, dilationRate = [1, 1], depthMultiplier = 1, ...others } = args;
    const { padding = 'valid', useBias = true, ...layerArgs } = others;
    super(layerArgs);
    for (const size of kernelSize) requireInteger('DepthwiseConvolution: kernelSize', size, 1);
    for (const rate of dilationRate) requireInteger('DepthwiseConvolution: dilationRate', rate, 1);
    requireInteger('DepthwiseConvolution: strides', strides, 1);
    requireInteger('DepthwiseConvolution: depthMultiplier', depthMultiplier, 1);
    requireOneOf('DepthwiseConvolution: padding', padding, ['valid', 'same']);
    if (strides > 1 && dilationRate.some((rate) => rate > 1)) {
      throw new RangeError(
        `DepthwiseConvolution: strides must be 1 where dilationRate is not, got ${strides} and ` +
          `[${dilationRate.join(', ')}]. Set one of them to 1.`,
      );
    }
    this.options = { kernelSize, strides, dilationRate, depthMultiplier, padding, useBias };
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const channels = onlyShape(inputShape)[3];
    if (channels == null) throw new RangeError('DepthwiseConvolution: the number of channels must be known.');
    const { kernelSize, depthMultiplier, useBias } = this.options;
    const { zeros } = tf.initializers; // a file's weights take their place
    this.kernel = this.addWeight('kernel', [...kernelSize, channels, depthMultiplier], 'float32', zeros());
    if (useBias) this.bias = this.addWeight('bias', [channels * depthMultiplier], 'float32', zeros());
    super.build(inputShape);
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const [batch, height, width, channels] = onlyShape(inputShape);
    const places = [height, width].map((length, axis) => this.outputLength(length, axis));
    return [batch, ...places, channels! * this.options.depthMultiplier];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const { strides, padding, dilationRate } = this.options;
      const x = only(inputs) as tf.Tensor4D;
      const kernel = this.kernel.read() as tf.Tensor4D;
      const output = tf.depthwiseConv2d(x, kernel, strides, padding, 'NHWC', dilationRate);
      return this.bias === undefined ? output : tf.add(output, this.bias.read());
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), ...this.options };
  }

  private outputLength(length: number | null, axis: number): number | null {
    if (length === null) return null;
    const { kernelSize, strides, dilationRate, padding } = this.options;
    const reach = padding === 'same' ? 0 : (kernelSize[axis] - 1) * dilationRate[axis];
    return Math.ceil((length - reach) / strides);
  }
}
tf.serialization.registerClass(DepthwiseConvolution, 'sonotag');
