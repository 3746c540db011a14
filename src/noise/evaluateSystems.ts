/** N systems measured by the labels as given and by audited ones: does the cheaper ground truth tell the same? */
import { drawResamples, percentileInterval } from '../metrics/bootstrapInterval.ts';
import { measureRanking, rankByScore, type Ranking } from '../metrics/ranking.ts';
import { kendallTau, pearson, spearman } from './correlations.ts';

export interface System {
  name: string;
  /** Higher means more likely, row-major `[clips, tags]`. */
  scores: ArrayLike<number>;
}

export interface GroundTruths {
  tags: readonly string[];
  /** 0 or 1, row-major `[clips, tags]`. */
  given: ArrayLike<number>;
  /** Audited labels, NaN where a label was not audited, `[clips, tags]`. */
  trueLabels: ArrayLike<number>;
}

/** Measures by the given and by the audited labels of the audited clips; null where a class is absent. */
export interface BothWays {
  given: number | null;
  audited: number | null;
}

export interface TagScores {
  tag: string;
  system: string;
  /** Clips with an audited label of the tag, and how many of them carry it. */
  clips: number;
  positives: BothWays;
  rocAuc: BothWays;
  prAuc: BothWays;
}

export interface Correlation {
  value: number | null;
  /** Percentile bootstrap over clips, 95 %. */
  interval: [number, number] | null;
}

export interface Agreement {
  pearson: Correlation;
  spearman: Correlation;
  kendall: Correlation;
}

export type Measure = 'rocAuc' | 'prAuc';

export interface SystemEvaluation {
  perTag: TagScores[];
  /** Means over the audited tags, and over all tags by the given labels of all clips. */
  systems: {
    name: string;
    rocAuc: BothWays & { allTags: number | null };
    prAuc: BothWays & { allTags: number | null };
  }[];
  /** How alike the two ground truths rank the systems; null with fewer than three systems. */
  givenAgainstAudited: Record<Measure, Agreement> | null;
  /** The audited tags against all tags, both by the given labels of all clips. */
  auditedTagsAgainstAll: Record<Measure, Agreement> | null;
}

/** Clips of one tag that were audited, with every system's ranking of them. */
export interface AuditedTag {
  tag: string;
  /** Rows of the clips. */
  rows: number[];
  given: Uint8Array;
  trueLabels: Uint8Array;
  /** One a system. */
  rankings: Ranking[];
}

export const measures = ['rocAuc', 'prAuc'] as const;

/**
 * Scores the systems by both ground truths and correlates the scores over systems: Pearson's, Spearman's and Kendall's,
 * with bootstrap intervals over clips (the systems and tags are taken as they are). After Choi et al., "The Effects of
 * Noisy Labels on Deep Convolutional Neural Networks for Music Tagging" (2018), arXiv:1706.02361, section III. Both
 * measures equal scikit-learn 1.9.
 *
 * @throws RangeError if sizes do not agree, a given label is neither 0 nor 1, no label is audited, or there are no two
 * systems.
 * @example evaluateSystems(systems, { tags, given, trueLabels }, { seed: 1 }).givenAgainstAudited?.rocAuc.spearman
 */
export function evaluateSystems(
  systems: readonly System[],
  truths: GroundTruths,
  { seed, resamples = 1000 }: { seed: number; resamples?: number },
): SystemEvaluation {
  const { tags, given } = truths;
  const nClips = given.length / tags.length;
  const audited = auditedTags(systems, truths);
  const allRows = Array.from({ length: nClips }, (_, row) => row);
  const all = tags.map((tag, column) => rankTag(systems, truths, tag, column, allRows));
  const auditedNames = new Set(audited.map(({ tag }) => tag));

  const perTag = audited.flatMap(({ tag, rows, given: own, trueLabels, rankings }) =>
    systems.map(({ name }, system): TagScores => {
      const [byGiven, byTruth] = [own, trueLabels].map((labels) => measure(rankings[system], labels));
      return {
        ...{ tag, system: name, clips: rows.length },
        positives: { given: sum(own), audited: sum(trueLabels) },
        rocAuc: { given: orNull(byGiven.rocAuc), audited: orNull(byTruth.rocAuc) },
        prAuc: { given: orNull(byGiven.prAuc), audited: orNull(byTruth.prAuc) },
      };
    }),
  );
  const means = (multiplicity?: Int32Array) => ({
    given: meanScores(audited, (tag) => tag.given, multiplicity),
    audited: meanScores(audited, (tag) => tag.trueLabels, multiplicity),
    allTags: meanScores(all, (tag) => tag.given, multiplicity),
    auditedTags: meanScores(all.filter(({ tag }) => auditedNames.has(tag)), (tag) => tag.given, multiplicity), // prettier-ignore
  });
  const found = means();
  const evaluation: SystemEvaluation = {
    perTag,
    systems: systems.map(({ name }, system) => {
      const of = (key: Measure) => ({
        given: orNull(found.given[key][system]),
        audited: orNull(found.audited[key][system]),
        allTags: orNull(found.allTags[key][system]),
      });
      return { name, rocAuc: of('rocAuc'), prAuc: of('prAuc') };
    }),
    givenAgainstAudited: null,
    auditedTagsAgainstAll: null,
  };
  if (systems.length < 3) return evaluation;

  const drawn: ReturnType<typeof means>[] = [];
  const multiplicity = new Int32Array(nClips);
  for (const rows of drawResamples(nClips, { seed, resamples })) {
    multiplicity.fill(0);
    for (const row of rows) multiplicity[row]++;
    drawn.push(means(multiplicity));
  }
  const agreement = (first: keyof typeof found, second: keyof typeof found) => {
    const of = (key: Measure): Agreement => {
      const correlate = (by: typeof pearson): Correlation => {
        const values = drawn.map((draw) => by(draw[first][key], draw[second][key]));
        return {
          value: orNull(by(found[first][key], found[second][key])),
          interval: percentileInterval(Float64Array.from(values)).interval,
        };
      };
      return { pearson: correlate(pearson), spearman: correlate(spearman), kendall: correlate(kendallTau) };
    };
    return { rocAuc: of('rocAuc'), prAuc: of('prAuc') };
  };
  return {
    ...evaluation,
    givenAgainstAudited: agreement('given', 'audited'),
    auditedTagsAgainstAll: auditedNames.size < tags.length ? agreement('auditedTags', 'allTags') : null,
  };
}

/** The tags with an audited label, each with the clips that have one. */
export function auditedTags(systems: readonly System[], truths: GroundTruths): AuditedTag[] {
  const { tags, given, trueLabels } = truths;
  const size = given.length;
  if (systems.length < 2) throw new RangeError('evaluateSystems: needs two systems at least.');
  const odd = systems.find(({ scores }) => scores.length !== size);
  if (!Number.isInteger(size / tags.length) || trueLabels.length !== size || odd !== undefined) {
    throw new RangeError(
      `evaluateSystems: given labels, audited labels and scores must all be [clips, ${tags.length}]; got ${size}, ` +
        `${trueLabels.length}${odd ? `, and ${odd.scores.length} scores of "${odd.name}"` : ''}.`,
    );
  }
  const rows = Array.from({ length: size / tags.length }, (_, row) => row);
  const audited = tags
    .map((tag, column) => {
      const own = rows.filter((row) => !Number.isNaN(trueLabels[row * tags.length + column]));
      return { tag, column, own };
    })
    .filter(({ own }) => own.length > 0)
    .map(({ tag, column, own }) => rankTag(systems, truths, tag, column, own));
  if (audited.length === 0) throw new RangeError('evaluateSystems: no label of these clips was audited.');
  return audited;
}

function rankTag(
  systems: readonly System[],
  { tags, given, trueLabels }: GroundTruths,
  tag: string,
  column: number,
  rows: number[],
): AuditedTag {
  const at = rows.map((row) => row * tags.length + column);
  const own = at.map((index) => given[index]);
  return {
    tag,
    rows,
    given: Uint8Array.from(own),
    trueLabels: Uint8Array.from(at, (index) => trueLabels[index]),
    rankings: systems.map(({ scores }) => rankByScore(own, at.map((index) => scores[index]))), // prettier-ignore
  };
}

/** Both measures of one ranking under other labels of its clips. */
function measure(ranking: Ranking, labels: Uint8Array, multiplicity?: Int32Array) {
  const positive = Uint8Array.from(ranking.clip, (clip) => labels[clip]);
  const { rocAuc, averagePrecision } = measureRanking({ ...ranking, positive }, multiplicity);
  return { rocAuc, prAuc: Number.isNaN(rocAuc) ? NaN : averagePrecision };
}

/** Means over tags under the labels that `labelsOf` takes; `multiplicity` tells how often each row counts, default once. */
export function meanScores(
  audited: readonly AuditedTag[],
  labelsOf: (tag: AuditedTag) => Uint8Array,
  multiplicity?: Int32Array,
): Record<Measure, Float64Array> {
  return averageOverTags(audited, (tag) => {
    const counts = multiplicity && Int32Array.from(tag.rows, (row) => multiplicity[row]);
    return tag.rankings.map((ranking) => measure(ranking, labelsOf(tag), counts));
  });
}

/**
 * Mean over tags of both measures for every system; tags that lack a class are left out, for all systems alike.
 *
 * @param scoresOf Both measures of every system on one tag.
 */
export function averageOverTags(
  audited: readonly AuditedTag[],
  scoresOf: (tag: AuditedTag, index: number) => Record<Measure, number>[],
): Record<Measure, Float64Array> {
  const nSystems = audited[0].rankings.length;
  const total = { rocAuc: new Float64Array(nSystems), prAuc: new Float64Array(nSystems) };
  let counted = 0;
  for (const [index, tag] of audited.entries()) {
    const found = scoresOf(tag, index);
    if (found.some(({ rocAuc }) => Number.isNaN(rocAuc))) continue;
    counted++;
    for (const key of measures) found.forEach((own, system) => (total[key][system] += own[key]));
  }
  return { rocAuc: total.rocAuc.map((x) => x / counted), prAuc: total.prAuc.map((x) => x / counted) };
}

function sum(labels: Uint8Array): number {
  return labels.reduce((total, label) => total + label, 0);
}

function orNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
