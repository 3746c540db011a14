/** Given labels to look at again, the likeliest wrong ones first. */
import { confidentLearning, errorProbabilities, type Joint } from './confidentLearning.ts';

export interface Suspect {
  /** Row and column of the label. */
  clip: number;
  tag: number;
  /** As given. */
  given: 0 | 1;
  /** P(tag) by a model that was not trained on the clip. */
  score: number;
  /** P(given label), the model's own. */
  selfConfidence: number;
  /** How likely the label is wrong, by the noise rates of its tag; null where they cannot be told. */
  errorProbability: number | null;
  /** Whether confident learning counts it among the wrong ones. */
  issue: boolean;
}

export interface TagNoise {
  tag: string;
  /** Clips given the tag. */
  positives: number;
  /** Positive and negative labels found wrong. */
  wrongPositives: number;
  wrongNegatives: number;
  /** Joint distribution of given and true label; null for a tag that all or no clips carry. */
  joint: Joint | null;
}

export interface Suspects {
  /** Every label that was judged, ranked. */
  ranked: Suspect[];
  perTag: TagNoise[];
  /** By clip: whether any of its labels is an issue, and the quality of its labels together, in [0, 1]. */
  clips: { issue: boolean; quality: number }[];
}

export interface FindSuspectsOptions {
  tags: readonly string[];
  /** 0 or 1, row-major `[clips, tags]`. */
  given: ArrayLike<number>;
  /** P(tag) by models that were not trained on the clip, in [0, 1], `[clips, tags]`. */
  scores: ArrayLike<number>;
  /** Rank the labels 1 alone: where tags are classes, a wrong 0 is but the other side of a wrong 1. Default false. */
  positivesOnly?: boolean;
}

/**
 * Judges every label of every tag by confident learning, and ranks them: by the probability that the label is wrong, then
 * by self-confidence, lowest first. A tag whose rates cannot be told comes after the others. A clip's quality is the
 * exponential moving average (0.8 for the newest) of its tags' self-confidences from the highest to the lowest:
 * Thyagarajan et al., "Identifying Incorrect Annotations in Multi-Label Classification Data" (2022), arXiv:2211.13895.
 * Clip issues and qualities equal cleanlab 2.9 `find_label_issues` and `get_label_quality_scores` for multi-label data.
 *
 * @throws RangeError if the sizes do not agree, a label is neither 0 nor 1, or a score lies outside [0, 1].
 * @example findSuspects({ tags, given: predictions.labels, scores: predictions.scores }).ranked[0]
 */
export function findSuspects({ tags, given, scores, positivesOnly = false }: FindSuspectsOptions): Suspects {
  const nTags = tags.length;
  const nClips = given.length / nTags;
  if (!(Number.isInteger(nClips) && nClips >= 1 && scores.length === given.length)) {
    throw new RangeError(
      `findSuspects: given and scores must be [clips, ${nTags}]; got ${given.length} labels, ${scores.length} scores.`,
    );
  }
  const ranked: Suspect[] = [];
  const anyIssue = new Uint8Array(nClips);
  const perTag = tags.map((name, tag): TagNoise => {
    const [own, ownScores] = [columnOf(given, tag, nTags), columnOf(scores, tag, nTags)];
    const positives = own.reduce((sum, label) => sum + label, 0);
    if (positives === 0 || positives === nClips) {
      return { tag: name, positives, wrongPositives: 0, wrongNegatives: 0, joint: null };
    }
    const { joint, issues } = confidentLearning(own, ownScores);
    const wrong = errorProbabilities(own, ownScores, joint);
    const found: [number, number] = [0, 0];
    for (let clip = 0; clip < nClips; clip++) {
      anyIssue[clip] |= issues[clip];
      found[own[clip]] += issues[clip];
      if (positivesOnly && own[clip] === 0) continue;
      ranked.push({
        clip,
        tag,
        given: own[clip] as 0 | 1,
        score: ownScores[clip],
        selfConfidence: own[clip] === 1 ? ownScores[clip] : 1 - ownScores[clip],
        errorProbability: wrong === null ? null : wrong[clip],
        issue: issues[clip] === 1,
      });
    }
    return { tag: name, positives, wrongPositives: found[1], wrongNegatives: found[0], joint };
  });
  ranked.sort(
    (a, b) => (b.errorProbability ?? -1) - (a.errorProbability ?? -1) || a.selfConfidence - b.selfConfidence,
  );
  const clips = Array.from(anyIssue, (issue, clip) => ({
    issue: issue === 1,
    quality: clipQuality(given, scores, clip, nTags),
  }));
  return { ranked, perTag, clips };
}

function clipQuality(
  given: ArrayLike<number>,
  scores: ArrayLike<number>,
  clip: number,
  nTags: number,
): number {
  const confidences = Array.from({ length: nTags }, (_, tag) => {
    const at = clip * nTags + tag;
    return given[at] === 1 ? scores[at] : 1 - scores[at];
  }).sort((a, b) => b - a);
  return confidences.reduce((average, confidence) => 0.8 * confidence + 0.2 * average);
}

function columnOf(matrix: ArrayLike<number>, column: number, columns: number): Float64Array {
  return Float64Array.from({ length: matrix.length / columns }, (_, row) => matrix[row * columns + column]);
}
