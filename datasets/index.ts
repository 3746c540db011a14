/** The public names of `datasets/`, and one listing for whatever a command line may name. */

import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { DatasetError } from './dataset.ts';
import type { Dataset } from './dataset.ts';
import { listFolder } from './folder.ts';
import { listGenerated } from './generated/index.ts';
import { requireKnownTag } from './knownTags.ts';
import { listManifest } from './manifest.ts';
import { isStore, listStore } from './store/listStore.ts';

export type {
  Clip,
  Dataset,
  RenderClip,
  RenderedClip,
  SkippedClip,
  Split,
  StoredSamples,
} from './dataset.ts';
export { DatasetError } from './dataset.ts';
export { audioExtensions, listFolder } from './folder.ts';
export type { FolderOptions } from './folder.ts';
export { generatedTags, listGenerated, renderUnseen } from './generated/index.ts';
export type { GeneratedOptions } from './generated/index.ts';
export { listManifest } from './manifest.ts';
export type { ManifestOptions } from './manifest.ts';
export { foldsOf, hashSplit, splitDataset } from './splits.ts';
export type { SplitOptions } from './splits.ts';
export { isStore, listStore } from './store/listStore.ts';

export interface DatasetOptions {
  /** Tags to expect, in the order of the outputs; any other is an error. Default: those of the data set. */
  tags?: readonly string[];
  /** Seed of the `generated` data set, a 32-bit integer. Default 1. */
  seed?: number;
  /** Take a folder of audio files without class folders, too; its clips have no labels. Default false. */
  unlabelled?: boolean;
}

/**
 * Lists a data set by name or path: `generated`, a folder of class folders, a manifest CSV, or a store of `prepare`.
 * A folder of that name is meant by `./generated`.
 *
 * @throws DatasetError if it is none of these, or the listing finds a fault.
 * @example await listDataset('generated')
 * @example await listDataset('recordings/clips.csv', { tags: ['flute', 'oboe'] })
 */
export async function listDataset(
  nameOrPath: string,
  { tags, seed, unlabelled }: DatasetOptions = {},
): Promise<Dataset> {
  if (nameOrPath === 'generated') return withTags(listGenerated({ seed }), tags);
  const status = await stat(nameOrPath).catch(() => undefined);
  if (status?.isDirectory() && (await isStore(nameOrPath)))
    return withTags(await listStore(nameOrPath), tags);
  if (status?.isDirectory()) return listFolder(nameOrPath, { tags, unlabelled });
  if (extname(nameOrPath).toLowerCase() === '.csv') return listManifest(nameOrPath, { tags });
  throw new DatasetError(
    `${status ? 'not a data set' : 'no such data set'}: ${nameOrPath}; expected the name "generated", a folder with one sub-folder of recordings per class, ` +
      'or a manifest .csv with the columns path,tags',
  );
}

function withTags(dataset: Dataset, tags: readonly string[] | undefined): Dataset {
  if (!tags) return dataset;
  for (const tag of dataset.tags) requireKnownTag(dataset.name, tag, tags);
  return { ...dataset, tags: [...tags] };
}
