/** What a net's output layer says of its tags, against how often they are given together. */
import { fitStandardScaler } from '../transfer/standardScaler.ts';
import { spearman } from './correlations.ts';

/**
 * Cosine similarity of the columns of an output layer's kernel, `[tags][tags]`, in [-1, 1]. A column is the direction
 * in the last features that speaks for its tag: tags with similar columns sound alike to the net ("label vector
 * similarity", Choi et al. 2018, arXiv:1706.02361, section V).
 *
 * @param kernel Row-major `[units, nTags]`.
 * @throws RangeError if the length is not a positive multiple of `nTags`, or a column is 0 throughout.
 * @example labelVectorSimilarity([1, 0, 0, 1], 2) // [[1, 0], [0, 1]]
 */
export function labelVectorSimilarity(kernel: ArrayLike<number>, nTags: number): number[][] {
  const units = kernel.length / nTags;
  if (!(Number.isInteger(units) && units >= 1)) {
    throw new RangeError(
      `labelVectorSimilarity: the kernel must be [units, ${nTags}]; got ${kernel.length} numbers.`,
    );
  }
  const dot = (i: number, j: number) => {
    let sum = 0;
    for (let unit = 0; unit < units; unit++) sum += kernel[unit * nTags + i] * kernel[unit * nTags + j];
    return sum;
  };
  const norms = Array.from({ length: nTags }, (_, tag) => Math.sqrt(dot(tag, tag)));
  const silent = norms.findIndex((norm) => !(norm > 0));
  if (silent !== -1)
    throw new RangeError(`labelVectorSimilarity: column ${silent} has no direction: all 0 or NaN.`);
  return norms.map((own, i) => norms.map((other, j) => (i === j ? 1 : dot(i, j) / (own * other))));
}

export interface TagPair {
  first: string;
  second: string;
  /** Cosine of the label vectors, [-1, 1]. */
  similarity: number;
  /** Normalised co-occurrence, [0, 1]. */
  coOccurrence: number;
  /** Standard score of the similarity less that of the co-occurrence's square root, each over all pairs. */
  disagreement: number;
}

export interface SimilarityComparison {
  /** Spearman's correlation of the two over all pairs of tags. */
  spearman: number;
  /** Every pair once, the ones that the net finds most alike for their co-occurrence first. */
  pairs: TagPair[];
}

/**
 * Compares the two similarities over all pairs of tags. They have different scales, so a pair disagrees by its
 * standard scores (value less mean, over the standard deviation), that of the co-occurrence by its square root, which
 * evens out the scatter of counts: above 0 it is more alike to the net than it is given
 * together.
 *
 * Pairs of which a tag is never given are left out.
 *
 * @param similarity Symmetric, `[tags][tags]`.
 * @param normalised Symmetric, `[tags][tags]`.
 * @throws RangeError if the sizes differ, or fewer than two pairs are left.
 */
export function compareSimilarities(
  tags: readonly string[],
  similarity: number[][],
  normalised: number[][],
): SimilarityComparison {
  if (similarity.length !== tags.length || normalised.length !== tags.length) {
    throw new RangeError(
      `compareSimilarities: needs two matrices of ${tags.length} tags; got ${similarity.length} and ${normalised.length}.`,
    );
  }
  const pairs = tags
    .flatMap((_, i) => tags.map((__, j) => [i, j]))
    .filter(([i, j]) => i < j && !Number.isNaN(normalised[i][j]));
  if (pairs.length < 2)
    throw new RangeError('compareSimilarities: needs at least three tags that are given.');
  const near = pairs.map(([i, j]) => similarity[i][j]);
  const together = pairs.map(([i, j]) => normalised[i][j]);
  const [nearScores, togetherScores] = [standardScores(near), standardScores(together.map(Math.sqrt))];
  return {
    spearman: spearman(near, together),
    pairs: pairs
      .map(([i, j], pair) => ({
        first: tags[i],
        second: tags[j],
        similarity: near[pair],
        coOccurrence: together[pair],
        disagreement: nearScores[pair] - togetherScores[pair],
      }))
      .sort((a, b) => b.disagreement - a.disagreement),
  };
}

function standardScores(values: number[]): Float64Array {
  return fitStandardScaler(values, 1).transform(values);
}
