/** Keras's convolutions of each channel by itself, and those followed by a mix of channels. */
import * as tf from '@tensorflow/tfjs';
import { readActivation } from './activations.ts';
import { asColumn } from './asColumn.ts';
import { asImage, imageInput, put, requireWeights, turnsKernels, type Item, type LayerImporter, type Value } from './importing.ts'; // prettier-ignore
import { DepthwiseConvolution } from './layers/index.ts';

/** Importers by Keras's class names. */
export const separableConvolutions: Readonly<Record<string, LayerImporter>> = {
  DepthwiseConv2D: onImage(putDepthwise),
  DepthwiseConv1D: (item) => asColumn(item, (x) => putDepthwise(item, x, 1)),
  SeparableConv2D: onImage(putSeparable),
  SeparableConv1D: (item) => asColumn(item, (x) => putSeparable(item, x, 1)),
};

type Rank = 1 | 2;

function onImage(apply: (item: Item, x: tf.SymbolicTensor, rank: Rank) => tf.SymbolicTensor): LayerImporter {
  return (item): Value => {
    const { x, moved } = imageInput(item);
    return asImage(apply(item, x, 2), moved);
  };
}

function putDepthwise(item: Item, x: tf.SymbolicTensor, rank: Rank): tf.SymbolicTensor {
  const { settings, context, layer } = item;
  const { places, ...options } = readDepthwise(item, rank);
  const useBias = settings.boolean('use_bias', true);
  const activation = readActivation(settings);
  const channels = x.shape[3]!;
  const shapes = [[...places, channels, options.depthMultiplier], [channels * options.depthMultiplier]];
  const weights = requireWeights(item, useBias ? shapes : shapes.slice(0, 1));
  const name = context.nameOf(layer);
  if (activation === 'linear') return put(item, new DepthwiseConvolution({ ...options, useBias, name }), x, weights); // prettier-ignore
  const sums = put(item, new DepthwiseConvolution({ ...options, useBias, name: `sums_${name}` }), x, weights);
  return put(item, tf.layers.activation({ activation, name }), sums);
}

function putSeparable(item: Item, x: tf.SymbolicTensor, rank: Rank): tf.SymbolicTensor {
  const { settings, context, layer } = item;
  const { places, ...options } = readDepthwise(item, rank);
  const filters = settings.integer('filters');
  const useBias = settings.boolean('use_bias', true);
  const channels = x.shape[3]!;
  const inner = channels * options.depthMultiplier;
  const shapes = [
    [...places, channels, options.depthMultiplier],
    [...places.map(() => 1), inner, filters],
    [filters],
  ];
  const [kernel, ...mixer] = requireWeights(item, useBias ? shapes : shapes.slice(0, 2));
  const name = context.nameOf(layer);
  const depthwise = new DepthwiseConvolution({ ...options, useBias: false, name: `depthwise_${name}` });
  const activation = readActivation(settings);
  const mix = tf.layers.conv2d({ filters, kernelSize: 1, useBias, activation, name });
  return put(item, mix, put(item, depthwise, x, [kernel]), mixer);
}

function readDepthwise(item: Item, rank: Rank) {
  const { settings, context } = item;
  if (turnsKernels(context)) throw settings.refuse('kernel_size', 'that of a TensorFlow model: Theano has no such layer'); // prettier-ignore
  if (settings.integer('groups', { fallback: 1 }) !== 1) throw settings.refuse('groups', '1');
  const size = settings.pair('kernel_size');
  const strides = settings.pair('strides', { fallback: 1 });
  // as TensorFlow's own kernel; along time the width is 1, and any stride of it the same
  if (strides[0] !== strides[1]) throw settings.refuse('strides', 'the same along both axes');
  const dilation = settings.pair('dilation_rate', { fallback: 1 });
  if (strides[0] !== 1 && dilation.some((rate) => rate !== 1)) {
    throw settings.refuse('strides', '1 where dilation_rate is not');
  }
  return {
    /** The kernel's size as the file's weights have it. */
    places: size.slice(0, rank),
    kernelSize: rank === 1 ? ([size[0], 1] as [number, number]) : size,
    dilationRate: rank === 1 ? ([dilation[0], 1] as [number, number]) : dilation,
    depthMultiplier: settings.integer('depth_multiplier', { fallback: 1 }),
    strides: strides[0],
    padding: settings.oneOf('padding', ['valid', 'same'], 'valid'),
  };
}
