/** Pairs of clips that hold the same recording, among many. */
import { compareFingerprints } from './fingerprint.ts';
import type { Fingerprint, Likeness } from './fingerprint.ts';

export interface NearDuplicate extends Likeness {
  /** Indices of the clips, the lower first. */
  first: number;
  second: number;
}

/** Share of bits that must agree; 0.65 is the threshold of Haitsma & Kalker, for longer stretches of one song. */
const leastAgreement = 0.8;
/** Compared at least: half of the shorter clip, or 117 words (5 s); 12 words (0.5 s) in any case. */
const [mostNeeded, leastNeeded] = [117, 12];
/** A word that more clips have tells nothing. */
const mostClips = 10;
/** Equal words before a pair is compared. */
const leastVotes = 2;

/**
 * Finds pairs whose fingerprints agree in at least 80 % of the bits over half of the shorter clip or 5 s. Candidates
 * share two words at least. Memory: 12 bytes a word; 1000 clips of 30 s have 700,000.
 */
export function findNearDuplicates(fingerprints: readonly Fingerprint[]): NearDuplicate[] {
  const found: NearDuplicate[] = [];
  for (const [first, second] of candidates(fingerprints)) {
    const [a, b] = [fingerprints[first], fingerprints[second]];
    const shorter = Math.min(a.words.length, b.words.length);
    const needed = Math.max(leastNeeded, Math.min(mostNeeded, Math.ceil(shorter / 2)));
    const likeness = compareFingerprints(a, b, needed);
    if (likeness && likeness.agreement >= leastAgreement) found.push({ first, second, ...likeness });
  }
  return found.sort((a, b) => b.agreement - a.agreement || a.first - b.first);
}

/** Room for clips in the lower bits of a number that has the word in the upper ones. */
const clipRoom = 2 ** 21;

/** Pairs of clips that share enough words, from all words in one sorted list. */
function candidates(fingerprints: readonly Fingerprint[]): [number, number][] {
  const total = fingerprints.reduce((sum, { words }) => sum + words.length, 0);
  const keys = new Float64Array(total);
  let filled = 0;
  fingerprints.forEach(({ words, valid }, clip) => {
    for (const word of new Set(words.filter((_, i) => valid[i]))) keys[filled++] = word * clipRoom + clip;
  });
  const sorted = keys.subarray(0, filled).sort();
  const votes = new Map<number, number>();
  for (let start = 0; start < filled;) {
    const word = Math.floor(sorted[start] / clipRoom);
    let end = start + 1;
    while (end < filled && Math.floor(sorted[end] / clipRoom) === word) end++;
    if (end - start <= mostClips) {
      const clips = [...sorted.subarray(start, end)].map((key) => key % clipRoom);
      clips.forEach((second, j) => {
        for (const first of clips.slice(0, j)) {
          const pair = first * clipRoom + second;
          votes.set(pair, (votes.get(pair) ?? 0) + 1);
        }
      });
    }
    start = end;
  }
  return [...votes]
    .filter(([, count]) => count >= leastVotes)
    .map(([pair]) => [Math.floor(pair / clipRoom), pair % clipRoom]);
}
