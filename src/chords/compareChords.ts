/** Rules by which an estimated chord agrees with a reference. */
import { parseHarte, type HarteChord } from '../../datasets/chords/index.ts';

/** Whether they agree; null where the reference is none of the chords that the rule is about. */
export type ChordRule = (reference: HarteChord, estimate: HarteChord) => boolean | null;

const isUnnamed = ({ intervals }: HarteChord): boolean => intervals[0] < 0;

/** Alike in the semitones 0 … `tones` - 1 above the root. */
const sameTones = (a: readonly number[], b: readonly number[], tones: number): boolean =>
  a.slice(0, tones).every((tone, i) => tone === b[i]);

const [major, minor] = ['C:maj', 'C:min'].map((label) => parseHarte(label).intervals);

/**
 * The rules of mir_eval 0.8 `chord` (which follows MIREX) by its names. `root`: the same root. `thirds`: also the same
 * third, minor or not. `triads`: also the same tones up to the fifth. `majmin`: the same, where the reference is major,
 * minor or no chord. `mirex`: three tones in common, whatever the root, where the reference has as many. References of
 * `X` count nowhere.
 *
 * Raffel et al. 2014, "mir_eval: a transparent implementation of common MIR metrics", ISMIR.
 */
export const chordRules = {
  root: (reference, estimate) => (isUnnamed(reference) ? null : reference.root === estimate.root),
  thirds: (reference, estimate) => {
    if (isUnnamed(reference)) return null;
    return reference.root === estimate.root && reference.intervals[3] === estimate.intervals[3];
  },
  triads: (reference, estimate) => (isUnnamed(reference) ? null : sameTriad(reference, estimate)),
  majmin: (reference, estimate) => {
    const { root, intervals } = reference;
    const isNone = root < 0 && intervals[0] === 0;
    if (!isNone && !sameTones(intervals, major, 8) && !sameTones(intervals, minor, 8)) return null;
    return sameTriad(reference, estimate);
  },
  mirex: (reference, estimate) => {
    const nTones = reference.intervals.filter((tone) => tone > 0).length;
    if (isUnnamed(reference) || (nTones > 0 && nTones < 3)) return null;
    if (reference.root < 0 && estimate.root < 0) return true;
    return commonTones(reference, estimate) >= 3;
  },
} satisfies Record<string, ChordRule>;

export type ChordRuleName = keyof typeof chordRules;

function sameTriad(reference: HarteChord, estimate: HarteChord): boolean {
  return reference.root === estimate.root && sameTones(reference.intervals, estimate.intervals, 8);
}

/** An estimate of `X` has all twelve tones, as in mir_eval. */
function commonTones(a: HarteChord, b: HarteChord): number {
  const sounds = ({ root, intervals }: HarteChord, pitch: number) =>
    intervals[(pitch - root + 12) % 12] !== 0;
  let count = 0;
  for (let pitch = 0; pitch < 12; pitch++) if (sounds(a, pitch) && sounds(b, pitch)) count++;
  return count;
}
