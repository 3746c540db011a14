/**
 * Share of clips whose predicted class is the true one; NaN for no clips.
 *
 * @param trueClasses Class indices, `[clips]`.
 * @param predictedClasses Class indices, `[clips]`.
 * @throws RangeError if the lengths differ.
 * @example accuracy([0, 1, 2, 2], [0, 1, 1, 2]) // 0.75
 */
export function accuracy(trueClasses: ArrayLike<number>, predictedClasses: ArrayLike<number>): number {
  const clips = trueClasses.length;
  if (predictedClasses.length !== clips) {
    throw new RangeError(
      `accuracy: needs one prediction a clip; got ${predictedClasses.length} for ${clips} clips.`,
    );
  }
  let hits = 0;
  for (let i = 0; i < clips; i++) if (trueClasses[i] === predictedClasses[i]) hits++;
  return hits / clips;
}
