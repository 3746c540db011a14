/** A few clips that stand for a data set. */

import type { Clip, Dataset } from './dataset.ts';
import { splitDataset } from './splits.ts';

/**
 * Draws `count` clips, in their order: every part or fold that the data fix keeps its share of the clips, every tag of
 * a part its share there, as nearly as whole clips allow, and every tag that a clip carries stays. All clips where there
 * are no more.
 *
 * @throws RangeError if `count` is less than what it takes to keep every tag.
 * @example drawSubset(dataset, 100, 1)
 */
export function drawSubset(dataset: Dataset, count: number, seed: number): Clip[] {
  const { clips } = dataset;
  if (count >= clips.length) return [...clips];
  const parts = new Map<string, number[]>();
  clips.forEach(({ split, fold }, i) => {
    const name = `${split ?? ''} ${fold ?? ''}`;
    parts.set(name, [...(parts.get(name) ?? []), i]);
  });
  const chosen = new Set<number>();
  for (const [members, wanted] of shareOut([...parts.values()], count)) {
    const part = members.map((i) => ({ ...clips[i], split: undefined, fold: undefined }));
    const share = wanted / members.length;
    if (share >= 1) members.forEach((i) => chosen.add(i));
    if (share <= 0 || share >= 1) continue;
    const drawn = splitDataset({ ...dataset, clips: part }, { valid: 0, test: 1 - share, seed, keep: null });
    drawn.forEach(({ split }, j) => {
      if (split === 'train') chosen.add(members[j]);
    });
  }
  return keepTags(clips, chosen, count).map((i) => clips[i]);
}

/** How many of each part, by largest remainder. */
function shareOut(parts: number[][], count: number): [number[], number][] {
  const total = parts.reduce((sum, part) => sum + part.length, 0);
  const exact = parts.map((part) => (count * part.length) / total);
  const wanted = exact.map(Math.floor);
  const byRemainder = [...parts.keys()].sort((a, b) => exact[b] - wanted[b] - (exact[a] - wanted[a]));
  const short = count - wanted.reduce((sum, n) => sum + n, 0);
  for (const part of byRemainder.slice(0, short)) wanted[part]++;
  return parts.map((part, i) => [part, wanted[i]]);
}

/** Adds a clip for each tag that was lost, and takes clips away that no tag needs, until there are `count`. */
function keepTags(clips: readonly Clip[], chosen: Set<number>, count: number): number[] {
  const times = new Map<string, number>();
  const note = (i: number, by: number): void => {
    for (const tag of clips[i].labels) times.set(tag, (times.get(tag) ?? 0) + by);
  };
  for (const i of chosen) note(i, 1);
  clips.forEach((clip, i) => {
    if (chosen.has(i) || clip.labels.every((tag) => (times.get(tag) ?? 0) > 0)) return;
    chosen.add(i);
    note(i, 1);
  });
  for (const i of [...chosen].reverse()) {
    if (chosen.size <= count) break;
    if (clips[i].labels.some((tag) => times.get(tag)! < 2)) continue;
    chosen.delete(i);
    note(i, -1);
  }
  if (chosen.size > count) {
    throw new RangeError(
      `drawSubset: ${count} clips cannot keep all ${times.size} tags; got count = ${count}. Pass ${chosen.size} or more.`,
    );
  }
  return [...chosen].sort((a, b) => a - b);
}
