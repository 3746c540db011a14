/** The published compact convnet at its published input, the same weights in every process. */
import type * as tf from '@tensorflow/tfjs';
import { createCompactConvnet } from '../../src/models/compactConvnet.ts';

/** Hz; samples of 29 s; outputs. */
export const benchInput = { sampleRate: 12_000, samples: 348_000, nTags: 50 };

export function createBenchModel(): tf.LayersModel {
  return createCompactConvnet({ ...benchInput, seed: 1 });
}

/** Trained parameters; 39,282 as published. */
export function countTrainable(model: tf.LayersModel): number {
  return model.trainableWeights.reduce(
    (sum, { shape }) => sum + shape.reduce<number>((a, b) => a * b!, 1),
    0,
  );
}
