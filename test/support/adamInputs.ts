import * as tf from '@tensorflow/tfjs';
import type { AdamInputs } from '../../layers/kernels/adam/index.ts';

/** Normally distributed inputs of a step of Adam; second moments are squares. */
export function adamInputs(size: number): AdamInputs {
  const random = (seed: number) => tf.randomNormal<tf.Rank.R1>([size], 0, 1, 'float32', seed);
  const [stale, m, v] = [random(3), random(4), tf.square(random(5))];
  return { parameters: random(1), gradient: random(2), state: tf.concat([stale, m, v]) };
}
