/** From what the lists of a data set say to clips whose audio is there, and a note of those whose audio is not. */

import { join } from 'node:path';
import { DatasetError } from '../dataset.ts';
import type { Clip, Dataset, SkippedClip } from '../dataset.ts';
import type { DatasetFacts, PublishedSplit } from '../facts.ts';
import { didYouMean } from '../knownTags.ts';
import type { PresentFiles } from './presentFiles.ts';

/** A clip as a list names it: the path of its file, relative to the data set's root, with forward slashes. */
export interface ListedClip extends Omit<Clip, 'id' | 'source'> {
  path: string;
  /** Where several clips share a file, or the path differs from copy to copy. Default: the path. */
  id?: string;
}

/**
 * Splits listed clips into those whose audio is there and those whose audio is missing, in their order.
 *
 * @throws DatasetError if none is there; it says how to get the data set.
 */
export async function listFiles(
  facts: DatasetFacts,
  files: PresentFiles,
  listed: readonly ListedClip[],
): Promise<{ clips: Clip[]; skipped: SkippedClip[] }> {
  const clips: Clip[] = [];
  const skipped: SkippedClip[] = [];
  for (const { path, id = path, ...rest } of listed) {
    const source = join(files.root, path);
    if (await files.has(path)) clips.push({ id, source, ...rest });
    else skipped.push({ path: source, reason: 'file not found' });
  }
  if (clips.length === 0) {
    const first = skipped.length > 0 ? `, the first: ${skipped[0].path}` : '';
    throw new DatasetError(
      `${facts.name}: none of its ${skipped.length} recordings is in ${files.root}${first}. ${facts.howToGet}`,
    );
  }
  return { clips, skipped };
}

/** The data set, with every tag of `tags` in their order, whether a clip carries it or not. */
export function datasetOf(
  facts: DatasetFacts,
  { clips, skipped }: { clips: Clip[]; skipped: SkippedClip[] },
  { tags, exclusive, split }: { tags: readonly string[]; exclusive: boolean; split?: PublishedSplit },
): Dataset {
  return {
    name: facts.name,
    clips,
    tags: [...tags],
    exclusive,
    skipped,
    ...(split && { split: split.name }),
  };
}

/**
 * The published split of that name, or the first.
 *
 * @throws DatasetError naming those that there are.
 */
export function chooseSplit(
  { name, splits }: DatasetFacts,
  wanted: string | undefined,
): PublishedSplit | undefined {
  if (wanted === undefined) return splits[0];
  const found = splits.find((split) => split.name === wanted);
  if (found) return found;
  const names = splits.map((split) => split.name);
  const known =
    names.length === 0 ? 'it has no published split; leave --split out' : `it has ${names.join(', ')}`;
  throw new DatasetError(`${name}: no split "${wanted}"; ${known}${didYouMean(wanted, names)}`);
}

/** @throws DatasetError if the field is not a fold 1 … `folds`. */
export function requireFold(where: string, field: string, folds: number): number {
  const fold = Number(field);
  if (Number.isInteger(fold) && fold >= 1 && fold <= folds) return fold;
  throw new DatasetError(`${where}: the fold is "${field}"; expected a whole number 1 … ${folds}`);
}
