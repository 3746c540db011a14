/** k-means: the centres that rows of numbers lie around. */
import { requireInteger } from './checks.ts';
import { randomNumbers } from './randomNumbers.ts';

export interface KMeansOptions {
  /** Numbers in a row. */
  length: number;
  /** Number of centres. */
  k: number;
  /** Passes over the rows at most; fewer where no row changes its centre any more. Default 20. */
  iterations?: number;
  /** Of the first centres, a 32-bit integer. Default 1. */
  seed?: number;
}

/**
 * Centres `[k, length]`, row-major, of the rows `[n, length]`, by Lloyd's iterations from centres drawn as by Arthur &
 * Vassilvitskii 2007, "k-means++: the advantages of careful seeding". A centre that no row is nearest to stays.
 *
 * @throws RangeError if an option is out of range, or there are fewer than `k` rows that differ.
 * @example kMeans([0, 1, 10, 11], { length: 1, k: 2 }) // 0.5 and 10.5, in one order or the other
 */
export function kMeans(rows: ArrayLike<number>, options: KMeansOptions): Float32Array {
  const { length, k, iterations = 20, seed = 1 } = options;
  requireInteger('kMeans: length', length, 1);
  requireInteger('kMeans: k', k, 1);
  requireInteger('kMeans: iterations', iterations, 0);
  requireInteger('kMeans: seed', seed, -(2 ** 31));
  const n = Math.floor(rows.length / length);
  const centres = drawCentres(rows, n, { length, k, seed });
  const nearest = new Int32Array(n).fill(-1);
  for (let pass = 0; pass < iterations; pass++) {
    let moved = false;
    for (let row = 0; row < n; row++) {
      const best = nearestCentre(rows, row, centres, length);
      moved ||= best !== nearest[row];
      nearest[row] = best;
    }
    if (!moved) break;
    const sums = new Float64Array(k * length);
    const counts = new Int32Array(k);
    for (let row = 0; row < n; row++) {
      counts[nearest[row]]++;
      for (let i = 0; i < length; i++) sums[nearest[row] * length + i] += rows[row * length + i];
    }
    sums.forEach((sum, i) => {
      const count = counts[Math.floor(i / length)];
      if (count > 0) centres[i] = sum / count;
    });
  }
  return centres;
}

/** Each next centre is a row drawn by its squared distance from the centres before it. */
function drawCentres(
  rows: ArrayLike<number>,
  n: number,
  { length, k, seed }: Required<Omit<KMeansOptions, 'iterations'>>,
): Float32Array {
  const random = randomNumbers(seed, 0);
  const centres = new Float32Array(k * length);
  const distances = new Float64Array(n).fill(1);
  for (let centre = 0; centre < k; centre++) {
    const total = distances.reduce((sum, distance) => sum + distance, 0);
    if (total === 0) {
      throw new RangeError(
        `kMeans: ${k} centres need as many rows that differ; got ${centre} among ${n}. Lower k, or give more rows.`,
      );
    }
    let left = random.uniform(0, total);
    let row = 0;
    while (row < n - 1 && (left >= distances[row] || distances[row] === 0)) left -= distances[row++];
    while (distances[row] === 0) row--; // rounding may lead past the last row that can be drawn
    for (let i = 0; i < length; i++) centres[centre * length + i] = rows[row * length + i];
    for (let other = 0; other < n; other++) {
      const distance = squaredDistance(rows, other, centres, centre, length);
      distances[other] = centre === 0 ? distance : Math.min(distances[other], distance);
    }
  }
  return centres;
}

function nearestCentre(rows: ArrayLike<number>, row: number, centres: Float32Array, length: number): number {
  let best = 0;
  let least = Infinity;
  for (let centre = 0; centre * length < centres.length; centre++) {
    const distance = squaredDistance(rows, row, centres, centre, length);
    if (distance < least) [best, least] = [centre, distance];
  }
  return best;
}

function squaredDistance(
  rows: ArrayLike<number>,
  row: number,
  centres: Float32Array,
  centre: number,
  length: number,
): number {
  let sum = 0;
  for (let i = 0; i < length; i++) sum += (rows[row * length + i] - centres[centre * length + i]) ** 2;
  return sum;
}
