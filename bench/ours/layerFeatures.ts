/** Features of all layers, and probabilities, of waveforms in memory. */
import { writeFile } from 'node:fs/promises';
import type * as tf from '@tensorflow/tfjs';
import { extractFeatures } from '../../src/features/extractFeatures.ts';
import { predictClips } from '../../src/models/predict.ts';
import { benchInput, countTrainable, createBenchModel } from './benchModel.ts';
import { readRows } from './readRows.ts';
import type { OurTask } from './tasks.ts';

export interface LayerFeaturesOptions {
  /** Raw float32, clip after clip. */
  waveforms: string;
  clips: number;
  batch: number;
  /** Where to write the weights for others: raw float32, one after the other. */
  weights?: string;
}

export async function layerFeaturesTask(options: LayerFeaturesOptions): Promise<OurTask> {
  const { model, clips } = await prepare(options);
  if (options.weights !== undefined) await writeWeights(model, options.weights);
  const compute = () => collect(extractFeatures({ model }, clips, { batchSize: options.batch }));
  return {
    facts: { trainable: countTrainable(model) },
    ...{ run: compute, output: compute, release: () => void model.dispose() },
  };
}

/** Features, then probabilities, clip by clip. */
export async function outputsTask(options: LayerFeaturesOptions): Promise<OurTask> {
  const { model, clips } = await prepare(options);
  return {
    async output() {
      const features = await collect(extractFeatures({ model }, clips, { batchSize: options.batch }));
      const probabilities = await collect(predictClips(model, clips, { batchSize: options.batch }));
      return Float32Array.of(...features, ...probabilities);
    },
    release: () => void model.dispose(),
  };
}

async function prepare({ waveforms, clips }: LayerFeaturesOptions) {
  const rows = (await readRows(waveforms, benchInput.samples)).slice(0, clips);
  return { model: createBenchModel(), clips: rows };
}

async function collect(rows: AsyncIterable<Float32Array>): Promise<Float32Array> {
  const all: number[] = [];
  for await (const row of rows) all.push(...row);
  return Float32Array.from(all);
}

async function writeWeights(model: tf.LayersModel, path: string): Promise<void> {
  const weights = await Promise.all(
    model.layers
      .filter(({ name }) => /^(block\d|logits)$/.test(name))
      .flatMap((layer) => layer.getWeights())
      .map((weight) => weight.data<'float32'>()),
  );
  const all = Float32Array.from(weights.flatMap((values) => Array.from(values)));
  await writeFile(path, new Uint8Array(all.buffer));
}
