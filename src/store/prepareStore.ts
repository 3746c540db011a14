/** Audio decoded, mixed and resampled once, into files that several processes read at the same time. */
import { createHash } from 'node:crypto';
import { appendFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatasetError, hashSplit, type Dataset, type SkippedClip } from '../../datasets/index.ts';
import {
  hasSamples,
  shardName,
  storeFormat,
  type StoreHead,
  type StoreRecord,
} from '../../datasets/store/storeManifest.ts';
import { AudioPool } from '../audio/audioPool.ts';
import { resampledLength } from '../audio/resample.ts';
import { enableRelaxedSimd } from '../engine/relaxedSimd.ts';
import { replaceWhole, writeWhole } from '../files/writeWhole.ts';
import { silentReporter, type Reporter } from '../reporter.ts';
import type { SampleEncoding } from './encodeSamples.ts';
import { recordLines } from './shardFile.ts';
import { removeLeftBehind, removeShardsFrom, requirePlace } from './storePlace.ts';
import { findShard, writeShard } from './writeShard.ts';

export interface PrepareStoreOptions {
  /** Of the samples in the store, Hz, a whole number, 1000 to 768000. */
  sampleRate: number;
  /** `int16` takes half the room, see `encodeSamples`; `float32` is what decoding gives, bit for bit. Default `'int16'`. */
  encoding?: SampleEncoding;
  /** Clips of the data set that share a shard, >= 1; at most so many are lost when the job is broken off. Default 512. */
  shardClips?: number;
  /** Decoding threads; the store does not depend on it. Default: what the machine can run at once. */
  threads?: number;
  reporter?: Reporter;
}

export interface PreparedStore {
  path: string;
  /** Clips in the store. */
  clips: number;
  seconds: number;
  /** Of all shards. */
  bytes: number;
  /** Samples that passed full scale and were set to it; 0 for float32. */
  clipped: number;
  /** Clips, faulty ones included, that a job before had finished. */
  resumed: number;
  skipped: SkippedClip[];
}

/**
 * Writes the samples of every clip that can be read into a folder: `shard-00000.h5` …, `clips.jsonl`, `manifest.json`.
 * Clips are decoded in threads and written in order; memory holds a few of them and the listing.
 *
 * A shard is there whole or not at all. The same job given again keeps the shards that are whole, by the hashes of
 * their samples and the sizes of their sources, and makes the others: broken off as often as you like, it ends with
 * the same bytes. A source that has changed but not its size is not noticed; remove the store then.
 *
 * @throws InputError if `out` holds something else, a store of other options included.
 * @throws DatasetError if no clip can be read.
 * @throws RangeError if an option is outside its range.
 * @example await prepareStore(await listDataset('recordings'), 'stores/recordings', { sampleRate: 12_000 })
 */
export async function prepareStore(
  dataset: Dataset,
  out: string,
  {
    sampleRate,
    encoding = 'int16',
    shardClips = 512,
    threads,
    reporter = silentReporter,
  }: PrepareStoreOptions,
): Promise<PreparedStore> {
  requireOptions(sampleRate, shardClips);
  enableRelaxedSimd(); // as engines do: the store is to hold the bits that training on the files would see
  const { clips, ...about } = dataset;
  const unfinished: StoreHead = {
    ...{ format: storeFormat, formatVersion: 1, complete: false, sampleRate, encoding, shardClips },
    ...{ dataset: about, splitHash: hashSplit(clips) },
    ...{ clips: 0, faulty: 0, clipped: 0, shards: [], clipsSha256: createHash('sha256').digest('hex') },
  };
  let isMarked = false;
  const markUnfinished = async () => {
    if (!isMarked) await writeHead(out, unfinished);
    isMarked = true;
  };
  if (!(await requirePlace(out, unfinished))) await markUnfinished();
  removeLeftBehind(out);
  const shards: StoreHead['shards'] = [];
  const skipped = [...dataset.skipped];
  const clipsHash = createHash('sha256');
  let resumed = 0;
  const pool = new AudioPool({ threads });
  const bar = reporter.bar('preparing', clips.length);
  try {
    await replaceWhole(join(out, 'clips.jsonl'), async (beside) => {
      for (let first = 0; first < clips.length; first += shardClips) {
        const shard = { index: shards.length, clips: clips.slice(first, first + shardClips) };
        const job = { path: join(out, shardName(shard.index)), sampleRate, encoding, ...shard };
        let records = findShard(job);
        if (records) {
          resumed += shard.clips.length;
          bar.skip(shard.clips.length);
        } else {
          await markUnfinished();
          records = await writeShard(job, pool, (done) => bar.update(first + done));
        }
        bar.update(first + shard.clips.length);
        shards.push(countShard(job.path, records));
        for (const record of records) {
          if (!hasSamples(record)) skipped.push({ path: record.clip.id, reason: record.reason });
        }
        const lines = recordLines(records);
        clipsHash.update(lines);
        appendFileSync(beside, lines);
      }
      appendFileSync(beside, ''); // where there are no clips
    });
  } finally {
    bar.done();
    await pool.close();
  }
  removeShardsFrom(out, shards.length);
  const total = (what: keyof (typeof shards)[number]) => shards.reduce((sum, shard) => sum + shard[what], 0);
  const counts = { clips: total('clips'), faulty: total('faulty'), clipped: total('clipped') };
  if (counts.clips === 0) {
    throw new DatasetError(
      `${dataset.name}: no clip can be read; the first since: ${skipped[0]?.reason ?? 'there are none'}`,
    );
  }
  const clipsSha256 = clipsHash.digest('hex');
  await writeHead(out, { ...unfinished, complete: true, ...counts, shards, clipsSha256 });
  const seconds = total('samples') / sampleRate;
  return {
    path: out,
    clips: counts.clips,
    seconds,
    bytes: total('bytes'),
    clipped: counts.clipped,
    resumed,
    skipped,
  };
}

function requireOptions(sampleRate: number, shardClips: number): void {
  resampledLength(0, sampleRate, sampleRate); // checks the rate
  if (Number.isInteger(shardClips) && shardClips >= 1) return;
  throw new RangeError(
    `prepareStore: shardClips must be a whole number >= 1; got ${shardClips}. Leave it out for 512.`,
  );
}

function countShard(path: string, records: StoreRecord[]): StoreHead['shards'][number] {
  const stored = records.filter(hasSamples);
  const sum = (what: 'length' | 'clipped') => stored.reduce((total, record) => total + record[what], 0);
  return {
    bytes: statSync(path).size,
    clips: stored.length,
    faulty: records.length - stored.length,
    samples: sum('length'),
    clipped: sum('clipped'),
  };
}

async function writeHead(out: string, head: StoreHead): Promise<void> {
  await writeWhole(join(out, 'manifest.json'), `${JSON.stringify(head, null, 1)}\n`);
}
