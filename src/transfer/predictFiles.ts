/** A pipeline on audio files: the features that it was fitted on, then its classifier. */
import type { Clip, SkippedClip } from '../../datasets/index.ts';
import { AudioPool } from '../audio/audioPool.ts';
import { InputError } from '../errors.ts';
import type { FeaturePool } from '../features/extractFeatures.ts';
import type { FeatureExtractor } from '../features/featureExtractor.ts';
import { layerExtractor } from '../features/layerExtractor.ts';
import { loadAhead } from '../features/loadAhead.ts';
import { mfccExtractor } from '../features/mfccExtractor.ts';
import type { Tagger } from '../models/tagger.ts';
import { silentReporter, type Reporter } from '../reporter.ts';
import type { Prediction } from './fittedModel.ts';
import { mfccSampleRateOf } from './mfccProvenance.ts';
import { predictPipeline, type TransferPipeline } from './pipeline.ts';

export interface PredictedFiles {
  predicted: (Prediction & { path: string })[];
  skipped: SkippedClip[];
}

/**
 * The class or value of each file that can be read; MFCC and layers take a pass over the files each.
 *
 * @param tagger the model that the layers' features came from; null where the pipeline takes MFCC alone
 * @throws InputError if the model is missing, or is not the one whose features the pipeline was fitted on.
 * @example (await predictFiles(await loadPipeline('runs/genre'), tagger, ['song.mp3'])).predicted[0].label
 */
export async function predictFiles(
  pipeline: TransferPipeline,
  tagger: Tagger | null,
  files: readonly string[],
  reporter: Reporter = silentReporter,
): Promise<PredictedFiles> {
  const extractors = extractorsOf(pipeline, tagger);
  const skipped = new Map<string, string>();
  let read: string[] = [...files];
  let rows = new Map<string, number[]>(files.map((path) => [path, []]));
  const pool = new AudioPool();
  try {
    for (const extractor of extractors) {
      const found = await extractFrom(extractor, read);
      read = [...found.keys()];
      rows = new Map(read.map((path) => [path, [...rows.get(path)!, ...found.get(path)!]]));
    }
  } finally {
    await pool.close();
  }
  return {
    predicted: [...rows].map(([path, row]) => ({ path, ...predictPipeline(pipeline, row)[0] })),
    skipped: [...skipped].map(([path, reason]) => ({ path, reason })),
  };

  async function extractFrom(
    extractor: FeatureExtractor,
    paths: readonly string[],
  ): Promise<Map<string, Float32Array>> {
    const bar = reporter.bar(extractor.parts[0].dataset === 'mfcc' ? 'MFCC' : 'layers', paths.length);
    const readable: string[] = [];
    const found = new Map<string, Float32Array>();
    try {
      for await (const row of extractor.rows(waveforms())) {
        found.set(readable[found.size], row);
        bar.update(found.size);
      }
    } finally {
      bar.done();
    }
    return found;

    async function* waveforms(): AsyncGenerator<Float32Array> {
      const clips = [...new Set(paths)].map((path): Clip => ({ id: path, source: path, labels: [] }));
      for await (const loaded of loadAhead(pool, clips, extractor)) {
        if ('reason' in loaded) skipped.set(loaded.clip.id, loaded.reason);
        else {
          readable.push(loaded.clip.id);
          yield loaded.samples;
        }
      }
    }
  }
}

/** In the order in which their numbers stand in a row: a subset has its MFCC first. */
function extractorsOf({ subset, features }: TransferPipeline, tagger: Tagger | null): FeatureExtractor[] {
  const layers = subset.filter((part) => part !== 'mfcc');
  const extractors: FeatureExtractor[] = [];
  if (subset.includes('mfcc')) {
    const sampleRate = mfccSampleRateOf(features);
    if (sampleRate === null) {
      throw new InputError(
        'pipeline: does not say how its MFCC were made. Fit it on those of sonotag features.',
      );
    }
    extractors.push(mfccExtractor({ sampleRate }));
  }
  if (layers.length > 0) {
    const windows = features.windows === 'first' ? 'first' : 'all';
    const shortClips = features.shortClips === 'zeros' ? 'zeros' : 'repeat';
    const pool = poolOf(features.pool);
    extractors.push(
      layerExtractor(requireSameModel(features, tagger), { layers, pool, windows, shortClips }),
    );
  }
  return extractors;
}

function poolOf(pool: string | number | undefined): FeaturePool {
  return pool === 'max' || pool === 'both' ? pool : 'mean';
}

function requireSameModel({ weightsHash }: TransferPipeline['features'], tagger: Tagger | null): Tagger {
  if (weightsHash === undefined) {
    throw new InputError(
      'pipeline: does not say which model its features are of, since they were not from a feature file (.h5). ' +
        'Fit it on what sonotag features writes.',
    );
  }
  if (tagger === null) {
    throw new InputError(
      'pipeline: takes features of a model. Pass --model with the one that made the features.',
    );
  }
  if (weightsHash !== tagger.info.weightsHash) {
    throw new InputError(
      `pipeline: its features are of a model with the weights ${weightsHash}, the model given has ${tagger.info.weightsHash}. ` +
        'Give the model that made the features.',
    );
  }
  return tagger;
}
