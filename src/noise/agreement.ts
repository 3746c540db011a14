/** How far annotators agree, beyond what chance would give. */

/**
 * Cohen's kappa of two annotators: (p_o - p_e) / (1 - p_e), with p_o the share of items on which they agree, and p_e
 * the share expected if each drew from its own frequencies.
 *
 * Cohen, "A coefficient of agreement for nominal scales", Educational and Psychological Measurement 20 (1960). Same
 * numbers as scikit-learn 1.9 `cohen_kappa_score`. NaN where there is no item or both only ever say the same one thing:
 * then no disagreement was possible by chance either.
 *
 * @param first Classes by the first annotator, `[items]`, integers in [0, classes).
 * @param second The same items by the second.
 * @throws RangeError if the lengths differ.
 * @example cohenKappa([0, 1, 1, 0], [0, 1, 0, 0], 2) // 0.5
 */
export function cohenKappa(first: ArrayLike<number>, second: ArrayLike<number>, classes: number): number {
  const items = first.length;
  if (second.length !== items) {
    throw new RangeError(
      `cohenKappa: needs the same items from both; got ${items} and ${second.length} answers.`,
    );
  }
  const [ofFirst, ofSecond] = [new Float64Array(classes), new Float64Array(classes)];
  let agreed = 0;
  for (let item = 0; item < items; item++) {
    ofFirst[first[item]]++;
    ofSecond[second[item]]++;
    if (first[item] === second[item]) agreed++;
  }
  const expected = ofFirst.reduce((sum, count, label) => sum + count * ofSecond[label], 0) / items;
  return (agreed - expected) / (items - expected);
}

/**
 * Fleiss' kappa of any number of annotators: (P - P_e) / (1 - P_e), with P the mean over items of the share of pairs of
 * annotators that agree, and P_e the sum of squared class frequencies.
 *
 * Fleiss, "Measuring nominal scale agreement among many raters", Psychological Bulletin 76 (1971). Same numbers as
 * statsmodels 0.15 `fleiss_kappa`. NaN where there is no item or only one class was ever given.
 *
 * @param counts How many annotators gave each class to each item, `[items][classes]`.
 * @throws RangeError unless each item has the same number of annotators, at least two.
 * @example fleissKappa([[2, 0], [0, 2], [1, 1]]) // 0.333
 */
export function fleissKappa(counts: readonly (readonly number[])[]): number {
  const annotators = counts.length === 0 ? 2 : sum(counts[0]);
  for (const row of counts) {
    if (sum(row) !== annotators || annotators < 2) {
      throw new RangeError(
        `fleissKappa: needs the same number of annotators for each item, at least 2; got ${annotators} and ${sum(row)}.`,
      );
    }
  }
  const items = counts.length;
  const pairs = annotators * (annotators - 1);
  const agreed = sum(counts.map((row) => sum(row.map((count) => count * (count - 1))) / pairs)) / items;
  const classes = counts[0]?.length ?? 0;
  const shares = Array.from(
    { length: classes },
    (_, label) => sum(counts.map((row) => row[label])) / (items * annotators),
  );
  const expected = sum(shares.map((share) => share ** 2));
  return (agreed - expected) / (1 - expected);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
