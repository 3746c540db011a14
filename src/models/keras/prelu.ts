/** Keras's PReLU. */
import * as tf from '@tensorflow/tfjs';
import { plainInput, put, requireWeights, type Item, type Value } from './importing.ts';

export function importPrelu(item: Item): Value {
  const { settings, context, layer } = item;
  const x = plainInput(item);
  const sharedAxes = settings.get('shared_axes') == null ? [] : (settings.list('shared_axes') as number[]);
  // TF.js 4.22 on wasm repeats the slopes end to end, which is right where the axes that share them come first
  if (!sharedAxes.every((axis, at) => axis === at + 1 && axis < x.rank)) {
    throw settings.refuse('shared_axes', 'null or the first axes, such as [1, 2] of an image');
  }
  const shape = x.shape.slice(1).map((length, at) => (at < sharedAxes.length ? 1 : length));
  const weights = requireWeights(item, [shape]);
  const options = sharedAxes.length > 0 ? { sharedAxes } : {};
  return { form: 'plain', x: put(item, tf.layers.prelu({ ...options, name: context.nameOf(layer) }), x, weights) }; // prettier-ignore
}
