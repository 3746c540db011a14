/** Whether what is left of a data set, after the bad files are gone, can be learnt. */
import { DatasetError, type Clip, type Dataset, type SkippedClip } from '../../datasets/index.ts';

/**
 * The data set of the usable clips, without the tags that no clip carries any more.
 *
 * @throws DatasetError if fewer than two tags or clips are left.
 */
export function requireTrainable(dataset: Dataset, usable: Clip[], skipped: SkippedClip[]): Dataset {
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
