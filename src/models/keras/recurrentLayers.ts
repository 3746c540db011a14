/** Keras's recurrent layers, one way and both ways. */
import * as tf from '@tensorflow/tfjs';
import { readActivation } from './activations.ts';
import { sequenceInput } from './asColumn.ts';
import { put, requireWeights, type Item, type LayerImporter, type Value } from './importing.ts';
import { ResetAfterGru, ReverseTime } from './layers/index.ts';
import type { Settings } from './settings.ts';

/** Importers by Keras's class names. */
export const recurrentLayers: Readonly<Record<string, LayerImporter>> = {
  GRU: (item) => importRecurrent(item, 'GRU'),
  LSTM: (item) => importRecurrent(item, 'LSTM'),
  SimpleRNN: (item) => importRecurrent(item, 'SimpleRNN'),
  Bidirectional: importBidirectional,
};

type RecurrentName = 'GRU' | 'LSTM' | 'SimpleRNN';

interface RecurrentOptions {
  units: number;
  activation: ReturnType<typeof readActivation>;
  recurrentActivation: ReturnType<typeof readActivation>;
  useBias: boolean;
  returnSequences: boolean;
  goBackwards: boolean;
}

/** A layer as its settings describe it, before anything is built. */
interface Recurrent {
  options: RecurrentOptions;
  /** Of its weights, in the file and in memory. */
  shapes: number[][];
  create: (options: RecurrentOptions & { name: string }) => tf.layers.Layer;
}

function importRecurrent(item: Item, className: RecurrentName): Value {
  const x = sequenceInput(item);
  const { options, shapes, create } = readRecurrent(item.settings, className, x.shape[2]!);
  const weights = requireWeights(item, shapes);
  const layer = create({ ...options, name: item.context.nameOf(item.layer) });
  return { form: 'plain', x: put(item, layer, x, weights) };
}

const mergeModes = ['concat', 'sum', 'ave', 'mul'] as const;

/** As two layers and their merger: the backward one's steps are put in order again. */
function importBidirectional(item: Item): Value {
  const { settings, context, layer } = item;
  const x = sequenceInput(item);
  if (settings.get('merge_mode') === null) throw settings.refuse('merge_mode', `one of ${mergeModes.join(', ')}`); // prettier-ignore
  const mode = settings.oneOf('merge_mode', mergeModes, 'concat');
  const forward = readInner(settings, 'layer', x.shape[2]!);
  const ofBackward = settings.get('backward_layer') == null ? undefined : readInner(settings, 'backward_layer', x.shape[2]!); // prettier-ignore
  const backward = ofBackward ?? {
    ...forward,
    options: { ...forward.options, goBackwards: !forward.options.goBackwards },
  };
  const { returnSequences } = forward.options;
  if (backward.options.returnSequences !== returnSequences) {
    throw settings.refuse('backward_layer', 'one that gives sequences where the forward one does');
  }
  if (backward.options.goBackwards === forward.options.goBackwards) {
    throw settings.refuse('backward_layer', 'one that goes the other way than the forward one');
  }
  const weights = requireWeights(item, [...forward.shapes, ...backward.shapes]);
  const name = context.nameOf(layer);
  const one = ({ options, create }: Recurrent, prefix: string, values: Float32Array[]) =>
    put(item, create({ ...options, name: `${prefix}_${name}` }), x, values);
  const there = one(forward, 'forward', weights.slice(0, forward.shapes.length));
  const back = one(backward, 'backward', weights.slice(forward.shapes.length));
  const ordered = returnSequences ? put(item, new ReverseTime({ name: `reverse_${name}` }), back) : back;
  return { form: 'plain', x: put(item, createMerger(mode, name), [there, ordered]) };
}

function createMerger(mode: (typeof mergeModes)[number], name: string): tf.layers.Layer {
  switch (mode) {
    case 'concat':
      return tf.layers.concatenate({ axis: -1, name });
    case 'sum':
      return tf.layers.add({ name });
    case 'ave':
      return tf.layers.average({ name });
    case 'mul':
      return tf.layers.multiply({ name });
  }
}

/** The layer that a wrapper holds under `key`. */
function readInner(settings: Settings, key: string, channels: number): Recurrent {
  const inner = settings.inner(key);
  const supported = ['GRU', 'LSTM', 'SimpleRNN'] as const;
  const className = supported.find((name) => name === inner.className);
  if (className === undefined) throw settings.refuse(key, `one of ${supported.join(', ')}`);
  return readRecurrent(inner.settings, className, channels);
}

/** Gates lie in the same order in Keras 2 and TF.js 4.22. */
function readRecurrent(settings: Settings, className: RecurrentName, channels: number): Recurrent {
  // zero_output_for_mask, which Keras 3 sets in Bidirectional, does nothing: no layer that makes masks is imported
  for (const name of ['stateful', 'return_state', 'time_major']) {
    if (settings.boolean(name, false)) throw settings.refuse(name, 'false');
  }
  const units = settings.integer('units');
  const useBias = settings.boolean('use_bias', true);
  const { gates, create, biases } = readKind(settings, className);
  const width = gates * units;
  const shapes = [
    [channels, width],
    [units, width],
    [...biases, width],
  ];
  const options = {
    units,
    useBias,
    activation: readActivation(settings, 'activation', 'tanh'),
    recurrentActivation: readActivation(settings, 'recurrent_activation', 'hard_sigmoid'),
    returnSequences: settings.boolean('return_sequences', false),
    goBackwards: settings.boolean('go_backwards', false),
  };
  return { options, shapes: useBias ? shapes : shapes.slice(0, 2), create };
}

/** The file's weights take its place; TF.js's default, orthogonal, takes seconds at 512 units and warns of it. */
const recurrentInitializer = 'zeros';

/** @returns `biases`, how many a gate has, where they are not one vector */
function readKind(
  settings: Settings,
  className: RecurrentName,
): { gates: number; biases: number[]; create: Recurrent['create'] } {
  switch (className) {
    case 'LSTM':
      return {
        gates: 4,
        biases: [],
        create: (options) => tf.layers.lstm({ ...options, recurrentInitializer }),
      };
    case 'SimpleRNN':
      return { gates: 1, biases: [], create: ({ recurrentActivation: _none, ...options }) => tf.layers.simpleRNN({ ...options, recurrentInitializer }) }; // prettier-ignore
    case 'GRU':
      // files from before TensorFlow 2 do not say it, and TF.js 4.22 has their GRU alone
      return settings.boolean('reset_after', false)
        ? { gates: 3, biases: [2], create: (options) => new ResetAfterGru(options) }
        : { gates: 3, biases: [], create: (options) => tf.layers.gru({ ...options, recurrentInitializer }) };
  }
}
