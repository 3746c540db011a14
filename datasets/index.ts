/** The public names of `datasets/`, and one listing for whatever a command line may name. */

import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { listChordClasses } from './chords/chordClasses.ts';
import { DatasetError } from './dataset.ts';
import type { Dataset } from './dataset.ts';
import type { KnownDataset } from './facts.ts';
import { listFolder } from './folder.ts';
import { listGenerated } from './generated/index.ts';
import { didYouMean, requireKnownTag } from './knownTags.ts';
import { knownDatasets } from './known/index.ts';
import { listManifest } from './manifest.ts';
import { isStore, listStore } from './store/listStore.ts';

export type {
  Clip,
  Dataset,
  RenderClip,
  RenderedClip,
  Segment,
  SkippedClip,
  Split,
  StoredSamples,
} from './dataset.ts';
export { DatasetError } from './dataset.ts';
export type { DatasetFacts, DatasetFile, KnownDataset, ListOptions, PublishedSplit } from './facts.ts';
export { audioExtensions, listFolder } from './folder.ts';
export type { FolderOptions } from './folder.ts';
export { generatedTags, listGenerated, renderUnseen } from './generated/index.ts';
export type { GeneratedOptions } from './generated/index.ts';
export { findKnownDataset, knownDatasets } from './known/index.ts';
export { listManifest } from './manifest.ts';
export type { ManifestOptions } from './manifest.ts';
export { publishedFolds } from './publishedFolds.ts';
export { foldsOf, hashSplit, nameSplit, splitDataset } from './splits.ts';
export type { GroupKey, SplitOptions } from './splits.ts';
export { isStore, listStore } from './store/listStore.ts';
export { drawSubset } from './subset.ts';

export interface DatasetOptions {
  /** Tags to expect, in the order of the outputs; any other is an error. Default: those of the data set. */
  tags?: readonly string[];
  /** Seed of the data sets that are rendered, a 32-bit integer. Default 1. */
  seed?: number;
  /** Take a folder of audio files without class folders, too; its clips have no labels. Default false. */
  unlabelled?: boolean;
  /** Published split of a published data set, by name. Default: its first. */
  split?: string;
}

/**
 * Lists a data set by name or path: `generated`, `chords`, a published data set and the folder of its copy such as
 * `gtzan-genre:data/gtzan`, a store of `prepare`, a folder of class folders, or a manifest CSV. A folder of that name
 * is meant by `./generated`.
 *
 * @throws DatasetError if it is none of these, or the listing finds a fault.
 * @example await listDataset('generated')
 * @example await listDataset('openmic-2018:data/openmic', { split: 'split01' })
 * @example await listDataset('recordings/clips.csv', { tags: ['flute', 'oboe'] })
 */
export async function listDataset(
  nameOrPath: string,
  { tags, seed, unlabelled, split }: DatasetOptions = {},
): Promise<Dataset> {
  const published = findPublished(nameOrPath);
  if (published) return withTags(await published.dataset.list(published.folder, { split }), tags);
  if (split !== undefined) {
    throw new DatasetError(
      `${nameOrPath}: --split "${split}" names a published split, which only a published data set has, given as ` +
        'NAME:DIR; the parts of a manifest are in its column "split"',
    );
  }
  if (nameOrPath === 'generated') return withTags(listGenerated({ seed }), tags);
  if (nameOrPath === 'chords') return withTags(listChordClasses({ seed }), tags);
  const status = await stat(nameOrPath).catch(() => undefined);
  if (status?.isDirectory() && (await isStore(nameOrPath)))
    return withTags(await listStore(nameOrPath), tags);
  if (status?.isDirectory()) return listFolder(nameOrPath, { tags, unlabelled });
  if (extname(nameOrPath).toLowerCase() === '.csv') return listManifest(nameOrPath, { tags });
  requireFolderOfKnown(nameOrPath);
  throw new DatasetError(
    `${status ? 'not a data set' : 'no such data set'}: ${nameOrPath}; expected the name "generated" or "chords", a folder with one sub-folder of recordings per class, a store of "prepare", ` +
      'a manifest .csv with the columns path,tags, or a published data set as NAME:DIR (see "sonotag datasets")',
  );
}

/** The data set and the folder of `gtzan-genre:data/gtzan`; undefined where the text has not this form. */
function findPublished(text: string): { dataset: KnownDataset; folder: string } | undefined {
  const colon = text.indexOf(':');
  const dataset = knownDatasets.find(({ facts }) => facts.name === text.slice(0, colon));
  if (colon === -1 || !dataset) return undefined;
  const folder = text.slice(colon + 1);
  if (folder !== '') return { dataset, folder };
  throw new DatasetError(`${text} names no folder; say where your copy is, such as ${text}data/my-copy`);
}

/** Explains a name without its folder, or a mistyped name with one. */
function requireFolderOfKnown(text: string): void {
  const names = knownDatasets.map(({ facts }) => facts.name);
  if (names.includes(text)) {
    throw new DatasetError(
      `${text} is a published data set; say where your copy is, as ${text}:DIR. ` +
        `How to get one: sonotag datasets ${text}`,
    );
  }
  const typed = /^([a-z0-9-]{2,}):/i.exec(text)?.[1];
  if (typed === undefined) return;
  throw new DatasetError(
    `no published data set "${typed}"; there are ${names.join(', ')}${didYouMean(typed, names)}`,
  );
}

function withTags(dataset: Dataset, tags: readonly string[] | undefined): Dataset {
  if (!tags) return dataset;
  const carried = new Set(dataset.clips.flatMap(({ labels }) => labels));
  for (const tag of carried) requireKnownTag(dataset.name, tag, tags);
  return { ...dataset, tags: [...tags] };
}
