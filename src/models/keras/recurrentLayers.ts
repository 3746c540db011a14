/** Keras's recurrent layers as those of TensorFlow.js. */
import * as tf from '@tensorflow/tfjs';
import { InputError } from '../../errors.ts';
import { readActivation } from './activations.ts';
import { plainInput, put, requireWeights, type Item, type LayerImporter, type Value } from './importing.ts';

interface RecurrentOptions {
  units: number;
  activation: ReturnType<typeof readActivation>;
  recurrentActivation: ReturnType<typeof readActivation>;
  useBias: boolean;
  returnSequences: boolean;
  goBackwards: boolean;
  name: string;
}

/** Importers by Keras's class names. Gates lie in the same order in Keras 2 and TF.js 4.22. */
export const recurrentLayers: Readonly<Record<string, LayerImporter>> = {
  GRU: (item) => {
    const { settings } = item;
    // TF.js 4.22 has the GRU of Keras 1 and 2.0 alone, in which the reset gate comes before the product
    if (settings.boolean('reset_after', false)) throw settings.refuse('reset_after', 'false');
    return importRecurrent(item, 3, (options) => tf.layers.gru(options));
  },
  LSTM: (item) => importRecurrent(item, 4, (options) => tf.layers.lstm(options)),
};

function importRecurrent(
  item: Item,
  gates: number,
  create: (options: RecurrentOptions) => tf.layers.Layer,
): Value {
  const { settings, context, layer } = item;
  const x = plainInput(item);
  if (x.rank !== 3) throw new InputError(`${settings.where}: takes rank 3, got [${x.shape.join(', ')}].`);
  for (const name of ['stateful', 'return_state', 'time_major', 'zero_output_for_mask']) {
    if (settings.boolean(name, false)) throw settings.refuse(name, 'false');
  }
  const units = settings.integer('units');
  const useBias = settings.boolean('use_bias', true);
  const shapes = [[x.shape[2]!, gates * units], [units, gates * units], [gates * units]];
  const weights = requireWeights(item, useBias ? shapes : shapes.slice(0, 2));
  const recurrent = create({
    units,
    useBias,
    activation: readActivation(settings, 'activation', 'tanh'),
    recurrentActivation: readActivation(settings, 'recurrent_activation', 'hard_sigmoid'),
    returnSequences: settings.boolean('return_sequences', false),
    goBackwards: settings.boolean('go_backwards', false),
    name: context.nameOf(layer),
  });
  return { form: 'plain', x: put(item, recurrent, x, weights) };
}
