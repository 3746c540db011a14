/** Keras's BatchNormalization. */
import { asImage, onlyInput, put, requireWeights, toPlain, type Item, type Value } from './importing.ts';
import { BatchNorm } from './layers/index.ts';
import type { Settings } from './settings.ts';

/** Position in memory of an image's axis that Keras has at 1, 2 or 3 with the channels second. */
export const movedAxes = [0, 3, 1, 2];

export function importBatchNorm(item: Item): Value {
  const { settings, context, layer } = item;
  const value = onlyInput(item);
  const moved = value.form === 'moved';
  const x = moved ? value.x : toPlain(value, item);
  const given = readAxis(settings, x.rank);
  const axis = moved ? movedAxes[given] : given;
  const weights = readBatchNormWeights(item, x.shape[axis]!);
  const norm = new BatchNorm({
    axis,
    epsilon: settings.number('epsilon', 1e-3),
    momentum: settings.number('momentum', 0.99),
    statistics: context.batchNorm,
    name: context.nameOf(layer),
  });
  return asImage(put(item, norm, x, weights), moved);
}

/** Counted from the front. */
export function readAxis(settings: Settings, rank: number): number {
  const value = settings.get('axis') ?? -1;
  const axis: unknown = Array.isArray(value) && value.length === 1 ? (value as unknown[])[0] : value;
  if (!Number.isInteger(axis) || (axis as number) >= rank || (axis as number) < -rank || axis === 0) {
    throw settings.refuse('axis', `an axis of the input, of rank ${rank}`);
  }
  return (axis as number) < 0 ? rank + (axis as number) : (axis as number);
}

/** gamma, beta, mean and variance; where the layer has no gamma or beta, those that change nothing. */
export function readBatchNormWeights(item: Item, length: number): Float32Array[] {
  const { settings } = item;
  const scale = settings.boolean('scale', true);
  const center = settings.boolean('center', true);
  const present = [scale, center, true, true];
  const stored = requireWeights(
    item,
    present.filter((there) => there).map(() => [length]),
  );
  return present.map((there, at) =>
    there ? stored.shift()! : new Float32Array(length).fill(at === 0 ? 1 : 0),
  );
}
