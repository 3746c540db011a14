/** Scores of every clip by models that were not trained on it. */
import { foldsOf, type Dataset } from '../../datasets/index.ts';
import { fitLogisticRegression } from '../transfer/logisticRegression.ts';
import { fitStandardScaler } from '../transfer/standardScaler.ts';
import type { ProgressBar } from '../reporter.ts';

export interface OutOfFoldOptions {
  tags: readonly string[];
  /** 0 or 1, row-major `[clips, tags]`. */
  given: ArrayLike<number>;
  /** Whether every clip carries exactly one tag. */
  exclusive: boolean;
  /** >= 2. Default 5. */
  folds?: number;
  /** Penalty on squared weights of standardised features, > 0. Default 1. */
  l2?: number;
  seed: number;
  /** Told of every tag of every fold. */
  bar?: ProgressBar;
}

/**
 * Scores clips from features by a logistic regression a tag, cross-validated: `folds` parts with their share of every tag,
 * each scored by models of the other parts. A tag that no or every clip of those carries scores its share there.
 *
 * @param features Row-major `[clips, nFeatures]`.
 * @returns P(tag), `[clips, tags]`
 * @throws RangeError if sizes do not agree or an option is out of range.
 * @example const scores = scoreOutOfFold(features, { tags, given, exclusive: true, seed: 1 })
 */
export function scoreOutOfFold(features: Float64Array, options: OutOfFoldOptions): Float64Array {
  const { tags, given } = options;
  const clips = given.length / tags.length;
  const nFeatures = features.length / clips;
  if (!Number.isInteger(clips) || !Number.isInteger(nFeatures) || nFeatures < 1) {
    throw new RangeError(
      `scoreOutOfFold: needs labels [clips, ${tags.length}] and a row of features for each; got ${given.length} labels, ${features.length} features.`,
    );
  }
  return crossFit(options, nFeatures, () => features);
}

/**
 * Takes correlated tags into account: scores anew from each tag's score and the labels given for all other tags, by a
 * second cross-validated logistic regression a tag (stacking with the other labels as inputs; on tags that speak for
 * each other in noisy multi-label data see Read et al., "Classifier Chains for Multi-label Classification", Machine
 * Learning 85, 2011). A clip given "indie rock" but not "indie" becomes suspect where the two go together. It also
 * calibrates. Not for exclusive tags, where the other labels tell the label itself. Time ∝ clips · tags³.
 *
 * @param scores P(tag) out of fold, `[clips, tags]`.
 * @throws RangeError if the tags are exclusive, or sizes do not agree.
 */
export function relateTags(scores: ArrayLike<number>, options: OutOfFoldOptions): Float64Array {
  const { tags, given, exclusive } = options;
  const nTags = tags.length;
  if (exclusive) {
    throw new RangeError(
      'relateTags: with one tag a clip the other labels tell the label itself. Leave it out.',
    );
  }
  if (scores.length !== given.length) {
    throw new RangeError(`relateTags: needs one score a label; got ${scores.length} and ${given.length}.`);
  }
  return crossFit(options, nTags, (tag) => {
    const inputs = Float64Array.from(given);
    for (let at = tag; at < inputs.length; at += nTags) inputs[at] = logit(scores[at]);
    return inputs;
  });
}

function crossFit(
  { tags, given, exclusive, folds = 5, l2 = 1, seed, bar }: OutOfFoldOptions,
  nFeatures: number,
  featuresOf: (tag: number) => Float64Array,
): Float64Array {
  const nTags = tags.length;
  const foldOfClip = foldsOf(asDataset(tags, given, exclusive), folds, seed);
  const result = new Float64Array(given.length);
  let done = 0;
  for (let tag = 0; tag < nTags; tag++) {
    const features = featuresOf(tag);
    for (let fold = 0; fold < folds; fold++) {
      const inside = clipsWhere(foldOfClip, (own) => own === fold);
      const outside = clipsWhere(foldOfClip, (own) => own !== fold);
      const labels = outside.map((clip) => given[clip * nTags + tag]);
      const positives = labels.reduce((sum, label) => sum + label, 0);
      if (positives === 0 || positives === labels.length) {
        for (const clip of inside) result[clip * nTags + tag] = positives / labels.length;
      } else {
        const train = takeRows(features, nFeatures, outside);
        const scaler = fitStandardScaler(train, nFeatures);
        const model = fitLogisticRegression(scaler.transform(train), labels, { nFeatures, l2 });
        const scored = model.predict(scaler.transform(takeRows(features, nFeatures, inside)));
        inside.forEach((clip, i) => (result[clip * nTags + tag] = scored[i]));
      }
      bar?.update(++done);
    }
  }
  return result;
}

function asDataset(tags: readonly string[], given: ArrayLike<number>, exclusive: boolean): Dataset {
  const clips = Array.from({ length: given.length / tags.length }, (_, clip) => ({
    id: String(clip),
    source: String(clip),
    labels: tags.filter((__, tag) => given[clip * tags.length + tag] === 1),
  }));
  return { name: 'labels', clips, tags: [...tags], exclusive, skipped: [] };
}

function clipsWhere(folds: number[], wanted: (fold: number) => boolean): number[] {
  return folds.map((_, clip) => clip).filter((clip) => wanted(folds[clip]));
}

function takeRows(matrix: Float64Array, columns: number, rows: number[]): Float64Array {
  const taken = new Float64Array(rows.length * columns);
  rows.forEach((row, i) => taken.set(matrix.subarray(row * columns, (row + 1) * columns), i * columns));
  return taken;
}

/** Finite for scores that have rounded to 0 or 1. */
function logit(score: number): number {
  const inside = Math.min(1 - 1e-6, Math.max(1e-6, score));
  return Math.log(inside / (1 - inside));
}
