/** A folder written by `sonotag prepare` as a data set. */
import { createHash } from 'node:crypto';
import { open, readFile, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { z } from 'zod';
import { DatasetError, type Clip, type Dataset } from '../dataset.ts';
import { readLines } from './readLines.ts';
import {
  hasSamples,
  sampleBytes,
  samplesAt,
  shardName,
  storeFormat,
  storeHead,
  storeRecord,
  type StoreHead,
  type StoredRecord,
} from './storeManifest.ts';

/** A manifest of a million shards has less; what is larger was not written by `prepare`. */
const mostManifestBytes = 2 ** 27;

/** Whether a folder's `manifest.json` begins as that of a store does, be it whole or not. */
export async function isStore(folder: string): Promise<boolean> {
  const file = await open(join(folder, 'manifest.json')).catch(() => undefined);
  if (!file) return false;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(64), 0, 64, 0);
    return buffer.toString('latin1', 0, bytesRead).includes(`"format": "${storeFormat}"`);
  } catch {
    return false; // a folder of that name
  } finally {
    await file.close();
  }
}

/**
 * Lists a store: the clips in the order of the data set that it was made from, with their labels and parts, each with
 * the place of its samples. Clips that could not be read when it was made are among the skipped.
 *
 * Places in the manifest are held against the sizes of the files, so nobody who reads a clip takes more memory than a
 * shard holds.
 *
 * @throws DatasetError, one line, if the store is unfinished, cut off, damaged, or of another version.
 * @example const { clips } = await listStore('stores/instruments');
 */
export async function listStore(folder: string): Promise<Dataset> {
  const head = await readStoreHead(folder);
  if (!head.complete)
    throw fault(folder, 'the store is not finished: "prepare" is at work or was broken off');
  await requireShards(folder, head);
  const { skipped, ...dataset } = head.dataset;
  const listed: Dataset = { ...dataset, name: basename(resolve(folder)), clips: [], skipped: [...skipped] };
  const known = { tags: new Set(listed.tags), ids: new Set<string>() };
  const hash = createHash('sha256');
  let lines = 0;
  const lineFault = (reason: string) => fault(folder, `clips.jsonl line ${lines}: ${reason}`);
  try {
    for await (const line of readLines(join(folder, 'clips.jsonl'))) {
      lines++;
      hash.update(line).update('\n');
      const record = parse(line.toString('utf8'), storeRecord, lineFault);
      if (known.ids.has(record.clip.id)) throw lineFault(`the id "${record.clip.id}" stands twice`);
      known.ids.add(record.clip.id);
      const unknown = record.clip.labels.find((label) => !known.tags.has(label));
      if (unknown !== undefined) throw lineFault(`the tag "${unknown}" is not in manifest.json`);
      if (hasSamples(record)) listed.clips.push(placeClip(folder, head, record, lineFault));
      else listed.skipped.push({ path: record.clip.id, reason: record.reason });
    }
  } catch (error) {
    throw error instanceof DatasetError ? error : fault(folder, `clips.jsonl: ${(error as Error).message}`);
  }
  if (lines !== head.clips + head.faulty || hash.digest('hex') !== head.clipsSha256) {
    throw fault(folder, 'clips.jsonl is not the file that manifest.json was written with');
  }
  return listed;
}

/** @throws DatasetError if the manifest is missing, cut off, or not one of this version. */
export async function readStoreHead(folder: string): Promise<StoreHead> {
  const path = join(folder, 'manifest.json');
  const headFault = (reason: string) => fault(folder, `manifest.json: ${reason}`);
  const size = await stat(path).then(
    (status) => status.size,
    (error: Error) => {
      throw headFault(error.message);
    },
  );
  if (size > mostManifestBytes) throw headFault(`has ${size} bytes, expected at most ${mostManifestBytes}`);
  return parse(await readFile(path, 'utf8'), storeHead, headFault);
}

async function requireShards(folder: string, { shards, encoding }: StoreHead): Promise<void> {
  for (const [index, { bytes, samples }] of shards.entries()) {
    const name = shardName(index);
    const found = await stat(join(folder, name)).catch(() => undefined);
    if (!found?.isFile()) throw fault(folder, `${name} is missing`);
    if (found.size !== bytes) throw fault(folder, `${name} has ${found.size} bytes, expected ${bytes}`);
    if (samplesAt + samples * sampleBytes[encoding] > bytes) {
      throw fault(folder, `${name} has ${bytes} bytes, too few for its ${samples} samples`);
    }
  }
}

function placeClip(
  folder: string,
  { shards, encoding, sampleRate }: StoreHead,
  { clip, shard, offset, length, sha256 }: StoredRecord,
  lineFault: (reason: string) => DatasetError,
): Clip {
  if (!(shard < shards.length && offset + length <= shards[shard].samples)) {
    throw lineFault(`"${clip.id}" ends behind the samples of ${shardName(shard)}`);
  }
  const file = join(folder, shardName(shard));
  const position = samplesAt + offset * sampleBytes[encoding];
  return { ...clip, source: { file, position, length, encoding, sampleRate, sha256 } };
}

function parse<T>(text: string, schema: z.ZodType<T>, faultOf: (reason: string) => DatasetError): T {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw faultOf('cut off or damaged');
  }
  const { success, data, error } = schema.safeParse(json);
  if (success) return data;
  const [{ path, message }] = error.issues;
  throw faultOf(`"${path.join('.')}": ${message}`);
}

function fault(folder: string, reason: string): DatasetError {
  return new DatasetError(`${folder}: ${reason}. Run the same "sonotag prepare" again, which mends it.`);
}
