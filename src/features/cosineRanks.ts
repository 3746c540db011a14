/** How near clips lie to each other by the angle between their features. */

/** Rows of features, row-major `[clips, units]`. */
export interface FeatureRows {
  values: Float32Array | Float64Array;
  units: number;
}

/**
 * The rank of the second clip of each pair among all others, by cosine to the first: 1 is the nearest. Of equally near
 * ones the lower number comes first. A row of zeros is at right angles to all.
 *
 * @param pairs clip numbers; the two of a pair differ
 * @returns one whole number a pair, 1 to clips - 1.
 * @example cosineRanks({ values: Float32Array.of(1, 0, 1, 0.1, 0, 1), units: 2 }, [[0, 2]]) // Int32Array [2]
 */
export function cosineRanks(rows: FeatureRows, pairs: readonly (readonly [number, number])[]): Int32Array {
  const unit = unitRows(rows);
  const byQuery = new Map<number, number[]>();
  pairs.forEach(([query], place) => byQuery.set(query, [...(byQuery.get(query) ?? []), place]));
  const ranks = new Int32Array(pairs.length);
  for (const [query, places] of byQuery) {
    const cosines = cosinesTo(unit, query);
    const order = sortedByCosine(cosines, query);
    const rankOf = new Int32Array(cosines.length);
    order.forEach((clip, place) => (rankOf[clip] = place + 1));
    for (const place of places) ranks[place] = rankOf[pairs[place][1]];
  }
  return ranks;
}

/**
 * The clips nearest to one, nearest first, with their cosines.
 *
 * @example nearestByCosine(rows, 0, 5).map(({ clip }) => ids[clip])
 */
export function nearestByCosine(
  rows: FeatureRows,
  query: number,
  count: number,
): { clip: number; cosine: number }[] {
  const cosines = cosinesTo(unitRows(rows), query);
  return [...sortedByCosine(cosines, query).subarray(0, count)].map((clip) => ({
    clip,
    cosine: cosines[clip],
  }));
}

function unitRows({ values, units }: FeatureRows): FeatureRows {
  const result = new Float64Array(values.length);
  for (let start = 0; start < values.length; start += units) {
    let squares = 0;
    for (let at = start; at < start + units; at++) squares += values[at] ** 2;
    const length = Math.sqrt(squares) || 1;
    for (let at = start; at < start + units; at++) result[at] = values[at] / length;
  }
  return { values: result, units };
}

function cosinesTo({ values, units }: FeatureRows, query: number): Float64Array {
  const cosines = new Float64Array(values.length / units);
  for (let clip = 0; clip < cosines.length; clip++) {
    let sum = 0;
    for (let unit = 0; unit < units; unit++)
      sum += values[query * units + unit] * values[clip * units + unit];
    cosines[clip] = sum;
  }
  return cosines;
}

/** All clips but the query. */
function sortedByCosine(cosines: Float64Array, query: number): Int32Array {
  const others = Int32Array.from(cosines.keys()).filter((clip) => clip !== query);
  return others.sort((a, b) => cosines[b] - cosines[a] || a - b);
}
