/** Models of Keras files with another description of their layers. */
import type * as tf from '@tensorflow/tfjs';
import { buildModel } from '../../../../src/models/keras/buildModel.ts';
import { readKerasFile, type KerasFile } from '../../../../src/models/keras/kerasFile.ts';
import { readGraph } from '../../../../src/models/keras/kerasGraph.ts';
import { kerasFixture } from './fixtures.ts';

export interface LayerJson {
  class_name: string;
  config: Record<string, unknown>;
}

const files = new Map<string, Promise<KerasFile>>(); // read once: each reading tries the file in a process of its own

/** The model of a fixture whose description `change` has altered in memory. */
export async function buildChanged(
  fixture: string,
  change: (layers: LayerJson[]) => void,
): Promise<tf.LayersModel> {
  const path = kerasFixture(fixture);
  if (!files.has(fixture)) files.set(fixture, readKerasFile(path));
  const file = await files.get(fixture)!;
  const config = structuredClone(file.config) as { config: { layers: LayerJson[] } };
  change(config.config.layers);
  const context = {
    ...({
      path: fixture,
      keras3: false,
      backend: 'tensorflow',
      batchNorm: 'moving',
      reference: 'clip',
    } as const),
    facts: { options: {}, decibel: null, overBatch: false },
  };
  return buildModel(readGraph({ ...file, config }, fixture), { ...context, notes: [] }, undefined);
}

/** The first layer of a class, or the one after some. */
export function firstOf(layers: LayerJson[], className: string, skip = 0): LayerJson {
  return layers.filter(({ class_name }) => class_name === className)[skip];
}
