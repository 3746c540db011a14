/** Keras's own layers as those of TensorFlow.js. */
import * as tf from '@tensorflow/tfjs';
import { readActivation } from './activations.ts';
import { importBatchNorm, movedAxes, readAxis } from './batchNormalization.ts';
import { importConv1d, importConv2d } from './convolutions.ts';
import {
  asImage,
  channelsFirst,
  imageInput,
  onlyInput,
  plainInput,
  put,
  requireWeights,
  toPlain,
  type Item,
  type LayerImporter,
  type Value,
} from './importing.ts';
import { recurrentLayers } from './recurrentLayers.ts';
import type { Settings } from './settings.ts';

/** Importers by Keras's class names. */
export const coreLayers: Readonly<Record<string, LayerImporter>> = {
  Conv2D: importConv2d,
  Conv1D: importConv1d,
  Dense: importDense,
  BatchNormalization: importBatchNorm,
  Activation: ofEach((settings, name) => {
    const activation = readActivation(settings);
    if (activation === 'softmax') return undefined; // along the last axis as Keras has it
    return tf.layers.activation({ activation, name });
  }),
  Softmax: (item) => softmax(item, item.settings.number('axis', -1)),
  ELU: ofEach((settings, name) => tf.layers.elu({ alpha: settings.number('alpha', 1), name })),
  ReLU: ofEach((settings, name) => {
    if (settings.number('negative_slope', 0) !== 0) throw settings.refuse('negative_slope', '0');
    if (settings.number('threshold', 0) !== 0) throw settings.refuse('threshold', '0');
    const maxValue = settings.get('max_value') == null ? undefined : settings.number('max_value');
    return tf.layers.reLU({ maxValue, name });
  }),
  LeakyReLU: ofEach((settings, name) => {
    const alpha = settings.number(settings.get('negative_slope') == null ? 'alpha' : 'negative_slope', 0.3);
    return tf.layers.leakyReLU({ alpha, name });
  }),
  MaxPooling2D: pool2d((options) => tf.layers.maxPooling2d(options)),
  AveragePooling2D: pool2d((options) => tf.layers.averagePooling2d(options)),
  GlobalMaxPooling2D: globalPool2d((name) =>
    tf.layers.globalMaxPooling2d({ dataFormat: 'channelsLast', name }),
  ),
  GlobalAveragePooling2D: globalPool2d((name) =>
    tf.layers.globalAveragePooling2d({ dataFormat: 'channelsLast', name }),
  ),
  ZeroPadding2D: (item) => {
    const { x, moved } = imageInput(item);
    const padding = readEdges(item.settings, 'padding');
    const name = item.context.nameOf(item.layer);
    return asImage(put(item, tf.layers.zeroPadding2d({ padding, name }), x), moved);
  },
  Cropping2D: (item) => {
    const { x, moved } = imageInput(item);
    const cropping = readEdges(item.settings, 'cropping');
    const name = item.context.nameOf(item.layer);
    return asImage(put(item, tf.layers.cropping2D({ cropping, name }), x), moved);
  },
  Flatten: (item) => {
    // with channels first, Keras moves them last before it flattens
    const x = channelsFirst(item.settings) ? imageInput(item).x : plainInput(item);
    return { form: 'plain', x: put(item, tf.layers.flatten({ name: item.context.nameOf(item.layer) }), x) };
  },
  Reshape: (item) => {
    const targetShape = item.settings.list('target_shape') as number[];
    return plain(item, (name) => tf.layers.reshape({ targetShape, name }));
  },
  Permute: (item) => {
    const dims = item.settings.list('dims') as number[];
    return plain(item, (name) => tf.layers.permute({ dims, name }));
  },
  Dropout: ofEach((settings, name) => tf.layers.dropout({ rate: settings.number('rate'), name })),
  GaussianNoise: ofEach((settings, name) =>
    tf.layers.gaussianNoise({ stddev: settings.number('stddev'), name }),
  ),
  // what it drops while training is whole channels, which TF.js has no layer for; outside training it does nothing
  SpatialDropout2D: onlyInput,
  Concatenate: importConcatenate,
  Add: merge((name) => tf.layers.add({ name })),
  Multiply: merge((name) => tf.layers.multiply({ name })),
  Average: merge((name) => tf.layers.average({ name })),
  Maximum: merge((name) => tf.layers.maximum({ name })),
  ...recurrentLayers,
};

function importDense(item: Item): Value {
  const { settings } = item;
  const x = plainInput(item);
  const units = settings.integer('units');
  const useBias = settings.boolean('use_bias', true);
  const shapes = [[x.shape.at(-1)!, units], [units]];
  const weights = requireWeights(item, useBias ? shapes : shapes.slice(0, 1));
  const activation = readActivation(settings);
  const name = item.context.nameOf(item.layer);
  return {
    form: 'plain',
    x: put(item, tf.layers.dense({ units, useBias, activation, name }), x, weights),
  };
}

interface PoolOptions {
  poolSize: [number, number];
  strides: [number, number];
  padding: 'valid' | 'same';
  name: string;
}

function pool2d(create: (options: PoolOptions) => tf.layers.Layer): LayerImporter {
  return (item) => {
    const { settings, context, layer } = item;
    const { x, moved } = imageInput(item);
    const poolSize = settings.pair('pool_size', { fallback: 2 });
    const strides = settings.get('strides') == null ? poolSize : settings.pair('strides');
    const padding = settings.oneOf('padding', ['valid', 'same'], 'valid');
    return asImage(put(item, create({ poolSize, strides, padding, name: context.nameOf(layer) }), x), moved);
  };
}

function globalPool2d(create: (name: string) => tf.layers.Layer): LayerImporter {
  return (item) => {
    if (item.settings.boolean('keepdims', false)) throw item.settings.refuse('keepdims', 'false');
    const { x } = imageInput(item);
    return { form: 'plain', x: put(item, create(item.context.nameOf(item.layer)), x) };
  };
}

/** A layer that treats every value alike, so that the axes may lie in any order; undefined where it does not. */
function ofEach(create: (settings: Settings, name: string) => tf.layers.Layer | undefined): LayerImporter {
  return (item) => {
    const value = onlyInput(item);
    const layer = create(item.settings, item.context.nameOf(item.layer));
    if (layer === undefined) return softmax(item, -1);
    if (value.form === 'moved') return { form: 'moved', x: put(item, layer, value.x) };
    return { form: 'plain', x: put(item, layer, toPlain(value, item)) };
  };
}

function softmax(item: Item, axis: number): Value {
  return plain(item, (name) => tf.layers.softmax({ axis, name }));
}

function plain(item: Item, create: (name: string) => tf.layers.Layer): Value {
  const x = plainInput(item);
  return { form: 'plain', x: put(item, create(item.context.nameOf(item.layer)), x) };
}

function importConcatenate(item: Item): Value {
  const { inputs, settings, context, layer } = item;
  const allMoved = inputs.every(({ form }) => form === 'moved');
  const tensors = inputs.map((value) => (allMoved ? value.x : toPlain(value, item)));
  const given = readAxis(settings, tensors[0].rank);
  const axis = allMoved ? movedAxes[given] : given;
  return asImage(put(item, tf.layers.concatenate({ axis, name: context.nameOf(layer) }), tensors), allMoved);
}

function merge(create: (name: string) => tf.layers.Layer): LayerImporter {
  return (item) => {
    const allMoved = item.inputs.every(({ form }) => form === 'moved');
    const tensors = item.inputs.map((value) => (allMoved ? value.x : toPlain(value, item)));
    return asImage(put(item, create(item.context.nameOf(item.layer)), tensors), allMoved);
  };
}

/** One number for all edges, one for each axis, or `[[top, bottom], [left, right]]`. */
function readEdges(settings: Settings, name: string): [[number, number], [number, number]] {
  const value = settings.get(name) ?? 1;
  const axes = Array.isArray(value) ? (value as unknown[]) : [value, value];
  const edges = axes.map((edge) => (Array.isArray(edge) ? (edge as unknown[]) : [edge, edge]));
  const isCount = (count: unknown) => Number.isInteger(count) && (count as number) >= 0 && (count as number) < 1 << 20; // prettier-ignore
  if (edges.length !== 2 || !edges.every((edge) => edge.length === 2 && edge.every(isCount))) {
    throw settings.refuse(name, 'whole numbers >= 0 of values at the edges of two axes');
  }
  return edges as [[number, number], [number, number]];
}
