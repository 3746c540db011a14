/** A pipeline on audio files: features by the model that its own came from, then its classifier. */
import type { Clip, SkippedClip } from '../../datasets/index.ts';
import { AudioPool } from '../audio/audioPool.ts';
import { InputError } from '../errors.ts';
import { extractFeatures, type FeaturePool } from '../features/extractFeatures.ts';
import { loadAhead } from '../features/loadAhead.ts';
import type { Tagger } from '../models/tagger.ts';
import { silentReporter, type Reporter } from '../reporter.ts';
import type { Prediction } from './fittedModel.ts';
import { predictPipeline, type TransferPipeline } from './pipeline.ts';

export interface PredictedFiles {
  predicted: (Prediction & { path: string })[];
  skipped: SkippedClip[];
}

/**
 * @throws InputError if the model is not the one whose features the pipeline was fitted on.
 * @example (await predictFiles(await loadPipeline('runs/genre'), tagger, ['song.mp3'])).predicted[0].label
 */
export async function predictFiles(
  pipeline: TransferPipeline,
  tagger: Tagger,
  files: readonly string[],
  reporter: Reporter = silentReporter,
): Promise<PredictedFiles> {
  requireSameModel(pipeline, tagger);
  const { sampleRate, samples } = tagger.info;
  const windows = pipeline.features.windows === 'first' ? 'first' : 'all';
  const shortClips = pipeline.features.shortClips === 'zeros' ? 'zeros' : 'repeat';
  const durationSeconds = windows === 'first' ? samples / sampleRate : undefined;
  const clips = files.map((path): Clip => ({ id: path, source: path, labels: [] }));
  const result: PredictedFiles = { predicted: [], skipped: [] };
  const read: string[] = [];
  const pool = new AudioPool();
  const bar = reporter.bar('predicting', files.length);
  try {
    for await (const row of extractFeatures(tagger, readable(), {
      layers: pipeline.layers,
      pool: poolOf(pipeline),
      windows,
      shortClips,
      batchSize: 2,
    })) {
      const [prediction] = predictPipeline(pipeline, row);
      result.predicted.push({ path: read[result.predicted.length], ...prediction });
      bar.update(result.predicted.length + result.skipped.length);
    }
  } finally {
    bar.done();
    await pool.close();
  }
  return result;

  async function* readable(): AsyncGenerator<Float32Array> {
    for await (const loaded of loadAhead(pool, clips, { sampleRate, durationSeconds })) {
      if ('reason' in loaded) result.skipped.push({ path: loaded.clip.id, reason: loaded.reason });
      else {
        read.push(loaded.clip.id);
        yield loaded.samples;
      }
    }
  }
}

function poolOf({ features: { pool } }: TransferPipeline): FeaturePool {
  return pool === 'max' || pool === 'both' ? pool : 'mean';
}

function requireSameModel({ features }: TransferPipeline, { info }: Tagger): void {
  const { weightsHash } = features;
  if (weightsHash === undefined) {
    throw new InputError(
      'pipeline: does not say which model its features are of, since they were not from a feature file (.h5). ' +
        'Fit it on what sonotag features writes.',
    );
  }
  if (weightsHash !== info.weightsHash) {
    throw new InputError(
      `pipeline: its features are of a model with the weights ${weightsHash}, the model given has ${info.weightsHash}. ` +
        'Give the model that made the features.',
    );
  }
}
