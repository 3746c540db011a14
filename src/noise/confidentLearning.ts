/** Confident learning for one tag: which given labels a model, trained without them, finds hard to believe. */

/** 2 × 2, `[given][true]`, by 0 and 1. */
export type Joint = [[number, number], [number, number]];

export interface ConfidentTag {
  /** Mean of P(label) over the clips given that label, for 0 and 1: above it a clip counts as confidently so. */
  thresholds: [number, number];
  /** Clips confidently counted, as found. */
  confidentJoint: Joint;
  /** The joint distribution of given and true label: rows brought to the given counts, the whole to 1. */
  joint: Joint;
  /** 1 where the label is found wrong, `[clips]`. */
  issues: Uint8Array;
}

/** Rounding that a score may have lost and still reach its threshold; cleanlab 2.9 has the same. */
const slack = 1e-6;

/**
 * Confident learning with the tag and its absence as the two classes, and pruning by noise rate.
 *
 * Northcutt, Jiang and Chuang, "Confident Learning: Estimating Uncertainty in Dataset Labels", JAIR 70 (2021),
 * arXiv:1911.00068. Threshold t_j is the mean of p(j) over clips given j (equation 2). C[i][j] counts the clips given i
 * that reach t_j, by the likelier one where they reach both (equation 1). The joint Q[i][j] is
 * C[i][j] / Σ_j C[i][j] · |given i|, over all (equation 3). Of those given i, the n · Q[i][j] clips with the largest margin
 * p(j) − p(i) are issues, provided that p(j) > p(i) (section 4.3, "prune by noise rate"). One tag against its absence
 * is how cleanlab treats multi-label data: Thyagarajan et al., arXiv:2211.13895. Same issues, joints and counts as
 * cleanlab 2.9 `find_multilabel_issues_per_class`, `estimate_joint` and `compute_confident_joint`, except that clips of one
 * score are issues together, where cleanlab takes some of those that tie for the last place.
 *
 * @param given 0 or 1, both present, `[clips]`.
 * @param scores P(tag) by a model that was not trained on the clip, in [0, 1], `[clips]`.
 * @throws RangeError if lengths differ, a label is neither 0 nor 1, all are the same, or a score lies outside [0, 1].
 * @example confidentLearning([1, 1, 1, 0, 0, 0], [0.9, 0.8, 0.1, 0.1, 0.2, 0.1]).issues // the third is 1
 */
export function confidentLearning(given: ArrayLike<number>, scores: ArrayLike<number>): ConfidentTag {
  requireScores(given, scores);
  const clips = given.length;
  const count: [number, number] = [0, 0];
  const sum: [number, number] = [0, 0];
  for (let clip = 0; clip < clips; clip++) {
    const label = given[clip];
    count[label]++;
    sum[label] += probability(scores[clip], label);
  }
  const absent = count.indexOf(0);
  if (absent !== -1) {
    throw new RangeError(
      `confidentLearning: no clip is given ${absent}. Leave out a tag that all or none carry.`,
    );
  }
  const thresholds: [number, number] = [sum[0] / count[0], sum[1] / count[1]];

  const confidentJoint: Joint = [[0, 0], [0, 0]]; // prettier-ignore
  for (let clip = 0; clip < clips; clip++) {
    const reaches = thresholds.map(
      (threshold, label) => probability(scores[clip], label) >= threshold - slack,
    );
    if (!reaches[0] && !reaches[1]) continue;
    const likelier = Number(scores[clip] > 1 - scores[clip]);
    confidentJoint[given[clip]][reaches[0] && reaches[1] ? likelier : Number(reaches[1])]++;
  }
  for (const label of [0, 1]) confidentJoint[label][label] = Math.max(1, confidentJoint[label][label]);

  // Whole clips, as many in each row as were given that label.
  const wrong = [0, 1].map((label) => {
    const [own, other] = [confidentJoint[label][label], confidentJoint[label][1 - label]];
    return roundHalfToEven((count[label] * other) / (own + other));
  });
  const joint: Joint = [
    [(count[0] - wrong[0]) / clips, wrong[0] / clips],
    [wrong[1] / clips, (count[1] - wrong[1]) / clips],
  ];
  return { thresholds, confidentJoint, joint, issues: prune(given, scores, count, wrong) };
}

/** Marks the clips of each label with the largest margins for the other one. */
function prune(
  given: ArrayLike<number>,
  scores: ArrayLike<number>,
  count: readonly number[],
  wrong: readonly number[],
): Uint8Array {
  const issues = new Uint8Array(given.length);
  for (const label of [0, 1]) {
    const toPrune = Math.min(wrong[label], count[label] - 1); // one clip of each label is kept
    if (toPrune <= 0) continue;
    const own = Array.from({ length: given.length }, (_, clip) => clip).filter(
      (clip) => given[clip] === label,
    );
    const margin = (clip: number) => probability(scores[clip], 1 - label) - probability(scores[clip], label);
    const cut = own.map(margin).sort((a, b) => b - a)[toPrune - 1];
    for (const clip of own) issues[clip] = Number(margin(clip) >= cut && margin(clip) > 0);
  }
  return issues;
}

/**
 * How likely each given label is wrong, `[clips]`, in [0, 1]; null where the joint leaves a label without meaning.
 *
 * With noise that depends on the true label alone, a model of the given labels says
 * p̃ = P(given 1 | true 0) + (P(given 1 | true 1) − P(given 1 | true 0)) · p, so that p = P(true 1 | clip) comes back
 * from p̃ (Natarajan et al., "Learning with Noisy Labels", NIPS 2013, lemma 1 solved for p); Bayes' rule then takes the
 * given label in: P(true j | clip, given i) ∝ P(given i | true j) · p(j). As good as the scores are calibrated.
 *
 * @param joint As `confidentLearning` gives it.
 */
export function errorProbabilities(
  given: ArrayLike<number>,
  scores: ArrayLike<number>,
  joint: Joint,
): Float64Array | null {
  const trueShare = [joint[0][0] + joint[1][0], joint[0][1] + joint[1][1]];
  const givenOf = (label: number, truth: number) => joint[label][truth] / trueShare[truth];
  const [falseAlarm, hit] = [givenOf(1, 0), givenOf(1, 1)];
  if (!(hit > falseAlarm)) return null;
  return Float64Array.from({ length: given.length }, (_, clip) => {
    const p = Math.min(1, Math.max(0, (scores[clip] - falseAlarm) / (hit - falseAlarm)));
    const label = given[clip];
    const right = givenOf(label, label) * probability(p, label);
    const wrong = givenOf(label, 1 - label) * probability(p, 1 - label);
    return right + wrong > 0 ? wrong / (right + wrong) : 1; // the model rules out what was given
  });
}

function probability(score: number, label: number): number {
  return label === 1 ? score : 1 - score;
}

function roundHalfToEven(value: number): number {
  const below = Math.floor(value);
  if (value - below !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}

function requireScores(given: ArrayLike<number>, scores: ArrayLike<number>): void {
  if (given.length !== scores.length) {
    throw new RangeError(
      `confidentLearning: needs one score a label; got ${scores.length} scores, ${given.length} labels.`,
    );
  }
  for (let clip = 0; clip < given.length; clip++) {
    if (given[clip] !== 0 && given[clip] !== 1) {
      throw new RangeError(`confidentLearning: labels must be 0 or 1; got ${given[clip]} at clip ${clip}.`);
    }
    if (!(scores[clip] >= 0 && scores[clip] <= 1)) {
      throw new RangeError(
        `confidentLearning: scores must lie in [0, 1]; got ${scores[clip]} at clip ${clip}.`,
      );
    }
  }
}
