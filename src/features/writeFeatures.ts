/** Features of a whole data set in a file, which is there whole or not at all. */
import { existsSync } from 'node:fs';
import { DatasetError, hashSplit, type Clip, type Dataset, type SkippedClip } from '../../datasets/index.ts';
import { AudioPool } from '../audio/audioPool.ts';
import { InputError } from '../errors.ts';
import { replaceWhole } from '../files/writeWhole.ts';
import type { Tagger } from '../models/tagger.ts';
import { silentReporter, type Reporter } from '../reporter.ts';
import {
  chooseFeatureLayers,
  extractFeatures,
  type ExtractFeaturesOptions,
  type FeatureLayer,
} from './extractFeatures.ts';
import {
  appendFeatureRows,
  createFeatureFile,
  finishFeatureFile,
  isFeatureFile,
  rowsAtATime,
} from './featureFile.ts';
import { loadAhead } from './loadAhead.ts';

/**
 * Windows computed together, unless told otherwise. While this thread computes, no decoded clip reaches it and no
 * decoding thread gets its next file: 60 mp3 files on two cores took 125 ms each in batches of 8, 65 ms in batches of 2.
 */
export const fileBatchSize = 2;

export interface WriteFeaturesOptions extends Omit<ExtractFeaturesOptions, 'batchSize'> {
  /** Windows that go through the model together; the result does not depend on it. Default 2; more suit a GPU. */
  batchSize?: number;
  /** Name of the engine in use, for the record. */
  engine: string;
  /** Decoding threads. Default: what the machine can run at once. */
  threads?: number;
  reporter?: Reporter;
}

export interface WrittenFeatures {
  path: string;
  /** Rows in the file. */
  clips: number;
  layers: FeatureLayer[];
  skipped: SkippedClip[];
}

/**
 * Extracts features of every clip that can be read, as `extractFeatures` does, into an HDF5 file: `layer0`, `layer1`, …
 * `[clips, units]`, `ids`, `labels`, `tags`, and the provenance as attributes. A feature file that is there is replaced
 * once the new one is whole. The next clips are decoded while one batch is computed.
 *
 * @throws InputError if the model lacks a layer, or `path` is a file of another kind.
 * @throws DatasetError if no clip can be read.
 * @example await writeFeatures(tagger, await listDataset('recordings'), 'features.h5', { engine: engine.name })
 */
export async function writeFeatures(
  tagger: Tagger,
  dataset: Dataset,
  path: string,
  { engine, threads, reporter = silentReporter, batchSize = fileBatchSize, ...rest }: WriteFeaturesOptions,
): Promise<WrittenFeatures> {
  const { model, info } = tagger;
  const options = { ...rest, batchSize };
  const layers = chooseFeatureLayers(model, options.layers);
  await requireReplaceable(path);
  const { windows = 'all', shortClips = 'repeat' } = options;
  const durationSeconds = windows === 'first' ? info.samples / info.sampleRate : undefined;
  const skipped: SkippedClip[] = [...dataset.skipped];
  const read: Clip[] = [];
  const pool = new AudioPool({ threads });
  const bar = reporter.bar('features', dataset.clips.length);
  try {
    await replaceWhole(path, async (beside) => {
      const splitHash = hashSplit(dataset.clips);
      const head = { layers, info, windows, shortClips, source: dataset.name, splitHash, engine };
      await createFeatureFile(beside, head);
      let rows: Float32Array[] = [];
      let written = 0;
      for await (const row of extractFeatures(tagger, readable(), options)) {
        bar.update(++written + skipped.length - dataset.skipped.length);
        if (rows.push(row) < rowsAtATime) continue;
        await appendFeatureRows(beside, layers, rows);
        rows = [];
      }
      if (read.length === 0) throw nothingRead(dataset, skipped);
      if (rows.length > 0) await appendFeatureRows(beside, layers, rows);
      await finishFeatureFile(beside, { ...dataset, clips: read });
    });
  } finally {
    bar.done();
    await pool.close();
  }
  return { path, clips: read.length, layers, skipped };

  async function* readable(): AsyncGenerator<Float32Array> {
    for await (const loaded of loadAhead(pool, dataset.clips, {
      sampleRate: info.sampleRate,
      durationSeconds,
    })) {
      if ('reason' in loaded) skipped.push({ path: loaded.clip.id, reason: loaded.reason });
      else {
        read.push(loaded.clip);
        yield loaded.samples;
      }
    }
  }
}

async function requireReplaceable(path: string): Promise<void> {
  if (!existsSync(path) || (await isFeatureFile(path))) return;
  throw new InputError(`${path}: is there and is not a feature file. Choose another place, or remove it.`);
}

function nothingRead({ name }: Dataset, skipped: SkippedClip[]): DatasetError {
  return new DatasetError(`${name}: no clip can be read; the first since: ${skipped[0]?.reason ?? 'none'}`);
}
