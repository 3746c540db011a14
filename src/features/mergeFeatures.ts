/** The feature files of a data set's shards as one file. */
import { InputError } from '../errors.ts';
import { replaceWhole } from '../files/writeWhole.ts';
import {
  appendFeatureRows,
  createFeatureFile,
  finishFeatureFile,
  openFeatures,
  readFeatureRows,
  rowsAtATime,
  type OpenedFeatures,
} from './featureFile.ts';

/**
 * Puts the files of all shards of a data set together, in the data set's order, whichever order they are named in: the
 * file that one job would have written. Some rows at a time are in memory.
 *
 * @param paths files of `writeFeatures`, one for each shard
 * @returns the number of rows.
 * @throws InputError if a file is not a feature file, a shard is missing or there twice, or two differ in anything but
 * their clips; the message names both values.
 * @example await mergeFeatures(['1.h5', '2.h5'], 'all.h5')
 */
export async function mergeFeatures(paths: readonly string[], out: string): Promise<number> {
  const shards = await orderShards(paths);
  const [{ features: first }] = shards;
  const provenance = { ...first.provenance, shard: '1/1' };
  await replaceWhole(out, async (beside) => {
    await createFeatureFile(beside, { parts: first.parts, provenance });
    for (const { path, features } of shards) await appendRowsOf(beside, path, features);
    await finishFeatureFile(beside, joinRows(shards.map(({ features }) => features)));
  });
  return shards.reduce((sum, { features }) => sum + features.ids.length, 0);
}

interface ShardFile {
  path: string;
  features: OpenedFeatures;
  number: number;
  of: number;
}

async function orderShards(paths: readonly string[]): Promise<ShardFile[]> {
  const shards: ShardFile[] = [];
  for (const path of paths) {
    const features = await openFeatures(path);
    const [number, of] = String(features.provenance.shard).split('/').map(Number);
    shards.push({ path, features, number, of });
  }
  shards.sort((a, b) => a.number - b.number);
  const [first, ...others] = shards;
  if (!first) throw new InputError('merge: no feature files were named. Name one for each shard.');
  for (const other of others) requireSame(first, other);
  for (let number = 1; number <= first.of; number++) {
    const found = shards.filter((shard) => shard.number === number);
    if (found.length === 1) continue;
    const fault = found.length === 0 ? 'is missing' : `is there twice: ${found[0].path}, ${found[1].path}`;
    throw new InputError(`merge: shard ${number}/${first.of} ${fault}. Name one file for each shard.`);
  }
  return shards;
}

function requireSame(a: ShardFile, b: ShardFile): void {
  const [headA, headB] = [a, b].map(describe);
  for (const name of new Set([...Object.keys(headA), ...Object.keys(headB)])) {
    if (headA[name] === headB[name]) continue;
    throw new InputError(
      `merge: ${name} is ${headA[name]} in ${a.path}, but ${headB[name]} in ${b.path}. ` +
        'Write all shards with the same options.',
    );
  }
}

function describe({ features, of }: ShardFile): Record<string, string | number> {
  const { parts, provenance, tags } = features;
  return { ...provenance, shard: `i/${of}`, parts: JSON.stringify(parts), tags: JSON.stringify(tags) };
}

async function appendRowsOf(beside: string, path: string, { parts, ids }: OpenedFeatures): Promise<void> {
  for (let start = 0; start < ids.length; start += rowsAtATime) {
    const end = Math.min(start + rowsAtATime, ids.length);
    const blocks: Float32Array[] = [];
    for (const { dataset } of parts) blocks.push(await readFeatureRows(path, dataset, start, end));
    const rows = Array.from({ length: end - start }, (_, row) =>
      Float32Array.from(
        blocks.flatMap((block, part) => {
          const units = parts[part].units.length;
          return [...block.subarray(row * units, (row + 1) * units)];
        }),
      ),
    );
    await appendFeatureRows(beside, parts, rows);
  }
}

function joinRows(all: OpenedFeatures[]) {
  const [{ tags }] = all;
  const hasSplits = all.some(({ splits }) => splits !== undefined);
  return {
    ids: all.flatMap(({ ids }) => ids),
    tags,
    labels: Uint8Array.from(all.flatMap(({ labels }) => [...labels])),
    splits: hasSplits ? all.flatMap(({ ids, splits }) => splits ?? ids.map(() => '')) : undefined,
  };
}
