/** Suspect labels of a data set, and how well they meet errors that are known. */
import { findSuspects, type Suspect, type TagNoise } from './findSuspects.ts';
import type { Twins } from './findTwins.ts';
import { judgeRanking, type RankingJudgement } from './judgeRanking.ts';
import type { KnownErrors } from './knownErrors.ts';

export interface SuspectStudyOptions {
  ids: string[];
  tags: string[];
  /** 0 or 1, `[clips, tags]`. */
  given: ArrayLike<number>;
  /** P(tag) by models that were not trained on the clip, `[clips, tags]`. */
  scores: ArrayLike<number>;
  /** Whether every clip carries exactly one tag. */
  exclusive: boolean;
  known?: KnownErrors;
  /** Recordings that stand twice, as `findTwins` finds them in features. */
  twins?: Twins[];
}

export interface ListedSuspect {
  rank: number;
  path: string;
  tag: string;
  given: 0 | 1;
  score: number;
  errorProbability: number | null;
  /** Expected share of wrong labels from the first of the list to this one. */
  expectedPrecision: number | null;
  /** The likeliest tag, where tags are classes. */
  suggested?: string;
  /** Whether the label, or one of the clip's, is a known error; undefined where none are known. */
  knownError?: boolean;
}

export interface SuspectStudy {
  clips: number;
  labelsJudged: number;
  /** Labels found wrong by confident learning, in order of rank. */
  suspects: ListedSuspect[];
  perTag: TagNoise[];
  /** Clips with a label found wrong, by rising quality. */
  suspectClips: { path: string; quality: number }[];
  judgement?: SuspectJudgement;
  /** The same without the clips of a pair of twins: what is left to hear for a model. */
  judgementWithoutTwins?: SuspectJudgement;
  twins?: { first: string; second: string; distance: number; sameLabels: boolean; knownError?: boolean }[];
}

export interface SuspectJudgement extends RankingJudgement {
  /** What is ranked: single labels, or clips by their most suspect label. */
  of: 'labels' | 'clips';
  /** Known errors among what confident learning finds wrong. */
  found: number;
  suspects: number;
}

/**
 * Finds suspects and, where errors are known, judges the ranking of all labels, not of the suspects alone.
 *
 * Where known errors name single labels, labels are ranked; where they name clips, clips are, by their most suspect
 * label. Where tags are classes, only the given class of a clip is judged.
 *
 * @throws RangeError if sizes do not agree, or nothing or everything is a known error.
 */
export function studySuspects(options: SuspectStudyOptions): SuspectStudy {
  const { ids, tags, given, scores, exclusive, known, twins } = options;
  const { ranked, perTag, clips } = findSuspects({ tags, given, scores, positivesOnly: exclusive });
  const isKnown = ({ clip, tag }: Suspect) =>
    known?.labels ? known.labels.has(`${clip}:${tag}`) : known?.clips.has(clip);
  const issues = ranked.filter(({ issue }) => issue);
  const expected = runningMean(issues);
  return {
    clips: ids.length,
    labelsJudged: ranked.length,
    suspects: issues.map((suspect, i) => ({
      rank: i + 1,
      path: ids[suspect.clip],
      tag: tags[suspect.tag],
      given: suspect.given,
      score: suspect.score,
      errorProbability: suspect.errorProbability,
      expectedPrecision: expected[i],
      ...(exclusive && { suggested: tags[likeliest(scores, suspect.clip, tags.length)] }),
      ...(known && { knownError: isKnown(suspect) }),
    })),
    perTag,
    suspectClips: clips
      .map(({ issue, quality }, clip) => ({ path: ids[clip], issue, quality }))
      .filter(({ issue }) => issue)
      .sort((a, b) => a.quality - b.quality)
      .map(({ path, quality }) => ({ path, quality })),
    ...(known && { judgement: judge(ranked, known, isKnown) }),
    ...(twins && { twins: twins.map((pair) => describeTwins(pair, options)) }),
    ...(known && twins && withoutTwins(ranked, known, twins, isKnown)),
  };
}

function describeTwins({ first, second, distance }: Twins, { ids, tags, given, known }: SuspectStudyOptions) {
  const labels = (clip: number) => tags.filter((_, tag) => given[clip * tags.length + tag] === 1).join();
  return {
    ...{ first: ids[first], second: ids[second], distance, sameLabels: labels(first) === labels(second) },
    ...(known && { knownError: known.clips.has(first) || known.clips.has(second) }),
  };
}

/** Nothing where no twins are, or no known error is left. */
function withoutTwins(
  ranked: Suspect[],
  known: KnownErrors,
  twins: Twins[],
  isKnown: (suspect: Suspect) => boolean | undefined,
): Pick<SuspectStudy, 'judgementWithoutTwins'> {
  const paired = new Set(twins.flatMap(({ first, second }) => [first, second]));
  const single = ranked.filter(({ clip }) => !paired.has(clip));
  if (paired.size === 0 || !single.some(isKnown) || single.every(isKnown)) return {};
  return { judgementWithoutTwins: judge(single, known, isKnown) };
}

function judge(
  ranked: Suspect[],
  known: KnownErrors,
  isKnown: (suspect: Suspect) => boolean | undefined,
): SuspectJudgement {
  const of = known.labels ? 'labels' : 'clips';
  const items = of === 'labels' ? ranked : mostSuspectOfEachClip(ranked);
  const wrong = items.map((suspect) => Number(isKnown(suspect)));
  const errors = wrong.reduce((sum, value) => sum + value, 0);
  const issues = items.filter(({ issue }) => issue);
  return {
    of,
    ...judgeRanking(
      wrong,
      items.map(({ errorProbability }) => errorProbability),
      [10, 20, 50, 100, 200, 500, 1000, Math.max(1, errors)].filter(
        (k) => k <= Math.max(errors, items.length / 2),
      ),
    ),
    found: issues.filter(isKnown).length,
    suspects: issues.length,
  };
}

function mostSuspectOfEachClip(ranked: Suspect[]): Suspect[] {
  const seen = new Set<number>();
  return ranked.filter(({ clip }) => !seen.has(clip) && seen.add(clip));
}

function runningMean(suspects: Suspect[]): (number | null)[] {
  let sum: number | null = 0;
  return suspects.map(({ errorProbability }, i) => {
    sum = sum === null || errorProbability === null ? null : sum + errorProbability;
    return sum === null ? null : sum / (i + 1);
  });
}

function likeliest(scores: ArrayLike<number>, clip: number, nTags: number): number {
  let best = 0;
  for (let tag = 1; tag < nTags; tag++)
    if (scores[clip * nTags + tag] > scores[clip * nTags + best]) best = tag;
  return best;
}

/** CSV of the list, to re-annotate by. */
export function suspectsToCsv(suspects: ListedSuspect[]): string {
  const quote = (field: string) => (/[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field);
  const figure = (value: number | null) => value?.toFixed(4) ?? '';
  const lines = suspects.map((suspect) =>
    [
      ...[suspect.rank, quote(suspect.path), quote(suspect.tag), suspect.given, suspect.score.toFixed(6)],
      ...[
        figure(suspect.errorProbability),
        figure(suspect.expectedPrecision),
        quote(suspect.suggested ?? ''),
      ],
    ].join(','),
  );
  return `${['rank,path,tag,given,score,errorProbability,expectedPrecision,suggested', ...lines].join('\n')}\n`;
}
