/** How well estimated chords agree with a reference over a piece: the measures of the field. */
import { parseHarte, type ChordSegment, type HarteChord } from '../../datasets/chords/index.ts';
import { chordRules, type ChordRule, type ChordRuleName } from './compareChords.ts';

/** Share of the time in which the estimate is right, and the seconds that were counted. */
export interface WeightedRecall {
  /** 0 … 1; null where no second counts. */
  recall: number | null;
  seconds: number;
}

export interface ChordScores extends Record<ChordRuleName, WeightedRecall> {
  /** 1 where no reference chord is cut in pieces, 1 where no estimated one spans several, and the lesser of both. */
  overSegmentation: number;
  underSegmentation: number;
  segmentation: number;
}

/**
 * Weighted chord symbol recall by every rule of `chordRules`, and the agreement of boundaries. The estimate is cut to the
 * span of the reference, and is no chord where it does not reach.
 *
 * Same numbers as mir_eval 0.8 `chord.evaluate`, which gives 0 where a rule counts no second. The recall of several
 * pieces is the mean weighted by `seconds` (`poolRecall`).
 *
 * @param reference In order, without overlap; a gap belongs to the chord before it, as in mir_eval.
 * @param estimated The same.
 * @throws RangeError if there is no reference, segments are out of order, or a label is none.
 * @example scoreChords(clip.segments, framesToSegments(path, vocabulary, { secondsPerFrame, seconds })).majmin.recall
 */
export function scoreChords(
  reference: readonly ChordSegment[],
  estimated: readonly ChordSegment[],
): ChordScores {
  const fitted = fitTo(reference, estimated);
  const common = commonPieces(reference, fitted);
  const recalls = Object.entries(chordRules).map(([name, rule]) => [name, weigh(rule, common)]);
  const [merged, mergedEstimate] = [mergeAlike(reference), mergeAlike(fitted)];
  const overSegmentation = 1 - directionalHamming(merged, mergedEstimate);
  const underSegmentation = 1 - directionalHamming(mergedEstimate, merged);
  return {
    ...(Object.fromEntries(recalls) as Record<ChordRuleName, WeightedRecall>),
    overSegmentation,
    underSegmentation,
    segmentation: Math.min(overSegmentation, underSegmentation),
  };
}

/**
 * Weighted chord symbol recall by one rule: what `scoreChords` gives under its name.
 *
 * @throws RangeError as `scoreChords` does.
 * @example weighChords('majmin', clip.segments, estimated).recall
 */
export function weighChords(
  rule: ChordRuleName,
  reference: readonly ChordSegment[],
  estimated: readonly ChordSegment[],
): WeightedRecall {
  return weigh(chordRules[rule], commonPieces(reference, fitTo(reference, estimated)));
}

/**
 * Recall over several pieces: right seconds by counted seconds.
 *
 * @example poolRecall(scores.map(({ majmin }) => majmin))
 */
export function poolRecall(recalls: readonly WeightedRecall[]): WeightedRecall {
  const seconds = recalls.reduce((sum, each) => sum + each.seconds, 0);
  const right = recalls.reduce((sum, each) => sum + (each.recall ?? 0) * each.seconds, 0);
  return { recall: seconds > 0 ? right / seconds : null, seconds };
}

/** A stretch of time in which neither changes. */
interface Piece {
  seconds: number;
  reference: HarteChord;
  estimate: HarteChord;
}

function weigh(rule: ChordRule, pieces: readonly Piece[]): WeightedRecall {
  let [right, seconds] = [0, 0];
  for (const piece of pieces) {
    const agrees = rule(piece.reference, piece.estimate);
    if (agrees === null) continue;
    seconds += piece.seconds;
    if (agrees) right += piece.seconds;
  }
  return { recall: seconds > 0 ? right / seconds : null, seconds };
}

/** The estimate cut to the span of the reference, with no chord where it does not reach. */
function fitTo(reference: readonly ChordSegment[], estimated: readonly ChordSegment[]): ChordSegment[] {
  requireSegments('reference', reference);
  requireSegments('estimated', estimated);
  if (reference.length === 0) throw new RangeError('scoreChords: the reference must hold a chord; got none.');
  const { start } = reference[0];
  const { end } = reference[reference.length - 1];
  const within = estimated
    .map((segment) => ({
      ...segment,
      start: Math.max(start, segment.start),
      end: Math.min(end, segment.end),
    }))
    .filter((segment) => segment.end > segment.start);
  const first = within.at(0)?.start ?? end;
  const last = within.at(-1)?.end ?? end;
  return [
    ...(first > start ? [{ start, end: first, label: 'N' }] : []),
    ...within,
    ...(last < end ? [{ start: last, end, label: 'N' }] : []),
  ];
}

function commonPieces(reference: readonly ChordSegment[], estimated: readonly ChordSegment[]): Piece[] {
  const times = boundaries([...reference, ...estimated]);
  const chordsOf = (segments: readonly ChordSegment[]) => {
    let at = 0;
    return (time: number) => {
      while (at + 1 < segments.length && segments[at + 1].start <= time) at++;
      return parseHarte(segments[at].label);
    };
  };
  const [referenceAt, estimateAt] = [chordsOf(reference), chordsOf(estimated)];
  return times.slice(0, -1).map((time, i) => ({
    seconds: times[i + 1] - time,
    reference: referenceAt(time),
    estimate: estimateAt(time),
  }));
}

/** Neighbours that are the same chord become one; what comes first and follows stays. */
function mergeAlike(segments: readonly ChordSegment[]): ChordSegment[] {
  const merged: ChordSegment[] = [];
  let before = '';
  for (const segment of segments) {
    const chord = JSON.stringify(parseHarte(segment.label, { extensions: 'fold' }));
    if (chord === before) merged[merged.length - 1] = { ...merged[merged.length - 1], end: segment.end };
    else merged.push(segment);
    before = chord;
  }
  return merged;
}

/**
 * Share of the time of `segments` that does not lie in the longest piece that the boundaries of `others` leave of each.
 * Abdallah et al. 2005, "Theory and evaluation of a Bayesian music structure extractor", ISMIR.
 */
function directionalHamming(segments: readonly ChordSegment[], others: readonly ChordSegment[]): number {
  const times = boundaries(others);
  let missed = 0;
  for (const { start, end } of segments) {
    const cuts = [start, ...times.filter((time) => time >= start && time < end), end];
    missed += end - start - Math.max(...cuts.slice(1).map((cut, i) => cut - cuts[i]));
  }
  return missed / (segments[segments.length - 1].end - segments[0].start);
}

function boundaries(segments: readonly ChordSegment[]): number[] {
  return [...new Set(segments.flatMap(({ start, end }) => [start, end]))].sort((a, b) => a - b);
}

function requireSegments(what: string, segments: readonly ChordSegment[]): void {
  segments.forEach(({ start, end, label }, i) => {
    if (!(end > start && start >= (segments[i - 1]?.end ?? -Infinity))) {
      throw new RangeError(
        `scoreChords: the ${what} segments must follow one another; number ${i + 1}, ${label}, is from ${start} to ${end} s.`,
      );
    }
  });
}
