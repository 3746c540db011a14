/** Keras's LayerNormalization. */
import * as tf from '@tensorflow/tfjs';
import { plainInput, put, requireWeights, type Item, type Value } from './importing.ts';

export function importLayerNorm(item: Item): Value {
  const { settings, context, layer } = item;
  const x = plainInput(item);
  const axis = readAxes(item, x.rank);
  const [scale, center] = [settings.boolean('scale', true), settings.boolean('center', true)];
  const shape = axis.map((at) => x.shape[at]);
  const weights = requireWeights(item, [scale, center].filter((there) => there).map(() => shape)); // prettier-ignore
  const epsilon = settings.number('epsilon', 1e-3);
  const norm = tf.layers.layerNormalization({ axis, epsilon, scale, center, name: context.nameOf(layer) });
  return { form: 'plain', x: put(item, norm, x, weights) };
}

/** Counted from the front, in order: Keras sorts neither them nor its weights, so neither does this. */
function readAxes({ settings }: Item, rank: number): number[] {
  const value = settings.get('axis') ?? -1;
  const given = Array.isArray(value) ? (value as unknown[]) : [value];
  const axes = given.map((axis) => ((axis as number) < 0 ? rank + (axis as number) : (axis as number)));
  const isRising = axes.every((axis, at) => at === 0 || axis > axes[at - 1]);
  if (
    axes.length > 0 &&
    isRising &&
    axes.every((axis) => Number.isInteger(axis) && axis > 0 && axis < rank)
  ) {
    return axes;
  }
  throw settings.refuse('axis', `rising axes of the input, of rank ${rank}`);
}
