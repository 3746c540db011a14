/** What a split must not do: train and test on the same artist or recording. */
import type { Clip } from '../../datasets/index.ts';

/** `train`, `fold 3` or, where neither is fixed, `no part`. */
export function partOf({ split, fold }: Clip): string {
  return split ?? (fold === undefined ? 'no part' : `fold ${fold}`);
}

/** Artists with clips in several parts, and the parts. */
export function sharedArtists(clips: readonly Clip[]): { artist: string; parts: string[] }[] {
  const partsOf = new Map<string, Set<string>>();
  for (const clip of clips) {
    if (clip.artist === undefined) continue;
    partsOf.set(clip.artist, (partsOf.get(clip.artist) ?? new Set()).add(partOf(clip)));
  }
  return [...partsOf]
    .filter(([, parts]) => parts.size > 1)
    .map(([artist, parts]) => ({ artist, parts: [...parts].sort() }));
}
