/** Names of activations in Keras and in TensorFlow.js. */
import { Keras3HardSigmoid } from './layers/index.ts';
import type { Settings } from './settings.ts';

/** Keras's name to TensorFlow.js's. */
const activations = {
  linear: 'linear',
  elu: 'elu',
  relu: 'relu',
  relu6: 'relu6',
  selu: 'selu',
  sigmoid: 'sigmoid',
  hard_sigmoid: 'hardSigmoid',
  softmax: 'softmax',
  softplus: 'softplus',
  softsign: 'softsign',
  tanh: 'tanh',
  swish: 'swish',
  silu: 'swish',
} as const;
export type KerasActivation = keyof typeof activations;

/** The layer's activation by TF.js's name. */
export function readActivation(
  settings: Settings,
  name = 'activation',
  fallback: KerasActivation = 'linear',
) {
  const found = settings.oneOf(name, Object.keys(activations) as KerasActivation[], fallback);
  // not one of the names that TF.js's types know
  if (found === 'hard_sigmoid' && settings.keras3) return Keras3HardSigmoid.className as 'hardSigmoid';
  return activations[found];
}
