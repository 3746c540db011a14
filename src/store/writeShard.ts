/** One shard of a store: taken over where it is whole, made where it is not. */
import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import type { Clip } from '../../datasets/index.ts';
import type { StoreRecord } from '../../datasets/store/storeManifest.ts';
import type { AudioPool } from '../audio/audioPool.ts';
import { bestResampleBuild } from '../audio/resampleKernel/simdResampler.ts';
import { loadAhead } from '../features/loadAhead.ts';
import { replaceWhole } from '../files/writeWhole.ts';
import type { SampleEncoding } from './encodeSamples.ts';
import { readWholeShard, ShardWriter } from './shardFile.ts';
import type { ShardFacts } from './shardHeader.ts';

export interface ShardJob {
  path: string;
  index: number;
  clips: Clip[];
  /** Hz. */
  sampleRate: number;
  encoding: SampleEncoding;
}

/** The records of a shard that is there, is whole, and was made from these clips; undefined where it is not so. */
export function findShard(job: ShardJob): StoreRecord[] | undefined {
  const records = readWholeShard(job.path, factsOf(job));
  const isCurrent =
    records?.length === job.clips.length &&
    records.every(({ source }, i) => source?.bytes === sizeOf(job.clips[i].source));
  return isCurrent ? records : undefined;
}

/** @param onClip is told how many clips are done */
export async function writeShard(
  job: ShardJob,
  pool: AudioPool,
  onClip: (done: number) => void,
): Promise<StoreRecord[]> {
  const records: StoreRecord[] = [];
  await replaceWhole(job.path, async (beside) => {
    const writer = new ShardWriter(beside, factsOf(job));
    try {
      for await (const loaded of loadAhead(pool, job.clips, { sampleRate: job.sampleRate })) {
        const about = {
          clip: factsOfClip(loaded.clip),
          source: hashSource(loaded.clip.source),
          shard: job.index,
        };
        records.push(
          'reason' in loaded
            ? { ...about, reason: loaded.reason }
            : { ...about, ...writer.add(loaded.samples) },
        );
        onClip(records.length);
      }
      writer.finish(records);
    } finally {
      writer.close();
    }
  });
  return records;
}

/** What a shard is to be: with another identity it is another one. The resampler's builds differ in the last bits. */
function factsOf({ sampleRate, encoding, index, clips }: ShardJob): ShardFacts {
  const identity = createHash('sha256')
    .update(JSON.stringify(['sonotag shard 1', bestResampleBuild(), index, sampleRate, encoding]))
    .update(JSON.stringify(clips, (key, value: unknown) => (key === 'source' ? undefined : value)))
    .digest('hex');
  return { encoding, sampleRate, identity };
}

/** What stays true of the clip in a store: where it was taken from is past. */
function factsOfClip(clip: Clip): Omit<Clip, 'source'> {
  const facts: Partial<Clip> & { segment?: unknown } = { ...clip };
  delete facts.source;
  delete facts.segment;
  return facts as Omit<Clip, 'source'>;
}

/** Size of a source; undefined where it is no file or cannot be read, as null is in a record. */
function sizeOf(source: Clip['source']): number | undefined {
  if (typeof source !== 'string') return undefined;
  return statSync(source, { throwIfNoEntry: false })?.size;
}

const block = Buffer.alloc(2 ** 20);

function hashSource(source: Clip['source']): { bytes: number; sha256: string } | null {
  if (typeof source !== 'string') return null;
  try {
    const file = openSync(source, 'r');
    try {
      const hash = createHash('sha256');
      let bytes = 0;
      for (let read = -1; read !== 0; bytes += read) {
        read = readSync(file, block);
        hash.update(block.subarray(0, read));
      }
      return { bytes, sha256: hash.digest('hex') };
    } finally {
      closeSync(file);
    }
  } catch {
    return null; // its reason is told by whoever decoded it
  }
}
