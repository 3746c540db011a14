/** Shards of a store: written clip by clip, and told whole from damaged when they are found again. */
import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import {
  hasSamples,
  sampleBytes,
  samplesAt,
  storeRecord,
  type StoreRecord,
} from '../../datasets/store/storeManifest.ts';
import { encodeSamples } from './encodeSamples.ts';
import { countsOf, shardHeader, shardLayout, type ShardCounts, type ShardFacts } from './shardHeader.ts';

/** Where the samples of a clip went, what they hash to, and how many of them did not fit. */
export interface WrittenSamples {
  offset: number;
  length: number;
  sha256: string;
  clipped: number;
}

/** A shard that is being written; one clip is in memory at a time. */
export class ShardWriter {
  private readonly file: number;
  private readonly facts: ShardFacts;
  private samples = 0;

  constructor(path: string, facts: ShardFacts) {
    this.file = openSync(path, 'w');
    this.facts = facts;
  }

  add(samples: Float32Array): WrittenSamples {
    const { bytes, clipped } = encodeSamples(samples, this.facts.encoding);
    writeAt(this.file, bytes, samplesAt + this.samples * sampleBytes[this.facts.encoding]);
    const offset = this.samples;
    this.samples += samples.length;
    return { offset, length: samples.length, sha256: sha256Of(bytes), clipped };
  }

  /** Writes what stands behind the samples, then the head, without which the file is nothing. */
  finish(records: readonly StoreRecord[]): void {
    const stored = records.filter(hasSamples);
    const lines = Buffer.from(recordLines(records));
    const counts: ShardCounts = {
      samples: this.samples,
      rows: stored.length,
      idBytes: Math.max(1, ...stored.map(({ clip }) => Buffer.byteLength(clip.id))),
      recordBytes: lines.length,
    };
    const at = shardLayout(this.facts.encoding, counts);
    const table = Buffer.alloc(at.end - at.offsets);
    stored.forEach(({ clip, offset, length }, row) => {
      table.writeBigInt64LE(BigInt(offset), 8 * row);
      table.writeBigInt64LE(BigInt(length), at.lengths - at.offsets + 8 * row);
      table.write(clip.id, at.ids - at.offsets + counts.idBytes * row);
    });
    lines.copy(table, at.clips - at.offsets);
    writeAt(this.file, table, at.offsets);
    writeAt(this.file, shardHeader(this.facts, counts), 0);
  }

  close(): void {
    closeSync(this.file);
  }
}

/** The records of a shard as they stand in it and in `clips.jsonl`. */
export function recordLines(records: readonly StoreRecord[]): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join('');
}

/**
 * What a shard tells of its clips, or undefined where it is missing, cut off, damaged, or of another identity. Every
 * sample is read and held against its hash.
 */
export function readWholeShard(path: string, facts: ShardFacts): StoreRecord[] | undefined {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return undefined;
  }
  try {
    const header = readAt(file, 0, samplesAt);
    if (header.length < samplesAt) return undefined;
    const counts = countsOf(header);
    const size = fstatSync(file).size;
    if (!Object.values(counts).every((count) => count <= size)) return undefined;
    const at = shardLayout(facts.encoding, counts);
    if (at.end !== size || !shardHeader(facts, counts).equals(header)) return undefined;
    const lines = readAt(file, at.clips, counts.recordBytes).toString('utf8').split('\n').slice(0, -1);
    const records = lines.map((line) => storeRecord.parse(JSON.parse(line)));
    return records.every((record) => hasItsHash(file, facts, counts, record)) ? records : undefined;
  } catch {
    return undefined; // lines that are no records
  } finally {
    closeSync(file);
  }
}

function hasItsHash(file: number, { encoding }: ShardFacts, { samples }: ShardCounts, record: StoreRecord) {
  if (!hasSamples(record)) return true;
  const { offset, length, sha256 } = record;
  if (offset + length > samples) return false;
  const width = sampleBytes[encoding];
  return sha256Of(readAt(file, samplesAt + offset * width, length * width)) === sha256;
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The system writes at most 2 GiB at a time. */
function writeAt(file: number, bytes: Buffer, position: number): void {
  let done = 0;
  while (done < bytes.length) done += writeSync(file, bytes, done, bytes.length - done, position + done);
}

function readAt(file: number, position: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let done = 0;
  for (let read = -1; done < length && read !== 0; done += read) {
    read = readSync(file, bytes, done, length - done, position + done);
  }
  return bytes.subarray(0, done);
}
