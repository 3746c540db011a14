/** Training, validation and test parts, and folds: drawn from a seed, alike in their labels, as plain values. */

import { createHash } from 'node:crypto';
import { byteOrder } from './byteOrder.ts';
import type { Clip, Dataset, Split } from './dataset.ts';
import { createRandom } from './random.ts';
import type { Random } from './random.ts';
import { groupsOf, stratifyGroups } from './stratifyGroups.ts';

export interface SplitOptions {
  /** Share of the clips to validate on, in [0, 1). Default 0.1. */
  valid?: number;
  /** Share of the clips to test on, in [0, 1). Default 0.2. */
  test?: number;
  /** 32-bit integer. Default 1. */
  seed?: number;
  /** Clips that share it stay in one part, as far as the clips say; null lets all go where they may. Default 'artist'. */
  keep?: GroupKey | null;
}

export type GroupKey = 'artist' | 'album';

/**
 * Returns the clips, in their order, each with its split. What the data set fixes stays as it is; the clips
 * without a split are shared out. Where the data fix every clip's split but have no validation clips, these are
 * drawn from the training clips.
 *
 * Stratified: the parts have the same proportions of every tag, as nearly as whole clips allow. Classes are shared
 * out one after the other by largest deficit; multi-label clips by iterative stratification (Sechidis, Tsoumakas &
 * Vlahavas, "On the Stratification of Multi-Label Data", ECML PKDD 2011, algorithm 1).
 * Clips that name an artist stay with the artist's other clips, so that no part is tested on voices it was trained on:
 * artists are shared out whole, largest first, each to the part that it leaves nearest to its share of clips and tags.
 *
 * @throws RangeError if a share is outside [0, 1) or they leave nothing to train on.
 * @example splitDataset(await listFolder('recordings'), { valid: 0.1, test: 0.2, seed: 1 })
 */
export function splitDataset(
  dataset: Dataset,
  { valid = 0.1, test = 0.2, seed = 1, keep = 'artist' }: SplitOptions = {},
): (Clip & { split: Split })[] {
  requireShare('valid', valid);
  requireShare('test', test);
  if (!(valid + test < 1)) {
    throw new RangeError(
      `splitDataset: valid + test must be < 1; got ${valid} + ${test}. Leave a share to train on.`,
    );
  }
  const random = createRandom(seed);
  const splits = dataset.clips.map((clip) => clip.split);
  const draw = (members: number[], names: Split[], shares: number[]): void => {
    const parts = stratify(dataset, members, { shares, random, keep });
    members.forEach((clip, i) => (splits[clip] = names[parts[i]]));
  };
  if (splits.includes(undefined)) {
    draw(indicesOf(splits, undefined), ['train', 'valid', 'test'], [1 - valid - test, valid, test]);
  } else if (!splits.includes('valid')) {
    draw(indicesOf(splits, 'train'), ['train', 'valid'], [1 - valid, valid]);
  }
  return dataset.clips.map((clip, i) => ({ ...clip, split: splits[i]! }));
}

/**
 * The fold of every clip, 0 … k - 1, for cross-validation: fold sizes differ by at most one clip where tags are
 * classes and artists unknown, and every fold has its share of every tag. Splits that the data fix play no part.
 *
 * @throws RangeError if `k` is not an integer >= 2 or is larger than the number of clips of the smallest class.
 * @example const folds = foldsOf(dataset, 5, 1); dataset.clips.filter((_, i) => folds[i] !== 0) // trains fold 0
 */
export function foldsOf(
  dataset: Dataset,
  k: number,
  seed: number,
  { keep = 'artist' }: { keep?: GroupKey | null } = {},
): number[] {
  if (!Number.isInteger(k) || k < 2) {
    throw new RangeError(
      `foldsOf: k must be a whole number of folds >= 2; got ${k}. Pass 5 for the usual number.`,
    );
  }
  requireEnoughClips(dataset, k);
  const all = dataset.clips.map((_, i) => i);
  const shares = new Array<number>(k).fill(1 / k);
  return stratify(dataset, all, { shares, random: createRandom(seed), keep });
}

/**
 * SHA-256, in hexadecimal, of the sorted lines `id<TAB>split`: two runs with the same hash trained and tested on
 * the same clips.
 *
 * @example hashSplit(splitDataset(dataset)) // 64 digits
 */
export function hashSplit(clips: readonly Clip[]): string {
  const lines = clips.map(({ id, split }) => `${id}\t${split ?? ''}\n`).sort(byteOrder);
  return createHash('sha256').update(lines.join('')).digest('hex');
}

/**
 * What the split of `splitDataset` is called in results, beside its hash: the published split's name, or how it was drawn.
 *
 * @example nameSplit(await listFolder('recordings'), { seed: 2 }) // 'drawn: valid 0.1, test 0.2, seed 2'
 */
export function nameSplit(
  { clips, split }: Dataset,
  { valid = 0.1, test = 0.2, seed = 1, keep = 'artist' }: SplitOptions = {},
): string {
  const isGrouped = keep !== null && clips.some((clip) => clip[keep] !== undefined);
  const drawn = `valid ${valid}, test ${test}, seed ${seed}${isGrouped ? `, ${keep}s kept whole` : ''}`;
  const given = split ?? 'given by the data';
  if (clips.every((clip) => clip.split === undefined)) return `drawn: ${drawn}`;
  if (clips.some((clip) => clip.split === undefined)) return `${given}; the rest drawn: ${drawn}`;
  if (clips.some((clip) => clip.split === 'valid')) return given;
  return `${given}; validation drawn: valid ${valid}, seed ${seed}${isGrouped ? `, ${keep}s kept whole` : ''}`;
}

function requireShare(name: string, share: number): void {
  if (share >= 0 && share < 1) return;
  throw new RangeError(
    `splitDataset: ${name} must be a share of the clips in [0, 1); got ${share}. ` +
      (share >= 1 ? `Pass ${share / 100} if percent were meant.` : 'Pass 0 for none.'),
  );
}

function requireEnoughClips({ clips, tags, exclusive }: Dataset, k: number): void {
  const counts = exclusive ? tags.map((tag) => clips.filter((clip) => clip.labels[0] === tag).length) : [];
  // A tag that no clip carries has nothing to share out.
  const smallest = Math.min(clips.length, ...counts.filter((count) => count > 0));
  if (k <= smallest) return;
  const tag = tags[counts.indexOf(smallest)];
  const what = tag === undefined ? 'there are' : `class "${tag}" has`;
  throw new RangeError(
    `foldsOf: k = ${k} folds need at least ${k} clips${exclusive ? ' of every class' : ''}; ${what} ${smallest}. ` +
      `Pass k <= ${smallest} or add recordings.`,
  );
}

/** How members are shared out: `shares` add up to 1. */
interface Sharing {
  shares: number[];
  random: Random;
  keep: GroupKey | null;
}

/** The part of each of the `members` (indices of clips). */
function stratify(
  { clips, tags, exclusive }: Dataset,
  members: number[],
  { shares, random, keep }: Sharing,
): number[] {
  const labels = members.map((clip) => clips[clip].labels);
  const names = members.map((clip) => (keep === null ? undefined : clips[clip][keep]));
  if (names.some((name) => name !== undefined))
    return stratifyGroups(labels, groupsOf(names), shares, random);
  return exclusive
    ? stratifyClasses(labels, tags, shares, random)
    : stratifyTags(labels, tags, shares, random);
}

/**
 * Goes through the clips class by class and gives each to the part that is furthest behind its share. So every
 * part is within one clip of its share of the whole at any time, and within two of its share of each class.
 */
function stratifyClasses(labels: string[][], tags: string[], shares: number[], random: Random): number[] {
  const parts = new Array<number>(labels.length);
  const given = shares.map(() => 0);
  const inOrder = random.shuffle(tags).flatMap((tag) => random.shuffle(indicesWith(labels, tag)));
  inOrder.forEach((i, count) => {
    const behind = shares.map((share, p) => (share > 0 ? share * (count + 1) - given[p] : -Infinity));
    parts[i] = indexOfLargest(behind);
    given[parts[i]]++;
  });
  return parts;
}

/** Iterative stratification; clips without a tag come last and fill up what is short. */
function stratifyTags(labels: string[][], tags: string[], shares: number[], random: Random): number[] {
  const parts = new Array<number>(labels.length);
  const wanted = shares.map((share) => share * labels.length);
  const members = new Map(tags.map((tag) => [tag, indicesWith(labels, tag)]));
  const wantedOf = new Map(
    [...members].map(([tag, clips]) => [tag, shares.map((share) => share * clips.length)]),
  );
  const open = new Set(labels.keys());
  const place = (i: number, needs: number[]): void => {
    const usable = (need: number[]): number[] => need.map((n, p) => (shares[p] > 0 ? n : -Infinity));
    const part = indexOfLargest(usable(needs), usable(wanted));
    parts[i] = part;
    open.delete(i);
    wanted[part]--;
    for (const label of labels[i]) wantedOf.get(label)![part]--;
  };
  while (members.size > 0) {
    const openWith = [...members].map(([tag, clips]) => ({ tag, clips: clips.filter((i) => open.has(i)) }));
    const rarest = openWith.reduce((a, b) => (b.clips.length < a.clips.length ? b : a));
    members.delete(rarest.tag);
    for (const i of random.shuffle(rarest.clips)) place(i, wantedOf.get(rarest.tag)!);
  }
  for (const i of random.shuffle([...open])) place(i, wanted);
  return parts;
}

/** Index of the largest value; equals are told apart by the second list, then by order. */
function indexOfLargest(values: number[], tieBreaker: number[] = values): number {
  const isTie = (a: number, b: number): boolean => Math.abs(a - b) < 1e-9; // shares are not exact in binary
  let best = 0;
  for (let i = 1; i < values.length; i++) {
    if (isTie(values[i], values[best]) ? tieBreaker[i] > tieBreaker[best] + 1e-9 : values[i] > values[best])
      best = i;
  }
  return best;
}

function indicesOf<T>(values: readonly T[], wanted: T): number[] {
  return values.flatMap((value, i) => (value === wanted ? [i] : []));
}

function indicesWith(labels: string[][], tag: string): number[] {
  return labels.flatMap((clipLabels, i) => (clipLabels.includes(tag) ? [i] : []));
}
