/**
 * Counts clips by true class (rows) and predicted class (columns).
 *
 * @param trueClasses Class index in [0, nClasses), `[clips]`.
 * @param predictedClasses Class index in [0, nClasses), `[clips]`.
 * @returns `[nClasses][nClasses]`.
 * @throws RangeError if the lengths differ or a class index lies outside [0, nClasses).
 * @example confusionMatrix([0, 0, 1], [0, 1, 1], 2) // [[1, 1], [0, 1]]
 */
export function confusionMatrix(
  trueClasses: ArrayLike<number>,
  predictedClasses: ArrayLike<number>,
  nClasses: number,
): number[][] {
  if (trueClasses.length !== predictedClasses.length) {
    throw new RangeError(
      `confusionMatrix: needs one prediction a clip; got ${predictedClasses.length} for ${trueClasses.length} clips.`,
    );
  }
  const matrix = Array.from({ length: nClasses }, () => new Array<number>(nClasses).fill(0));
  for (let i = 0; i < trueClasses.length; i++) {
    requireClass('trueClasses', trueClasses[i], i, nClasses);
    requireClass('predictedClasses', predictedClasses[i], i, nClasses);
    matrix[trueClasses[i]][predictedClasses[i]]++;
  }
  return matrix;
}

function requireClass(name: string, value: number, clip: number, nClasses: number): void {
  if (Number.isInteger(value) && value >= 0 && value < nClasses) return;
  throw new RangeError(
    `confusionMatrix: ${name} must be class indices from 0 to ${nClasses - 1}; got ${value} at clip ${clip}.`,
  );
}
