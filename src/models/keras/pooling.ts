/** Keras's pools, over images and along time. */
import * as tf from '@tensorflow/tfjs';
import { asColumn, sequenceInput } from './asColumn.ts';
import { asImage, imageInput, put, type Item, type LayerImporter } from './importing.ts';

/** Importers by Keras's class names. */
export const poolingLayers: Readonly<Record<string, LayerImporter>> = {
  MaxPooling2D: pool2d((options) => tf.layers.maxPooling2d(options)),
  AveragePooling2D: pool2d((options) => tf.layers.averagePooling2d(options)),
  GlobalMaxPooling2D: globalPool2d((name) =>
    tf.layers.globalMaxPooling2d({ dataFormat: 'channelsLast', name }),
  ),
  GlobalAveragePooling2D: globalPool2d((name) =>
    tf.layers.globalAveragePooling2d({ dataFormat: 'channelsLast', name }),
  ),
  MaxPooling1D: pool1d((options) => tf.layers.maxPooling2d(options)),
  AveragePooling1D: pool1d((options) => tf.layers.averagePooling2d(options)),
  GlobalMaxPooling1D: globalPool1d((name) => tf.layers.globalMaxPooling1d({ name })),
  GlobalAveragePooling1D: globalPool1d((name) => tf.layers.globalAveragePooling1d({ name })),
};

interface PoolOptions {
  poolSize: [number, number];
  strides: [number, number];
  padding: 'valid' | 'same';
  name: string;
}

function pool2d(create: (options: PoolOptions) => tf.layers.Layer): LayerImporter {
  return (item) => {
    const { settings } = item;
    const { x, moved } = imageInput(item);
    const poolSize = settings.pair('pool_size', { fallback: 2 });
    const strides = settings.get('strides') == null ? poolSize : settings.pair('strides');
    return asImage(put(item, create({ poolSize, strides, ...readRest(item) }), x), moved);
  };
}

/** As an image, so that features can be taken from it as from every map. */
function pool1d(create: (options: PoolOptions) => tf.layers.Layer): LayerImporter {
  return (item) => {
    const { settings } = item;
    const [size] = settings.pair('pool_size', { fallback: 2 });
    const stride = settings.get('strides') == null ? size : settings.pair('strides')[0];
    const pool = create({ poolSize: [size, 1], strides: [stride, 1], ...readRest(item) });
    return asColumn(item, (x) => put(item, pool, x));
  };
}

function readRest({ settings, context, layer }: Item): Pick<PoolOptions, 'padding' | 'name'> {
  return {
    padding: settings.oneOf('padding', ['valid', 'same'], 'valid'),
    name: context.nameOf(layer),
  };
}

function globalPool2d(create: (name: string) => tf.layers.Layer): LayerImporter {
  return (item) => {
    if (item.settings.boolean('keepdims', false)) throw item.settings.refuse('keepdims', 'false');
    const { x } = imageInput(item);
    return { form: 'plain', x: put(item, create(item.context.nameOf(item.layer)), x) };
  };
}

function globalPool1d(create: (name: string) => tf.layers.Layer): LayerImporter {
  return (item) => {
    if (item.settings.boolean('keepdims', false)) throw item.settings.refuse('keepdims', 'false');
    const x = sequenceInput(item);
    return { form: 'plain', x: put(item, create(item.context.nameOf(item.layer)), x) };
  };
}
