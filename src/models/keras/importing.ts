/** What the importers of layers share: values between layers, checked weights, and layers put to work. */
import * as tf from '@tensorflow/tfjs';
import { InputError } from '../../errors.ts';
import type { KerasLayer } from './kerasGraph.ts';
import type { BatchNormStatistics, StatisticsScope } from './layers/index.ts';
import { Settings } from './settings.ts';

/** What a layer gives to the next. */
export type Value =
  /** As Keras has it. */
  | { form: 'plain'; x: tf.SymbolicTensor }
  /** An image `[batch, height, width, channels]` where Keras has the channels second. */
  | { form: 'moved'; x: tf.SymbolicTensor }
  /** `[batch, samples]` where Keras has `[batch, ...shape]`. */
  | { form: 'waveform'; x: tf.SymbolicTensor; shape: number[] }
  /** A complex spectrogram that the next layer takes the magnitude of: waveform and the layer's settings. */
  | { form: 'stft'; x: tf.SymbolicTensor; settings: Settings };

/** What the front end of the file says of itself. */
export interface FrontEndFacts {
  /** Hz; undefined where no layer knows. */
  sampleRate?: number;
  /** As in TaggerInfo. */
  options: Record<string, number | string | boolean | null>;
  decibel: { of: 'power' | 'magnitude'; reference: 'clip' | 'batch' | 'fixed' } | null;
  /** Whether statistics of the batch are in the front end. */
  overBatch: boolean;
}

export interface ImportContext {
  path: string;
  /** Whether Keras 3 wrote the file. */
  keras3: boolean;
  /** Theano's convolutions turn their kernels by 180 degrees. */
  backend: string;
  batchNorm: BatchNormStatistics;
  reference: StatisticsScope;
  facts: FrontEndFacts;
  /** What was decided, a line each, for the user. */
  notes: string[];
  /** The name that a layer has in the imported model. */
  nameOf(layer: KerasLayer): string;
}

/** A layer's settings, with the file and the layer for messages. */
export function settingsOf(
  { config, name, className }: KerasLayer,
  { path, keras3 }: Pick<ImportContext, 'path' | 'keras3'>,
): Settings {
  return new Settings(config, `${path}: layer ${name} (${className})`, { keras3 });
}

/** One layer to import, with what it takes. */
export interface Item {
  layer: KerasLayer;
  settings: Settings;
  inputs: Value[];
  context: ImportContext;
}

export type LayerImporter = (item: Item) => Value;

/** Largest output of a layer for one clip, in values: half a gigabyte. */
const maxOutput = 1 << 27;

/** The one input, as Keras has it. */
export function plainInput(item: Item): tf.SymbolicTensor {
  return toPlain(onlyInput(item), item);
}

export function onlyInput({ inputs, settings }: Item): Value {
  if (inputs.length !== 1) {
    throw new InputError(`${settings.where}: takes one input; the file gives it ${inputs.length}.`);
  }
  return inputs[0];
}

export function toPlain(value: Value, { settings }: Pick<Item, 'settings'>): tf.SymbolicTensor {
  switch (value.form) {
    case 'plain':
      return value.x;
    case 'moved':
      return tf.layers.permute({ dims: [3, 1, 2] }).apply(value.x) as tf.SymbolicTensor;
    case 'waveform':
      return tf.layers.reshape({ targetShape: value.shape }).apply(value.x) as tf.SymbolicTensor;
    case 'stft':
      throw new InputError(
        `${settings.where}: takes a complex spectrogram, which is imported before Magnitude only.`,
      );
  }
}

/**
 * The image that a layer takes, channels last in memory, whichever way Keras has them: `moved` says that it has them
 * second.
 */
export function imageInput(item: Item): { x: tf.SymbolicTensor; moved: boolean } {
  const value = onlyInput(item);
  const moved = channelsFirst(item.settings);
  if (value.form === 'moved' && moved) return { x: value.x, moved };
  const x = toPlain(value, item);
  if (x.rank !== 4) {
    throw new InputError(
      `${item.settings.where}: takes images, of rank 4; the file gives it [${x.shape.join(', ')}].`,
    );
  }
  if (!moved) return { x, moved };
  return { x: tf.layers.permute({ dims: [2, 3, 1] }).apply(x) as tf.SymbolicTensor, moved };
}

export function asImage(x: tf.SymbolicTensor, moved: boolean): Value {
  return { form: moved ? 'moved' : 'plain', x };
}

/** Keras 2 calls it data_format, Kapre 0.1 image_data_format, Keras 1 dim_ordering. */
export function channelsFirst(settings: Settings): boolean {
  const name = ['data_format', 'image_data_format', 'dim_ordering'].find((key) => settings.get(key) != null);
  if (name === undefined) return false;
  const format = settings.oneOf(name, ['channels_last', 'channels_first', 'default', 'tf', 'th']);
  return format === 'channels_first' || format === 'th';
}

/**
 * The layer's stored weights, of the shapes that its settings and its input ask for; `null` is any length.
 *
 * @throws InputError naming the weight and both shapes.
 */
export function requireWeights({ layer, settings }: Item, shapes: (number | null)[][]): Float32Array[] {
  const { weights } = layer;
  if (weights.length !== shapes.length) {
    throw new InputError(
      `${settings.where}: needs ${shapes.length} weights, the file has ${weights.length}. ` +
        'Save the model again with its weights.',
    );
  }
  return shapes.map((shape, at) => {
    const { name, shape: stored, values } = weights[at];
    const fits =
      stored.length === shape.length &&
      shape.every((length, axis) => length === null || length === stored[axis]);
    if (fits) return values;
    throw new InputError(
      `${settings.where}: weight ${name} has shape [${stored.join(', ')}], needed is ` +
        `[${shape.map((length) => length ?? 'any').join(', ')}].`,
    );
  });
}

/** Applies a layer and fills its weights, in its own order. Shapes are checked before, so that nothing huge is built. */
export function put(
  { settings }: Pick<Item, 'settings'>,
  layer: tf.layers.Layer,
  inputs: tf.SymbolicTensor | tf.SymbolicTensor[],
  weights: Float32Array[] = [],
): tf.SymbolicTensor {
  let output: tf.SymbolicTensor;
  try {
    output = layer.apply(inputs) as tf.SymbolicTensor;
  } catch (error) {
    const [reason] = (error as Error).message.split('\n');
    throw new InputError(`${settings.where}: cannot be built: ${reason}`);
  }
  const shape = output.shape.slice(1);
  const size = shape.reduce<number>((product, length) => product * (length ?? 1), 1);
  if (shape.some((length) => length !== null && length < 1) || !(size <= maxOutput)) {
    throw new InputError(`${settings.where}: its output [${shape.join(', ')}] is empty or too large.`);
  }
  if (weights.length > 0) {
    const tensors = layer.weights.map((weight, at) => tf.tensor(weights[at], weight.shape as number[]));
    layer.setWeights(tensors);
    tf.dispose(tensors);
  }
  return output;
}

/** Whether the file's convolutions turn their kernels, as Theano's do. */
export function turnsKernels({ backend }: ImportContext): boolean {
  return backend === 'theano';
}

/** A kernel `[height, width, ...]` turned by 180 degrees. */
export function turnKernel(values: Float32Array, places: number): Float32Array {
  const size = values.length / places;
  const turned = new Float32Array(values.length);
  for (let at = 0; at < places; at++) {
    turned.set(values.subarray(at * size, (at + 1) * size), (places - 1 - at) * size);
  }
  return turned;
}
