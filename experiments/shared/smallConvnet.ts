/** The net of the studies that compare many trainings: a compact convnet made small, on finished maps. */
import * as tf from '@tensorflow/tfjs';
import { ConvBlock, type SpectralWhitening } from '../../layers/index.ts';

export interface SmallConvnetOptions {
  nFrames: number;
  nBands: number;
  /** Frames and bands that each block pools; their products are `nFrames` and `nBands`. */
  pools: readonly [number, number][];
  /** Channels of every block. */
  filters: number;
  nTags: number;
  /** Softmax in place of sigmoids. */
  exclusive: boolean;
  seed: number;
  /** First layer. */
  standardize: SpectralWhitening;
}

/** @returns flat maps `[batch, nFrames · nBands]` to probabilities `[batch, nTags]`, with a layer named `logits` before them */
export function createSmallConvnet(options: SmallConvnetOptions): tf.LayersModel {
  const { nFrames, nBands, pools, filters, nTags, exclusive, seed, standardize } = options;
  const input = tf.input({ shape: [nFrames * nBands] });
  let x = tf.layers.reshape({ targetShape: [nFrames, nBands, 1] }).apply(input) as tf.SymbolicTensor;
  x = standardize.apply(x) as tf.SymbolicTensor;
  pools.forEach((poolSize, block) => {
    const layer = new ConvBlock({ filters, poolSize, momentum: 0.9, seed: seed * 100 + block });
    x = layer.apply(x) as tf.SymbolicTensor;
  });
  x = tf.layers.flatten().apply(x) as tf.SymbolicTensor;
  const kernelInitializer = tf.initializers.glorotUniform({ seed: seed * 100 + 99 });
  x = tf.layers.dense({ units: nTags, kernelInitializer, name: 'logits' }).apply(x) as tf.SymbolicTensor;
  const activation = exclusive ? 'softmax' : 'sigmoid';
  return tf.model({
    inputs: input,
    outputs: tf.layers.activation({ activation }).apply(x) as tf.SymbolicTensor,
  });
}
