/** The truth behind several annotators who err, each in its own way. */

export interface DawidSkeneOptions {
  /** Stops when no probability changes by more, >= 0. Default 1e-9. */
  tolerance?: number;
  /** At most, >= 1. Default 1000. */
  iterations?: number;
}

export interface DawidSkeneResult {
  /** Probability of each class for each item, `[items][classes]`; rows sum to 1. */
  probabilities: number[][];
  /** Frequency of each class, `[classes]`. */
  prior: number[];
  /** Probability that an annotator says `said` where `truth` is true, `[annotators][truth][said]`. */
  confusion: number[][][];
  iterations: number;
}

/**
 * Estimates the true classes of items and the error rates of annotators together, by maximum likelihood.
 *
 * Expectation-maximisation of Dawid and Skene, "Maximum Likelihood Estimation of Observer Error-Rates Using the EM
 * Algorithm", Applied Statistics 28 (1979): started from the share of answers for each class (their 3.1), alternating
 * between error rates and prior from the probabilities (2.3, 2.4) and probabilities from these (2.5). A class that no
 * item has keeps uniform error rates. EM finds a local maximum, which few items or annotators may leave far from the
 * truth; two annotators cannot be told apart at all without the starting point.
 *
 * @param counts How often each annotator gave each class to each item, `[items][annotators][classes]`; zeros where an
 *   annotator did not answer.
 * @throws RangeError if there is no item, an item has no answer, or the rows differ in length.
 * @example dawidSkene([[[1, 0], [1, 0]], [[0, 1], [0, 1]]]).probabilities // [[1, 0], [0, 1]]
 */
export function dawidSkene(
  counts: readonly (readonly (readonly number[])[])[],
  { tolerance = 1e-9, iterations = 1000 }: DawidSkeneOptions = {},
): DawidSkeneResult {
  const annotators = counts[0]?.length ?? 0;
  const classes = counts[0]?.[0]?.length ?? 0;
  requireCounts(counts, annotators, classes);
  let probabilities = counts.map((item) => normalized(columnSums(item, classes)));
  for (let iteration = 1; ; iteration++) {
    const prior = columnSums(probabilities, classes).map((sum) => sum / counts.length);
    const confusion = errorRates(counts, probabilities, annotators, classes);
    const updated = counts.map((item) => posterior(item, prior, confusion));
    const change = largestChange(probabilities, updated);
    probabilities = updated;
    if (change <= tolerance || iteration >= iterations) {
      return { probabilities, prior, confusion, iterations: iteration };
    }
  }
}

function errorRates(
  counts: readonly (readonly (readonly number[])[])[],
  probabilities: readonly (readonly number[])[],
  annotators: number,
  classes: number,
): number[][][] {
  return range(annotators).map((annotator) =>
    range(classes).map((truth) => {
      const said = new Array<number>(classes).fill(0);
      counts.forEach((item, i) => {
        for (let label = 0; label < classes; label++)
          said[label] += probabilities[i][truth] * item[annotator][label];
      });
      return normalized(said);
    }),
  );
}

/** In logarithms, so that many annotators do not underflow. */
function posterior(
  item: readonly (readonly number[])[],
  prior: readonly number[],
  confusion: readonly (readonly (readonly number[])[])[],
): number[] {
  const logs = prior.map((share, truth) => {
    let log = Math.log(share);
    item.forEach((row, annotator) =>
      row.forEach((count, said) => {
        if (count > 0) log += count * Math.log(confusion[annotator][truth][said]);
      }),
    );
    return log;
  });
  const highest = Math.max(...logs);
  return normalized(logs.map((log) => Math.exp(log - highest)));
}

function normalized(values: readonly number[]): number[] {
  const sum = values.reduce((total, value) => total + value, 0);
  return values.map((value) => (sum > 0 ? value / sum : 1 / values.length));
}

function columnSums(rows: readonly (readonly number[])[], columns: number): number[] {
  return range(columns).map((column) => rows.reduce((sum, row) => sum + row[column], 0));
}

function largestChange(before: number[][], after: number[][]): number {
  return Math.max(
    ...after.map((row, i) => Math.max(...row.map((value, j) => Math.abs(value - before[i][j])))),
  );
}

function range(length: number): number[] {
  return [...Array(length).keys()];
}

function requireCounts(
  counts: readonly (readonly (readonly number[])[])[],
  annotators: number,
  classes: number,
): void {
  if (counts.length === 0) throw new RangeError('dawidSkene: needs at least one item; got none.');
  counts.forEach((item, i) => {
    if (item.length !== annotators || item.some((row) => row.length !== classes)) {
      throw new RangeError(`dawidSkene: item ${i} has not ${annotators} annotators × ${classes} classes.`);
    }
    if (!item.some((row) => row.some((count) => count > 0))) {
      throw new RangeError(`dawidSkene: item ${i} has no answer. Leave it out.`);
    }
  });
}
