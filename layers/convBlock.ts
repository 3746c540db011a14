/** One stage of the compact convnet as one layer: conv ▸ batch norm ▸ activation ▸ max-pool. */
import * as tf from '@tensorflow/tfjs';
import { requireInteger, requireOneOf, requirePositive } from './dsp/checks.ts';
import { convBlockInference, convBlockTraining } from './kernels/convBlock/index.ts';
import type { ConvBlockActivation, ConvBlockShape } from './kernels/convBlock/shape.ts';
import { convBlockActivations } from './kernels/convBlock/shape.ts';
import type { LayerArgs } from './layerArgs.ts';

const initializers = [
  'heNormal',
  'heUniform',
  'glorotNormal',
  'glorotUniform',
  'leCunNormal',
  'zeros',
] as const;
export type ConvBlockInitializer = (typeof initializers)[number];

export interface ConvBlockArgs extends LayerArgs {
  /** Output channels, >= 1. */
  filters: number;
  /** Height and width of the kernel, odd; one number for both. Default 3. */
  kernelSize?: number | [number, number];
  /** Max-pool along height and width (frames and bins of a spectrogram), each >= 1. */
  poolSize: [number, number];
  /** Never decreasing, so that the pool may come before it. Default 'elu'. */
  activation?: ConvBlockActivation;
  /** Added to the variance, > 0. Default 1e-3, as in Keras. */
  epsilon?: number;
  /** Share of the moving statistics kept at each training step, in [0, 1]. Default 0.99, as in Keras. */
  momentum?: number;
  /** Default 'heNormal'. */
  kernelInitializer?: ConvBlockInitializer;
  /** Seed of the initializer, an integer; null draws anew each time. Default null. */
  seed?: number | null;
}

/**
 * Convolution (stride 1, zero padding to the same size), batch norm, activation and max-pool.
 *
 * Input: `[batch, height, width, channels]`, for a spectrogram `[batch, frames, bins, channels]`.
 * Output: `[batch, floor(height / poolSize[0]), floor(width / poolSize[1]), filters]`.
 * Weights in order: kernel, bias, gamma, beta, movingMean, movingVariance; the last two are not trained. The bias
 * never changes while training: the batch norm takes away what it adds. It is there for weights made elsewhere.
 *
 * Same numbers as Keras's Conv2D ▸ BatchNormalization ▸ Activation ▸ MaxPooling2D, the moving variance being the
 * biased one; a frozen layer (`trainable = false`) uses its moving statistics also in training, as in Keras 2.
 * The stage of Choi et al., "Transfer Learning for Music Classification and Regression Tasks", arXiv:1703.09179.
 *
 * @throws RangeError if an option is out of its range.
 * @example new ConvBlock({ filters: 32, poolSize: [4, 2], seed: 1 }).apply(melSpectrogram)
 */
export class ConvBlock extends tf.layers.Layer {
  static className = 'ConvBlock';
  private readonly filters: number;
  private readonly kernelSize: [number, number];
  private readonly shape: ConvBlockShape;
  private readonly momentum: number;
  private readonly kernelInitializer: ConvBlockInitializer;
  private readonly seed: number | null;
  private kernel!: tf.LayerVariable;
  private bias!: tf.LayerVariable;
  private gamma!: tf.LayerVariable;
  private beta!: tf.LayerVariable;
  private movingMean!: tf.LayerVariable;
  private movingVariance!: tf.LayerVariable;

  constructor({
    filters,
    kernelSize = 3,
    poolSize,
    activation = 'elu',
    epsilon = 1e-3,
    momentum = 0.99,
    kernelInitializer = 'heNormal',
    seed = null,
    ...layerArgs
  }: ConvBlockArgs) {
    super(layerArgs);
    requireInteger('ConvBlock: filters', filters, 1);
    this.filters = filters;
    this.kernelSize = typeof kernelSize === 'number' ? [kernelSize, kernelSize] : [...kernelSize];
    for (const size of this.kernelSize) {
      if (!(Number.isInteger(size) && size >= 1 && size % 2 === 1)) {
        throw new RangeError(
          `ConvBlock: kernelSize must be odd and >= 1, got ${String(kernelSize)}. Use 1, 3, 5, ...`,
        );
      }
    }
    if (!Array.isArray(poolSize) || poolSize.length !== 2) {
      throw new RangeError(
        `ConvBlock: poolSize must be [height, width], got ${String(poolSize)}. Pass e.g. [4, 2].`,
      );
    }
    for (const size of poolSize) requireInteger('ConvBlock: poolSize', size, 1);
    requireOneOf('ConvBlock: activation', activation, convBlockActivations);
    requireOneOf('ConvBlock: kernelInitializer', kernelInitializer, initializers);
    requirePositive('ConvBlock: epsilon', epsilon);
    if (!(momentum >= 0 && momentum <= 1)) {
      throw new RangeError(`ConvBlock: momentum must lie in [0, 1], got ${momentum}. Use 0.99.`);
    }
    this.shape = { poolSize: [...poolSize], activation, epsilon };
    this.momentum = momentum;
    this.kernelInitializer = kernelInitializer;
    this.seed = seed;
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const channels = requireImage(inputShape)[3];
    if (channels == null) {
      throw new RangeError(
        'ConvBlock: the number of input channels must be known. Give the input a last dimension.',
      );
    }
    const { zeros, ones } = tf.initializers;
    const initializer = tf.initializers[this.kernelInitializer]({ seed: this.seed ?? undefined });
    const weight = (name: string, shape: tf.Shape, start: ReturnType<typeof zeros>, trainable = true) =>
      this.addWeight(name, shape, 'float32', start, undefined, trainable);
    this.kernel = weight('kernel', [...this.kernelSize, channels, this.filters], initializer);
    this.bias = weight('bias', [this.filters], zeros());
    this.gamma = weight('gamma', [this.filters], ones());
    this.beta = weight('beta', [this.filters], zeros());
    this.movingMean = weight('movingMean', [this.filters], zeros(), false);
    this.movingVariance = weight('movingVariance', [this.filters], ones(), false);
    super.build(inputShape);
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const [batch, height, width] = requireImage(inputShape);
    const [poolHeight, poolWidth] = this.shape.poolSize;
    return [batch, pooled(height, poolHeight), pooled(width, poolWidth), this.filters];
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: { training?: boolean }): tf.Tensor {
    return tf.tidy(() => {
      this.invokeCallHook(inputs, kwargs);
      const x = (Array.isArray(inputs) ? inputs[0] : inputs) as tf.Tensor4D;
      const kernel = this.kernel.read() as tf.Tensor4D;
      const vector = (variable: tf.LayerVariable) => variable.read() as tf.Tensor1D;
      const [bias, gamma, beta] = [vector(this.bias), vector(this.gamma), vector(this.beta)];
      if (!(kwargs.training === true && this.trainable)) {
        const [mean, variance] = [vector(this.movingMean), vector(this.movingVariance)];
        return convBlockInference(x, kernel, bias, gamma, beta, mean, variance, this.shape);
      }
      const { output, mean, variance } = convBlockTraining(x, kernel, bias, gamma, beta, this.shape);
      this.updateMoving(this.movingMean, mean);
      this.updateMoving(this.movingVariance, variance);
      return output;
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return {
      ...super.getConfig(),
      filters: this.filters,
      kernelSize: [...this.kernelSize],
      ...this.shape,
      poolSize: [...this.shape.poolSize],
      momentum: this.momentum,
      kernelInitializer: this.kernelInitializer,
      seed: this.seed,
    };
  }

  private updateMoving(moving: tf.LayerVariable, batch: tf.Tensor1D): void {
    const { momentum } = this;
    tf.tidy(() => {
      moving.write(tf.add(tf.mul(moving.read(), momentum), tf.mul(batch, 1 - momentum)));
    });
  }
}
tf.serialization.registerClass(ConvBlock, 'sonotag');

function pooled(length: number | null, poolSize: number): number | null {
  return length == null ? null : Math.floor(length / poolSize);
}

function requireImage(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
  const shape = (Array.isArray(inputShape[0]) ? inputShape[0] : inputShape) as tf.Shape;
  if (shape.length !== 4) {
    throw new RangeError(
      `ConvBlock: the input must be [batch, height, width, channels], got [${shape.join(', ')}]. ` +
        'Add a channel dimension to a spectrogram.',
    );
  }
  return shape;
}
