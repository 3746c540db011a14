/** What a store says about itself: `manifest.json`, and a line a clip in `clips.jsonl` and in its shard. */
import { z } from 'zod';

const count = z.int().nonnegative();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** How a manifest begins; no other file is taken for one. */
export const storeFormat = 'sonotag store';

/** `manifest.json`. */
export const storeHead = z.object({
  format: z.literal(storeFormat),
  formatVersion: z.literal(1),
  /** False while `prepare` is at work, or has been broken off. */
  complete: z.boolean(),
  /** Hz. */
  sampleRate: z.int().min(1000).max(768_000),
  encoding: z.enum(['int16', 'float32']),
  /** Clips of the data set that share a shard, the last one excepted. */
  shardClips: z.int().positive(),
  /** The data set but its clips. */
  dataset: z.looseObject({
    name: z.string(),
    tags: z.array(z.string()),
    exclusive: z.boolean(),
    skipped: z.array(z.object({ path: z.string(), reason: z.string() })),
  }),
  /** Of all clips of the data set, see `hashSplit`. */
  splitHash: sha256,
  /** Clips with samples, and those that were left out. */
  clips: count,
  faulty: count,
  /** Samples that passed the full scale of int16 and were set to it. */
  clipped: count,
  shards: z.array(z.object({ bytes: count, clips: count, faulty: count, samples: count, clipped: count })),
  /** Of `clips.jsonl`. */
  clipsSha256: sha256,
});

/** Samples of a shard start at this byte; before it is what HDF5 needs to find them. */
export const samplesAt = 4096;

const about = {
  /** The clip but its source: id, labels, and what else the data set knows of it. */
  clip: z.looseObject({
    id: z.string().min(1),
    labels: z.array(z.string()),
    split: z.enum(['train', 'valid', 'test']).optional(),
  }),
  /** The file that it was made from; null where it was rendered, or cannot be read. */
  source: z.object({ bytes: count, sha256 }).nullable(),
};

/** A line of `clips.jsonl`. */
export const storeRecord = z.union([
  z.object({
    ...about,
    shard: count,
    /** Place of its first sample among those of the shard. */
    offset: count,
    /** Samples. */
    length: z.int().positive(),
    /** Of the samples as they are stored. */
    sha256,
    clipped: count,
  }),
  z.object({ ...about, shard: count, reason: z.string() }),
]);

export type StoreHead = z.infer<typeof storeHead>;
export type StoreRecord = z.infer<typeof storeRecord>;
/** Of a clip that has samples; the others could not be read. */
export type StoredRecord = Extract<StoreRecord, { offset: number }>;
export function hasSamples(record: StoreRecord): record is StoredRecord {
  return 'offset' in record;
}

export const sampleBytes = { int16: 2, float32: 4 } as const;

/** @example shardName(3) // 'shard-00003.h5' */
export function shardName(index: number): string {
  return `shard-${String(index).padStart(5, '0')}.h5`;
}
