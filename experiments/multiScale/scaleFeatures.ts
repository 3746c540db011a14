/** The features of one scale: every level of its tagger, mean and max pooled, kept in a feature file. */
import { existsSync } from 'node:fs';
import { hashSplit, type Dataset } from '../../datasets/index.ts';
import { describeSkipped } from '../../src/cli/describe.ts';
import { loadModel } from '../../src/cli/loadModel.ts';
import type { Engine } from '../../src/engine/engine.ts';
import type { FeatureExtractor } from '../../src/features/featureExtractor.ts';
import { isFeatureFile, openFeatures } from '../../src/features/featureFile.ts';
import { layerExtractor } from '../../src/features/layerExtractor.ts';
import { writeFeatures } from '../../src/features/writeFeatures.ts';
import type { Reporter } from '../../src/reporter.ts';
import { readFeatureFile } from '../../src/transfer/readFeatureFile.ts';
import type { FeatureBlock } from '../../src/transfer/transferTask.ts';

/** How the maps of a level become numbers: within a window, over time and frequency; windows are averaged. */
export const poolings = ['mean', 'max'] as const;
export type MapPooling = (typeof poolings)[number];

/** One pooling of one level, 0 next to the spectrogram; rows are those of `ScaleFeatures.ids`. */
export interface LevelBlock {
  level: number;
  pooling: MapPooling;
  /** Largest values that are the means: of a map with one place left. They tell nothing beside the means. */
  repeatsMean: boolean;
  columns: number;
  /** Row-major `[clips, columns]`. */
  values: Float64Array;
}

export interface ScaleFeatures {
  ids: string[];
  blocks: LevelBlock[];
}

export interface ScaleFeaturesOptions {
  engine: Engine;
  threads?: number;
  reporter: Reporter;
}

/**
 * Extracts the features, goes on with an extraction that was killed, or reads those that are finished: of the same
 * weights, clips and engine.
 *
 * @param path of the feature file
 */
export async function scaleFeatures(
  modelPath: string,
  dataset: Dataset,
  path: string,
  { engine, threads, reporter }: ScaleFeaturesOptions,
): Promise<ScaleFeatures> {
  const tagger = await loadModel(modelPath);
  try {
    const extractor = layerExtractor(tagger, { pool: 'both' });
    if (await isFinished(path, extractor, dataset, engine)) {
      reporter.line(`${path}: already extracted`);
    } else {
      const options = { engine: engine.name, threads, reporter };
      const { skipped } = await writeFeatures(extractor, dataset, path, options);
      if (skipped.length > 0) reporter.line(describeSkipped(skipped).trimEnd());
    }
  } finally {
    tagger.model.dispose();
  }
  const { ids, blocks } = await readFeatureFile(path);
  return { ids: ids!, blocks: blocks.flatMap(splitPoolings) };
}

/** Whether the file says of itself what would be written. */
async function isFinished(
  path: string,
  extractor: FeatureExtractor,
  { name, clips }: Dataset,
  engine: Engine,
): Promise<boolean> {
  if (!existsSync(path) || !(await isFeatureFile(path))) return false;
  const { provenance } = await openFeatures(path);
  const wanted = {
    ...{ source: name, splitHash: hashSplit(clips), shard: '1/1', engine: engine.name },
    ...{ sampleRate: extractor.sampleRate, ...extractor.provenance },
  };
  return Object.entries(wanted).every(([key, value]) => provenance[key] === value);
}

/** A layer's numbers are all means, then all largest values. */
function splitPoolings({ name, columns, values }: FeatureBlock): LevelBlock[] {
  const half = columns / 2;
  const level = Number(name.slice('layer'.length));
  const [means, largest] = poolings.map((_, place) =>
    values.filter((_value, i) => Math.floor((i % columns) / half) === place),
  );
  const repeatsMean = largest.every((value, i) => value === means[i]);
  return [
    { level, pooling: 'mean', repeatsMean: false, columns: half, values: means },
    { level, pooling: 'max', repeatsMean, columns: half, values: largest },
  ];
}
