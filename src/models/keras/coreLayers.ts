/** Keras's own layers as those of TensorFlow.js. */
import * as tf from '@tensorflow/tfjs';
import { readActivation } from './activations.ts';
import { importBatchNorm, movedAxes, readAxis } from './batchNormalization.ts';
import { importConv1d, importConv2d, importConv2dTranspose } from './convolutions.ts';
import { edgeLayers } from './edges.ts';
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
import { importLayerNorm } from './layerNormalization.ts';
import { normalizationLayers } from './normalization.ts';
import { poolingLayers } from './pooling.ts';
import { importPrelu } from './prelu.ts';
import { recurrentLayers } from './recurrentLayers.ts';
import { separableConvolutions } from './separableConvolutions.ts';
import type { Settings } from './settings.ts';
import { timeDistributed } from './timeDistributed.ts';

/** Those that work along the last axis, or on each value, however many axes come before. */
const ofEachStep: Readonly<Record<string, LayerImporter>> = {
  Dense: importDense,
  Activation: ofEach((settings, name) => {
    const activation = readActivation(settings);
    if (activation === 'softmax') return undefined; // along the last axis as Keras has it
    return tf.layers.activation({ activation, name });
  }),
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
  ThresholdedReLU: ofEach((settings, name) =>
    tf.layers.thresholdedReLU({ theta: settings.number('theta', 1), name }),
  ),
  Dropout: ofEach((settings, name) => tf.layers.dropout({ rate: settings.number('rate'), name })),
  GaussianNoise: ofEach((settings, name) =>
    tf.layers.gaussianNoise({ stddev: settings.number('stddev'), name }),
  ),
  GaussianDropout: ofEach((settings, name) =>
    tf.layers.gaussianDropout({ rate: settings.number('rate'), name }),
  ),
  AlphaDropout: ofEach((settings, name) => tf.layers.alphaDropout({ rate: settings.number('rate'), name })),
};

/** Importers by Keras's class names. */
export const coreLayers: Readonly<Record<string, LayerImporter>> = {
  ...ofEachStep,
  TimeDistributed: timeDistributed(ofEachStep),
  Conv2D: importConv2d,
  Conv2DTranspose: importConv2dTranspose,
  Conv1D: importConv1d,
  BatchNormalization: importBatchNorm,
  LayerNormalization: importLayerNorm,
  Softmax: (item) => softmax(item, item.settings.number('axis', -1)),
  PReLU: importPrelu,
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
  // what these drop while training is whole channels, which TF.js has no layer for; outside training they do nothing
  SpatialDropout1D: onlyInput,
  SpatialDropout2D: onlyInput,
  ActivityRegularization: onlyInput, // a part of the loss alone
  Concatenate: importConcatenate,
  Add: merge((name) => tf.layers.add({ name })),
  Multiply: merge((name) => tf.layers.multiply({ name })),
  Average: merge((name) => tf.layers.average({ name })),
  Maximum: merge((name) => tf.layers.maximum({ name })),
  Minimum: merge((name) => tf.layers.minimum({ name })),
  ...normalizationLayers,
  ...poolingLayers,
  ...edgeLayers,
  ...separableConvolutions,
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
