/** Folds in the order of the rows, as scikit-learn makes them without shuffling. */

/**
 * Which scikit-learn: since 0.22 fold sizes differ by at most one; up to 0.21, with which the paper of 2017 was made,
 * each class is split on its own and the first folds get what is left over of every class.
 */
export type Stratification = 'of2017' | 'current';

/**
 * The fold of every row, 0 … k - 1, with the share of every class in each: scikit-learn's `StratifiedKFold(k)`,
 * unshuffled.
 *
 * @param classes whole numbers, `[rows]`
 * @throws RangeError if `k` is not a whole number >= 2, or no class has `k` rows.
 * @example stratifiedFolds([0, 0, 1, 1], 2, 'of2017') // 0, 1, 0, 1
 */
export function stratifiedFolds(
  classes: ArrayLike<number>,
  k: number,
  stratification: Stratification,
): Int32Array {
  const members = new Map<number, number[]>();
  for (let row = 0; row < classes.length; row++) {
    const rows = members.get(classes[row]);
    if (rows) rows.push(row);
    else members.set(classes[row], [row]);
  }
  const largest = Math.max(0, ...[...members.values()].map((rows) => rows.length));
  requireFolds('stratifiedFolds', k, largest, 'rows of its largest class');
  const folds = new Int32Array(classes.length);
  if (stratification === 'of2017') {
    for (const rows of members.values()) {
      const foldOfMember = blocks(Math.max(rows.length, k), k);
      rows.forEach((row, i) => (folds[row] = foldOfMember[i]));
    }
    return folds;
  }
  // The classes are dealt to the folds like cards, one class after the other in the order of their first rows.
  const dealt = [...members.values()].map(() => new Int32Array(k));
  let card = 0;
  [...members.values()].forEach((rows, place) => rows.forEach(() => dealt[place][card++ % k]++));
  [...members.values()].forEach((rows, place) => {
    let next = 0;
    dealt[place].forEach((count, fold) => {
      for (let i = 0; i < count; i++) folds[rows[next++]] = fold;
    });
  });
  return folds;
}

/**
 * The fold of every row: `k` blocks of neighbours, the first ones a row longer; scikit-learn's `KFold(k)`.
 *
 * @throws RangeError if `k` is not a whole number >= 2 or larger than `rows`.
 * @example plainFolds(5, 2) // 0, 0, 0, 1, 1
 */
export function plainFolds(rows: number, k: number): Int32Array {
  requireFolds('plainFolds', k, rows, 'rows');
  return blocks(rows, k);
}

function blocks(rows: number, k: number): Int32Array {
  const folds = new Int32Array(rows);
  let end = 0;
  for (let fold = 0; fold < k; fold++) {
    const start = end;
    end += Math.floor(rows / k) + (fold < rows % k ? 1 : 0);
    folds.fill(fold, start, end);
  }
  return folds;
}

function requireFolds(name: string, k: number, most: number, what: string): void {
  if (Number.isInteger(k) && k >= 2 && k <= most) return;
  throw new RangeError(
    `${name}: the number of folds must be whole, >= 2 and at most the ${most} ${what}; got ${k}.`,
  );
}
