/** The published data sets that sonotag knows, one file each. */

import { DatasetError } from '../dataset.ts';
import type { KnownDataset } from '../facts.ts';
import { didYouMean } from '../knownTags.ts';
import { gtzanGenre } from './gtzanGenre.ts';

/** In the order in which `sonotag datasets` lists them. */
export const knownDatasets: readonly KnownDataset[] = [gtzanGenre];

/**
 * The data set of that name.
 *
 * @throws DatasetError naming those that there are, and the nearest.
 * @example findKnownDataset('gtzan-genre').facts.licence
 */
export function findKnownDataset(name: string): KnownDataset {
  const found = knownDatasets.find(({ facts }) => facts.name === name);
  if (found) return found;
  const names = knownDatasets.map(({ facts }) => facts.name);
  throw new DatasetError(`no data set "${name}"; there are ${names.join(', ')}${didYouMean(name, names)}`);
}
