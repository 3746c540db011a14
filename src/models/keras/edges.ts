/** Keras's layers that add, take away or repeat places of an image or steps of a sequence. */
import * as tf from '@tensorflow/tfjs';
import { asColumn } from './asColumn.ts';
import { asImage, imageInput, plainInput, put, type Item, type LayerImporter } from './importing.ts';
import type { Settings } from './settings.ts';

/** Importers by Keras's class names. */
export const edgeLayers: Readonly<Record<string, LayerImporter>> = {
  ZeroPadding2D: onImage((settings, name) =>
    tf.layers.zeroPadding2d({ padding: readEdges(settings, 'padding'), name }),
  ),
  Cropping2D: onImage((settings, name) =>
    tf.layers.cropping2D({ cropping: readEdges(settings, 'cropping'), name }),
  ),
  UpSampling2D: onImage((settings, name) => {
    // TF.js 4.22 puts the places of its bilinear ones elsewhere than Keras
    const interpolation = settings.oneOf('interpolation', ['nearest'], 'nearest');
    return tf.layers.upSampling2d({ size: settings.pair('size', { fallback: 2 }), interpolation, name });
  }),
  ZeroPadding1D: onColumn((settings, name) =>
    tf.layers.zeroPadding2d({ padding: [readEnds(settings, 'padding'), [0, 0]], name }),
  ),
  Cropping1D: onColumn((settings, name) =>
    tf.layers.cropping2D({ cropping: [readEnds(settings, 'cropping'), [0, 0]], name }),
  ),
  UpSampling1D: onColumn((settings, name) =>
    tf.layers.upSampling2d({ size: [settings.integer('size', { fallback: 2 }), 1], name }),
  ),
  RepeatVector: (item) => {
    const n = item.settings.integer('n');
    const repeat = tf.layers.repeatVector({ n, name: item.context.nameOf(item.layer) });
    return { form: 'plain', x: put(item, repeat, plainInput(item)) };
  },
};

type Create = (settings: Settings, name: string) => tf.layers.Layer;

function createFor({ settings, context, layer }: Item, create: Create): tf.layers.Layer {
  return create(settings, context.nameOf(layer));
}

function onImage(create: Create): LayerImporter {
  return (item) => {
    const { x, moved } = imageInput(item);
    return asImage(put(item, createFor(item, create), x), moved);
  };
}

function onColumn(create: Create): LayerImporter {
  return (item) => asColumn(item, (x) => put(item, createFor(item, create), x));
}

/** One number for all edges, one for each axis, or `[[top, bottom], [left, right]]`. */
function readEdges(settings: Settings, name: string): [[number, number], [number, number]] {
  const value = settings.get(name) ?? 1;
  const axes = Array.isArray(value) ? (value as unknown[]) : [value, value];
  const edges = axes.map((edge) => (Array.isArray(edge) ? (edge as unknown[]) : [edge, edge]));
  if (edges.length !== 2 || !edges.every((edge) => edge.length === 2 && edge.every(isCount))) {
    throw settings.refuse(name, 'whole numbers >= 0 of values at the edges of two axes');
  }
  return edges as [[number, number], [number, number]];
}

/** One number for both ends, or `[before, after]`. */
function readEnds(settings: Settings, name: string): [number, number] {
  const value = settings.get(name) ?? 1;
  const ends = Array.isArray(value) ? (value as unknown[]) : [value, value];
  if (ends.length === 2 && ends.every(isCount)) return ends as [number, number];
  throw settings.refuse(name, 'whole numbers >= 0 of steps at both ends');
}

function isCount(count: unknown): boolean {
  return Number.isInteger(count) && (count as number) >= 0 && (count as number) < 1 << 20;
}
