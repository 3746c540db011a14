/** Features of a whole data set in a file, which is there whole or not at all. */
import { existsSync } from 'node:fs';
import { DatasetError, hashSplit, type Clip, type Dataset, type SkippedClip } from '../../datasets/index.ts';
import { AudioPool } from '../audio/audioPool.ts';
import { InputError } from '../errors.ts';
import { replaceWhole } from '../files/writeWhole.ts';
import { silentReporter, type Reporter } from '../reporter.ts';
import { countUnits, type FeatureExtractor, type FeaturePart } from './featureExtractor.ts';
import {
  appendFeatureRows,
  createFeatureFile,
  describeRows,
  finishFeatureFile,
  isFeatureFile,
} from './featureFile.ts';
import { loadAhead } from './loadAhead.ts';
import { RowJournal } from './rowJournal.ts';

/** Part `number` of `of` parts of a data set, each on a machine or process of its own. */
export interface Shard {
  /** 1 to `of`. */
  number: number;
  of: number;
}

export interface WriteFeaturesOptions {
  /** Name of the engine in use, for the record. */
  engine: string;
  /** Which clips: one of several runs of neighbours, for `mergeFeatures`. Default: all. */
  shard?: Shard;
  /** Decoding threads. Default: what the machine can run at once. */
  threads?: number;
  reporter?: Reporter;
}

export interface WrittenFeatures {
  path: string;
  /** Rows in the file. */
  clips: number;
  /** Rows that a job broken off before had finished. */
  resumed: number;
  parts: FeaturePart[];
  skipped: SkippedClip[];
}

/**
 * Extracts features of every clip that can be read into an HDF5 file: a dataset `[clips, units]` for each part, `ids`,
 * `labels`, `tags`, and the provenance as attributes. A feature file that is there is replaced once the new one is
 * whole. The next clips are decoded while one batch is computed, and memory does not grow with their number.
 *
 * Rows are kept on disk as they come: the same job, killed and given again, goes on after the last of them, to the
 * same file. A row is taken to be that of a clip's id; when the recordings behind the ids change, remove
 * `.NAME.rows` beside the file.
 *
 * @throws InputError if `path` is a file of another kind.
 * @throws DatasetError if no clip can be read.
 * @example
 * const extractor = layerExtractor(tagger, { pool: 'both' });
 * await writeFeatures(extractor, await listDataset('recordings'), 'features.h5', { engine: engine.name });
 */
export async function writeFeatures(
  extractor: FeatureExtractor,
  dataset: Dataset,
  path: string,
  { engine, shard = { number: 1, of: 1 }, threads, reporter = silentReporter }: WriteFeaturesOptions,
): Promise<WrittenFeatures> {
  await requireReplaceable(path);
  const { parts } = extractor;
  const clips = clipsOf(dataset.clips, shard);
  const provenance = {
    ...{
      source: dataset.name,
      ...(dataset.split !== undefined && { split: dataset.split }),
      splitHash: hashSplit(dataset.clips),
      shard: `${shard.number}/${shard.of}`,
    },
    ...{ engine, sampleRate: extractor.sampleRate, ...extractor.provenance },
  };
  const journal = new RowJournal(path, JSON.stringify({ parts, provenance }), countUnits(parts));
  const resumed = journal.finished.size;
  if (resumed > 0) reporter.line(`going on after ${resumed} of ${clips.length} clips`);
  if (journal.startedOver) reporter.line('rows of a job of other options were there; starting over');
  const skipped: SkippedClip[] = [...dataset.skipped];
  try {
    await fillJournal();
    const read = clips.filter((_, index) => journal.finished.has(index));
    if (read.length === 0) {
      journal.remove();
      throw nothingRead(dataset, skipped);
    }
    await replaceWhole(path, async (beside) => {
      await createFeatureFile(beside, { parts, provenance });
      await appendFeatureRows(beside, parts, journal.rows());
      await finishFeatureFile(beside, describeRows(read, dataset.tags));
    });
    journal.remove();
    return { path, clips: read.length, resumed, parts, skipped };
  } finally {
    journal.close();
  }

  async function fillJournal(): Promise<void> {
    const indices = [...clips.keys()].filter((index) => !journal.finished.has(index));
    const computing: number[] = [];
    const pool = new AudioPool({ threads });
    const bar = reporter.bar('features', clips.length);
    bar.skip(journal.finished.size);
    const show = () => bar.update(journal.finished.size + skipped.length - dataset.skipped.length);
    try {
      for await (const row of extractor.rows(readable(pool, indices, computing))) {
        journal.add(computing.shift()!, row);
        show();
      }
    } finally {
      bar.done();
      await pool.close();
    }
  }

  async function* readable(
    pool: AudioPool,
    indices: number[],
    computing: number[],
  ): AsyncGenerator<Float32Array> {
    const { sampleRate, durationSeconds } = extractor;
    const waiting = indices.map((index) => clips[index]);
    let place = 0;
    for await (const loaded of loadAhead(pool, waiting, { sampleRate, durationSeconds })) {
      const index = indices[place++];
      if ('reason' in loaded) skipped.push({ path: loaded.clip.id, reason: loaded.reason });
      else {
        computing.push(index);
        yield loaded.samples;
      }
    }
  }
}

/**
 * The clips of a shard: neighbours, so that shards one after the other are the whole.
 *
 * @throws RangeError if the shard's number is not one of 1 to `of`.
 */
export function clipsOf(clips: readonly Clip[], { number, of }: Shard): Clip[] {
  if (!(Number.isInteger(number) && Number.isInteger(of) && number >= 1 && number <= of)) {
    throw new RangeError(`shard: must be one of 1/N to N/N; got ${number}/${of}.`);
  }
  const start = (place: number) => Math.floor((place * clips.length) / of);
  return clips.slice(start(number - 1), start(number));
}

async function requireReplaceable(path: string): Promise<void> {
  if (!existsSync(path) || (await isFeatureFile(path))) return;
  throw new InputError(`${path}: is there and is not a feature file. Choose another place, or remove it.`);
}

function nothingRead({ name }: Dataset, skipped: SkippedClip[]): DatasetError {
  return new DatasetError(`${name}: no clip can be read; the first since: ${skipped[0]?.reason ?? 'none'}`);
}
