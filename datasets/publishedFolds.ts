/** Folds that a data set was published with, so that results compare with those of others. */

import { DatasetError } from './dataset.ts';
import type { Dataset } from './dataset.ts';

/**
 * The published fold of every clip, 0 … k - 1; null where the data set has none.
 *
 * @throws DatasetError if it has another number of folds than `k`, or clips without one.
 * @example publishedFolds(await listDataset('esc50:data/esc50'), 5) ?? foldsOf(dataset, 5, seed)
 */
export function publishedFolds({ name, clips }: Dataset, k: number): number[] | null {
  const folds = new Set(clips.map(({ fold }) => fold));
  if (!clips.some(({ fold }) => fold !== undefined)) return null;
  if (folds.has(undefined)) {
    const { id } = clips.find(({ fold }) => fold === undefined)!;
    throw new DatasetError(
      `${name}: some clips have a fold and ${id} has none; give all of them one, or none`,
    );
  }
  const highest = Math.max(...clips.map(({ fold }) => fold!));
  if (highest === k && folds.size === k) return clips.map(({ fold }) => fold! - 1);
  const missing = Array.from({ length: highest }, (_, i) => i + 1).find((fold) => !folds.has(fold));
  if (missing !== undefined) {
    throw new DatasetError(
      `${name}: no usable clip is in fold ${missing} of ${highest}; the copy is not complete`,
    );
  }
  throw new DatasetError(
    `${name}: comes in ${highest} folds, which keep clips of one recording together; --folds ${k} would break them. ` +
      `Pass --folds ${highest}.`,
  );
}
