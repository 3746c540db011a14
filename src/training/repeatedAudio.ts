/** Clips with the very same samples on both sides of a test. */
import type { Clip } from '../../datasets/index.ts';

/**
 * Groups of clips whose samples are the same, by ids: those of which some are trained on and others are not, or all groups
 * where every clip is in training, as it is with folds.
 *
 * @param hashes Of the samples, by the clips' ids.
 * @example findRepeatedAudio(clips, hashes) // [['a.wav', 'copy of a.wav']]
 */
export function findRepeatedAudio(clips: readonly Clip[], hashes: ReadonlyMap<string, string>): string[][] {
  const groups = new Map<string, Clip[]>();
  for (const clip of clips) {
    const hash = hashes.get(clip.id);
    if (hash === undefined) continue;
    groups.set(hash, [...(groups.get(hash) ?? []), clip]);
  }
  const hasParts = clips.some(({ split }) => split !== 'train');
  return [...groups.values()]
    .filter((group) => group.length > 1)
    .filter((group) => !hasParts || new Set(group.map(({ split }) => split === 'train')).size > 1)
    .map((group) => group.map(({ id }) => id));
}

/** For the terminal and the report; null where there is nothing to say. */
export function describeRepeatedAudio(groups: readonly string[][], folds: number | null): string | null {
  if (groups.length === 0) return null;
  const where =
    folds === null ? 'both in training and outside it' : 'more than once, perhaps in several folds';
  const n = groups.length;
  return (
    `Scores are too good: ${n} ${n === 1 ? 'recording stands' : 'recordings stand'} ${where}, the first as ` +
    `${groups[0].join(' and ')}. Remove the copies; "sonotag datasets check" lists all, near ones too.`
  );
}
