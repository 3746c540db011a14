/** Keras's TimeDistributed, of layers that are the same with one axis more. */
import * as tf from '@tensorflow/tfjs';
import { plainInput, put, type Item, type LayerImporter, type Value } from './importing.ts';

/** @param ofEachStep importers of layers that work along the last axis, or on each value, whatever comes before */
export function timeDistributed(ofEachStep: Readonly<Record<string, LayerImporter>>): LayerImporter {
  return (item): Value => {
    const { className, settings } = item.settings.inner('layer');
    const inner: Item = { ...item, settings };
    if (className === 'Flatten') return flattenSteps(inner);
    if (Object.hasOwn(ofEachStep, className)) return ofEachStep[className](inner);
    throw item.settings.refuse('layer', `one of Flatten, ${Object.keys(ofEachStep).join(', ')}`);
  };
}

function flattenSteps(item: Item): Value {
  const x = plainInput(item);
  const [, steps, ...rest] = x.shape;
  const targetShape = [steps, rest.reduce<number>((product, length) => product * length!, 1)];
  return { form: 'plain', x: put(item, tf.layers.reshape({ targetShape, name: item.context.nameOf(item.layer) }), x) }; // prettier-ignore
}
