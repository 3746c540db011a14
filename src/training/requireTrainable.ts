/** Whether what is left of a data set, after the bad files are gone, can be learnt. */
import {
  DatasetError,
  publishedFolds,
  type Clip,
  type Dataset,
  type SkippedClip,
} from '../../datasets/index.ts';
import { InputError } from '../errors.ts';
import type { TrainConfig } from './trainConfig.ts';

/**
 * The data set of the usable clips, without the tags that no clip carries any more.
 *
 * @throws DatasetError if fewer than two tags or clips are left, or the data set has values in place of tags.
 */
export function requireTrainable(dataset: Dataset, usable: Clip[], skipped: SkippedClip[]): Dataset {
  const values = Object.keys(usable[0]?.values ?? {});
  if (dataset.tags.length === 0 && values.length > 0) {
    throw new DatasetError(
      `${dataset.name}: has the values ${values.join(' and ')} and no tags, and a tagger learns tags. ` +
        'Extract features and learn the values from them: see "sonotag features" and "sonotag transfer".',
    );
  }
  const tags = dataset.tags.filter((tag) => usable.some(({ labels }) => labels.includes(tag)));
  const fewest = dataset.exclusive ? 2 : 1;
  if (usable.length < 2 || tags.length < fewest) {
    const [first] = skipped;
    throw new DatasetError(
      `${dataset.name}: ${usable.length} usable ${usable.length === 1 ? 'clip' : 'clips'} of ` +
        `${tags.length} ${tags.length === 1 ? 'tag' : 'tags'} are left, ${skipped.length} were skipped` +
        `${first ? `, the first since: ${first.reason}` : '.'}`,
    );
  }
  return { ...dataset, clips: usable, tags };
}

/**
 * Whether shares and folds leave something to train on.
 *
 * @throws DatasetError if the data were published in another number of folds.
 * @throws InputError if `valid` and `test` leave no share, or a class has fewer clips than there are folds.
 */
export function requireParts(dataset: Dataset, { folds, valid, test }: TrainConfig): void {
  if (folds === null) {
    if (valid + test < 1) return;
    throw new InputError(
      `--valid ${valid} and --test ${test} leave no clips to train on. Choose shares that add up to less than 1.`,
    );
  }
  if (publishedFolds(dataset, folds)) return; // whatever they hold
  const smallest = smallestClass(dataset);
  if (folds <= smallest.clips) return;
  const wayOut = smallest.clips < 2 ? 'Train without --folds' : `Pass --folds ${smallest.clips} or less`;
  throw new InputError(
    `${dataset.name}: --folds ${folds} needs at least ${folds} clips${dataset.exclusive ? ' of every class' : ''}; ` +
      `${smallest.name} ${smallest.clips}. ${wayOut}, or add recordings.`,
  );
}

function smallestClass({ clips, tags, exclusive }: Dataset): { name: string; clips: number } {
  if (!exclusive) return { name: 'there are', clips: clips.length };
  const counts = tags.map((tag) => ({
    name: `"${tag}" has`,
    clips: clips.filter(({ labels }) => labels[0] === tag).length,
  }));
  return counts.reduce((a, b) => (b.clips < a.clips ? b : a));
}

/** @throws DatasetError if the parts that the data fix, or that were drawn, hold no clip to train on. */
export function requireTrainingClips(dataset: Dataset, clips: Clip[]): void {
  if (clips.some(({ split }) => split === 'train')) return;
  throw new DatasetError(
    `${dataset.name}: none of its ${clips.length} usable clips is to train on. ` +
      'Call some of them "train" in the column "split", or leave the column out to have the parts drawn.',
  );
}
