/** Shares out groups of clips that must not be parted, such as those of one artist. */

import type { Random } from './random.ts';

/** Members of the same name in one group; one without a name is a group of its own. */
export function groupsOf(names: readonly (string | undefined)[]): number[][] {
  const named = new Map<string, number[]>();
  const groups: number[][] = [];
  names.forEach((name, i) => {
    const group = name === undefined ? undefined : named.get(name);
    if (group) return group.push(i);
    groups.push([i]);
    if (name !== undefined) named.set(name, groups.at(-1)!);
  });
  return groups;
}

/**
 * The part of each clip: groups whole, largest first, each to the part that leaves all parts nearest to their shares of
 * clips and of every tag: by the sum of squares of what is missing, each tag's relative to its clips. (As scikit-learn
 * 1.8's `StratifiedGroupKFold` goes about it, for unequal shares and several labels.)
 *
 * @param labels Tags of each clip.
 * @param groups Indices of clips.
 * @param shares Of each part; they add up to 1.
 */
export function stratifyGroups(
  labels: readonly string[][],
  groups: readonly number[][],
  shares: readonly number[],
  random: Random,
): number[] {
  const everyClip = '\n'; // a tag that all carry, and that no data set has
  const counts = countTags(labels.map((tags) => [...tags, everyClip]));
  const missing = shares.map((share) => new Map([...counts].map(([tag, count]) => [tag, share * count])));
  const parts = new Array<number>(labels.length);
  const order = random.shuffle(groups).sort((a, b) => b.length - a.length);
  for (const group of order) {
    const carried = countTags(group.map((i) => [...labels[i], everyClip]));
    let best = -1;
    let bestGain = -Infinity;
    shares.forEach((share, part) => {
      if (share <= 0) return;
      let gain = 0; // by which the sum of squares shrinks
      for (const [tag, n] of carried) gain += (n * (2 * missing[part].get(tag)! - n)) / counts.get(tag)! ** 2;
      if (gain > bestGain + 1e-12) [best, bestGain] = [part, gain];
    });
    for (const i of group) parts[i] = best;
    for (const [tag, n] of carried) missing[best].set(tag, missing[best].get(tag)! - n);
  }
  return parts;
}

function countTags(labels: readonly string[][]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const tag of labels.flat()) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  return counts;
}
