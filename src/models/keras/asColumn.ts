/** Layers along time as layers of images one value wide, for those that TF.js 4.22 has in two dimensions alone. */
import * as tf from '@tensorflow/tfjs';
import { InputError } from '../../errors.ts';
import { channelsFirst, plainInput, put, type Item, type Value } from './importing.ts';

/** The input `[batch, steps, channels]` of a layer along time. */
export function sequenceInput(item: Item): tf.SymbolicTensor {
  const { settings } = item;
  if (channelsFirst(settings)) throw settings.refuse('data_format', 'channels_last');
  const x = plainInput(item);
  if (x.rank === 3) return x;
  throw new InputError(`${settings.where}: takes rank 3, got [${x.shape.join(', ')}].`);
}

/** `apply` takes the steps as an image `[batch, steps, 1, channels]`; what it gives becomes steps again. */
export function asColumn(item: Item, apply: (image: tf.SymbolicTensor) => tf.SymbolicTensor): Value {
  const x = sequenceInput(item);
  const [, steps, channels] = x.shape;
  const image = apply(put(item, tf.layers.reshape({ targetShape: [steps, 1, channels] }), x));
  const targetShape = [image.shape[1], image.shape[3]];
  return { form: 'plain', x: put(item, tf.layers.reshape({ targetShape }), image) };
}
