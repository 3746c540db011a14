/** Keras's convolutions as those of TensorFlow.js. */
import * as tf from '@tensorflow/tfjs';
import { readActivation } from './activations.ts';
import { asColumn, sequenceInput } from './asColumn.ts';
import {
  asImage,
  imageInput,
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
  const x = sequenceInput(item);
  const { kernelSize, kernel, bias, filters } = readConvolution(item, x.shape[2]!, 1);
  const padding = settings.oneOf('padding', ['valid', 'same', 'causal'], 'valid');
  const [strides] = settings.pair('strides', { fallback: 1 });
  const [dilationRate] = settings.pair('dilation_rate', { fallback: 1 });
  const options = {
    filters,
    activation: readActivation(settings),
    useBias: bias !== undefined,
    name: context.nameOf(layer),
  };
  const weights = bias ? [kernel, bias] : [kernel];
  if (padding !== 'causal') {
    const convolution = tf.layers.conv1d({
      ...options,
      kernelSize: kernelSize[0],
      strides,
      dilationRate,
      padding,
    });
    return { form: 'plain', x: put(item, convolution, x, weights) };
  }
  // TF.js 4.22 refuses causal padding: zeros before the first step, and none after the last
  const before = (kernelSize[0] - 1) * dilationRate;
  return asColumn(item, (image) => {
    const padding: [[number, number], [number, number]] = [[before, 0], [0, 0]]; // prettier-ignore
    const convolution = tf.layers.conv2d({
      ...options,
      kernelSize: [kernelSize[0], 1],
      strides: [strides, 1],
      dilationRate: [dilationRate, 1],
      padding: 'valid',
    });
    return put(item, convolution, put(item, tf.layers.zeroPadding2d({ padding }), image), weights);
  });
}

export function importConv2dTranspose(item: Item): Value {
  const { settings, context, layer } = item;
  const { x, moved } = imageInput(item);
  if (turnsKernels(context)) throw settings.refuse('kernel_size', 'that of a TensorFlow model'); // prettier-ignore
  if (settings.get('output_padding') != null) throw settings.refuse('output_padding', 'null');
  if (settings.pair('dilation_rate', { fallback: 1 }).some((rate) => rate !== 1)) throw settings.refuse('dilation_rate', '1'); // prettier-ignore
  if (settings.integer('groups', { fallback: 1 }) !== 1) throw settings.refuse('groups', '1');
  const filters = settings.integer('filters');
  const kernelSize = settings.pair('kernel_size');
  const useBias = settings.boolean('use_bias', true);
  const shapes = [[...kernelSize, filters, x.shape[3]!], [filters]];
  const weights = requireWeights(item, useBias ? shapes : shapes.slice(0, 1));
  const padding = settings.oneOf('padding', ['valid', 'same'], 'valid');
  const convolution = tf.layers.conv2dTranspose({
    filters,
    kernelSize,
    useBias,
    strides: settings.pair('strides', { fallback: 1 }),
    padding,
    activation: readActivation(settings),
    name: context.nameOf(layer),
  });
  return asImage(put(item, convolution, x, weights), moved);
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
