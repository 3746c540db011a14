/** Keras's Normalization and Rescaling. */
import { InputError } from '../../errors.ts';
import { onlyInput, put, requireWeights, toPlain, type Item, type LayerImporter, type Value } from './importing.ts'; // prettier-ignore
import { Affine } from './layers/index.ts';
import type { Settings } from './settings.ts';

/** Importers by Keras's class names. */
export const normalizationLayers: Readonly<Record<string, LayerImporter>> = {
  Normalization: importNormalization,
  Rescaling: (item) => {
    const { settings } = item;
    const shape = inputShape(item);
    const width = shape.at(-1)!;
    const [scale, offset] = ['scale', 'offset'].map((name) => {
      const numbers = readNumbers(settings, name, name === 'offset' ? 0 : undefined);
      if (numbers.length === 1 || numbers.length === width) return numbers;
      throw settings.refuse(name, `one number, or ${width}, as long as the last axis`);
    });
    const length = Math.max(scale.length, offset.length);
    return applyAffine(item, [...shape.slice(0, -1).map(() => 1), length], { center: [0], scale, offset });
  },
};

/** Keras's `backend.epsilon()`, the smallest deviation divided by. */
const epsilon = 1e-7;

/** `(x - mean) / max(sqrt(variance), epsilon)`, or its inverse; the statistics stand in the settings or the weights. */
function importNormalization(item: Item): Value {
  const { settings, layer } = item;
  const shape = inputShape(item);
  const kept = readKeptAxes(settings, shape.length + 1);
  const lengths = kept.map((axis) => shape[axis - 1]);
  const count = lengths.reduce((product, length) => product * length, 1);
  const isGiven = settings.get('mean') != null;
  const [mean, variance] = isGiven
    ? ['mean', 'variance'].map((name) => {
        const numbers = readNumbers(settings, name);
        if (numbers.length === 1 || numbers.length === count) return numbers;
        throw settings.refuse(name, `one number, or ${count}`);
      })
    : requireWeights({ ...item, layer: { ...layer, weights: layer.weights.slice(0, 2) } }, [
        lengths,
        lengths,
      ]); // then a count
  if (!Array.prototype.every.call(variance, (value: number) => value >= 0)) {
    throw new InputError(`${settings.where}: its variance must be numbers >= 0.`);
  }
  const deviation = Array.from(variance, (value) => Math.max(Math.sqrt(value), epsilon));
  const beside = shape.map((length, at) => (kept.includes(at + 1) ? length : 1));
  return applyAffine(
    item,
    beside,
    settings.boolean('invert', false)
      ? { center: [0], scale: deviation, offset: mean }
      : { center: mean, scale: deviation.map((value) => 1 / value), offset: [0] },
  );
}

/** @param weights each one number for all, or as many as `shape` has */
function applyAffine(
  item: Item,
  shape: number[],
  weights: Record<'center' | 'scale' | 'offset', ArrayLike<number>>,
): Value {
  const value = onlyInput(item);
  const affine = new Affine({ shape, name: item.context.nameOf(item.layer) });
  const count = shape.reduce((product, length) => product * length, 1);
  const filled = [weights.center, weights.scale, weights.offset].map((numbers) =>
    numbers.length === count ? Float32Array.from(numbers) : new Float32Array(count).fill(numbers[0]),
  );
  return { form: 'plain', x: put(item, affine, toPlain(value, item), filled) };
}

/** Without the batch. */
function inputShape(item: Item): number[] {
  return toPlain(onlyInput(item), item).shape.slice(1) as number[];
}

/** Axes with statistics of their own, counted from the batch's, rising. */
function readKeptAxes(settings: Settings, rank: number): number[] {
  const value = settings.get('axis') === undefined ? -1 : settings.get('axis');
  if (value === null) return [];
  const axes = (Array.isArray(value) ? (value as unknown[]) : [value]).map((axis) => {
    if (!Number.isInteger(axis) || Math.abs(axis as number) > rank) return 0;
    return (axis as number) < 0 ? rank + (axis as number) : (axis as number);
  });
  if (axes.every((axis) => axis > 0 && axis < rank) && new Set(axes).size === axes.length) {
    return axes.sort((a, b) => a - b);
  }
  throw settings.refuse('axis', `null or axes of the input, of rank ${rank}`);
}

const maxNumbers = 1 << 20;

/** A number, nested lists of them, or an array as Keras 3 writes it. */
function readNumbers(settings: Settings, name: string, fallback?: number): number[] {
  const given = settings.get(name) ?? fallback;
  const { class_name: className, config } = (given ?? {}) as {
    class_name?: unknown;
    config?: { value?: unknown };
  };
  const isArray = className === '__numpy__' || className === '__tensor__';
  const value = isArray ? config?.value : given;
  const numbers = Array.isArray(value) ? (value.flat(8) as unknown[]) : [value];
  if (numbers.length === 0 || numbers.length > maxNumbers || !numbers.every(Number.isFinite)) {
    throw settings.refuse(name, 'numbers');
  }
  return numbers as number[];
}
