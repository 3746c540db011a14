/** How often tags are given together. */

export interface CoOccurrence {
  /** Clips that carry each tag, `[tags]`. */
  counts: number[];
  /** Clips that carry both, `[tags][tags]`; the diagonal holds `counts`. */
  joint: number[][];
  /** C(i, j) = #(i and j) / #i: the share of the clips with tag i (row) that carry tag j (column) too. NaN where #i is 0. */
  conditional: number[][];
  /** #(i and j) / √(#i · #j), in [0, 1]: the cosine of the tags' label columns. NaN where either is 0. */
  normalised: number[][];
}

/**
 * Counts how often tags go together.
 *
 * `conditional` is the co-occurrence of Choi, Fazekas, Cho and Sandler, "The Effects of Noisy Labels on Deep
 * Convolutional Neural Networks for Music Tagging" (2018), arXiv:1706.02361, section II. It depends on how common the
 * tags are; `normalised` (Ochiai 1957) is symmetric and compares with a cosine of label vectors.
 *
 * @param labels 0 or 1, row-major `[clips, nTags]`.
 * @throws RangeError if the length is not a positive multiple of `nTags`, or a label is neither 0 nor 1.
 * @example coOccurrence([1, 1, 1, 0], 2).conditional // [[1, 0.5], [1, 1]]
 */
export function coOccurrence(labels: ArrayLike<number>, nTags: number): CoOccurrence {
  const clips = labels.length / nTags;
  if (!(Number.isInteger(clips) && clips >= 1)) {
    throw new RangeError(`coOccurrence: labels must be [clips, ${nTags}]; got ${labels.length} of them.`);
  }
  const joint = Array.from({ length: nTags }, () => new Array<number>(nTags).fill(0));
  for (let clip = 0; clip < clips; clip++) {
    const carried: number[] = [];
    for (let tag = 0; tag < nTags; tag++) {
      const label = labels[clip * nTags + tag];
      if (label === 1) carried.push(tag);
      else if (label !== 0) {
        throw new RangeError(
          `coOccurrence: labels must be 0 or 1; got ${label} at clip ${clip}, tag ${tag}.`,
        );
      }
    }
    for (const i of carried) for (const j of carried) joint[i][j]++;
  }
  const counts = joint.map((row, i) => row[i]);
  return {
    counts,
    joint,
    conditional: joint.map((row, i) => row.map((both) => both / counts[i])),
    normalised: joint.map((row, i) => row.map((both, j) => both / Math.sqrt(counts[i] * counts[j]))),
  };
}

export interface DirectedPair {
  /** Indices of the tags: of the clips with `tag`, a share carries `other` too. */
  tag: number;
  other: number;
}

/** The ordered pairs of different tags by falling conditional co-occurrence. */
export function strongestPairs({ counts, conditional }: CoOccurrence): DirectedPair[] {
  return counts
    .flatMap((_, tag) => counts.map((__, other) => ({ tag, other })))
    .filter(({ tag, other }) => tag !== other && counts[tag] > 0)
    .sort((a, b) => conditional[b.tag][b.other] - conditional[a.tag][a.other]);
}
