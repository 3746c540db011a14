/** Keras's convolutions as those of TensorFlow.js. */
import * as tf from '@tensorflow/tfjs';
import { InputError } from '../../errors.ts';
import { readActivation } from './activations.ts';
import {
  asImage,
  channelsFirst,
  imageInput,
  plainInput,
  put,
  requireWeights,
  turnKernel,
  turnsKernels,
  type Item,
  type Value,
} from './importing.ts';

export function importConv2d(item: Item): Value {
  const { settings, context, layer } = item;
  const { x, moved } = imageInput(item);
  const { kernelSize, kernel, bias, filters } = readConvolution(item, x.shape[3]!, 2);
  const padding = settings.oneOf('padding', ['valid', 'same'], 'valid');
  const convolution = tf.layers.conv2d({
    filters,
    kernelSize,
    strides: settings.pair('strides', { fallback: 1 }),
    dilationRate: settings.pair('dilation_rate', { fallback: 1 }),
    padding,
    activation: readActivation(settings),
    useBias: bias !== undefined,
    name: context.nameOf(layer),
  });
  return asImage(put(item, convolution, x, bias ? [kernel, bias] : [kernel]), moved);
}

export function importConv1d(item: Item): Value {
  const { settings, context, layer } = item;
  if (channelsFirst(settings)) throw settings.refuse('data_format', 'channels_last');
  const x = plainInput(item);
  if (x.rank !== 3) throw new InputError(`${settings.where}: takes rank 3, got [${x.shape.join(', ')}].`);
  const { kernelSize, kernel, bias, filters } = readConvolution(item, x.shape[2]!, 1);
  const padding = settings.oneOf('padding', ['valid', 'same'], 'valid'); // TF.js 4.22 has no causal padding
  const convolution = tf.layers.conv1d({
    filters,
    kernelSize: kernelSize[0],
    strides: settings.pair('strides', { fallback: 1 })[0],
    dilationRate: settings.pair('dilation_rate', { fallback: 1 })[0],
    padding,
    activation: readActivation(settings),
    useBias: bias !== undefined,
    name: context.nameOf(layer),
  });
  return { form: 'plain', x: put(item, convolution, x, bias ? [kernel, bias] : [kernel]) };
}

/** Kernel, as a cross-correlation takes it, and bias of a convolution over `rank` axes. */
export function readConvolution(
  item: Item,
  channels: number,
  rank: 1 | 2,
): { filters: number; kernelSize: [number, number]; kernel: Float32Array; bias?: Float32Array } {
  const { settings, context } = item;
  const filters = settings.integer('filters');
  const kernelSize = settings.pair('kernel_size');
  if (settings.integer('groups', { fallback: 1 }) !== 1) throw settings.refuse('groups', '1');
  const places = kernelSize.slice(0, rank);
  const shapes = [[...places, channels, filters], [filters]];
  const [kernel, bias] = requireWeights(
    item,
    settings.boolean('use_bias', true) ? shapes : shapes.slice(0, 1),
  );
  if (!turnsKernels(context)) return { filters, kernelSize, kernel, bias };
  const sameIsSame = places.every((size) => size % 2 === 1) && settings.pair('strides', { fallback: 1 }).every((s) => s === 1); // prettier-ignore
  if (settings.get('padding') === 'same' && !sameIsSame) {
    throw settings.refuse('padding', "'valid', or odd kernels of stride 1: Theano pads others differently");
  }
  const count = places.reduce((product, size) => product * size, 1);
  return { filters, kernelSize, kernel: turnKernel(kernel, count), bias };
}
