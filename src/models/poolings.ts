/** Where the compact convnet pools: the published tables, and the same idea for clips shorter than 29 s. */

/** Pool of one block along frames and bins. */
export type PoolSize = [frames: number, bins: number];

/**
 * Bins pooled by the five blocks, by the least number of bins that each row serves. The row from 256 on is also the
 * published one for the 257 linear bins of a 512-point DFT.
 * Source: Choi et al. 2017, arXiv:1703.09179, published code keunwoochoi/transfer_learning_music, models_transfer.py.
 */
const binTable: [leastBins: number, bins: [number, number, number, number, number]][] = [
  [256, [2, 4, 4, 2, 4]],
  [128, [2, 4, 2, 2, 4]],
  [96, [2, 3, 2, 2, 4]],
  [72, [2, 3, 2, 2, 3]],
  [64, [2, 2, 2, 2, 4]],
  [48, [2, 2, 2, 2, 3]],
  [32, [2, 2, 2, 2, 2]],
  [24, [2, 2, 2, 3, 1]],
  [18, [2, 1, 3, 1, 3]],
  [16, [2, 2, 2, 2, 1]],
  [12, [2, 1, 2, 3, 1]],
  [8, [2, 1, 2, 2, 1]],
  [6, [2, 1, 3, 1, 1]],
  [4, [2, 1, 2, 1, 1]],
  [2, [2, 1, 1, 1, 1]],
  [1, [1, 1, 1, 1, 1]],
];

/** The same source: 29 s at 12 kHz with hop 256 are 1360 frames, pooled by 1280 to one. */
const publishedFrames = [4, 4, 5, 4, 4];
const leastPublishedFrames = 1280;

const nBlocks = publishedFrames.length;

/**
 * Pools of the five blocks for a map of `nFrames` × `nBins`, mel bands or linear bins.
 *
 * From 1280 frames on these are the published ones. Shorter maps keep the published pools along frequency; along time
 * each block takes the fifth root of `nFrames`, rounded down or up (the larger first), as many up as still leave one
 * frame at the end.
 *
 * @throws RangeError if `nFrames` or `nBins` is not an integer >= 1.
 * @example poolings(1360, 96) // [[4, 2], [4, 3], [5, 2], [4, 2], [4, 4]]
 */
export function poolings(nFrames: number, nBins: number): PoolSize[] {
  for (const [what, count] of Object.entries({ nFrames, nBins })) {
    if (!(Number.isInteger(count) && count >= 1)) {
      throw new RangeError(`poolings: ${what} must be an integer >= 1; got ${count}.`);
    }
  }
  const bins = binTable.find(([least]) => nBins >= least)![1];
  const frames = nFrames >= leastPublishedFrames ? publishedFrames : shortFrames(nFrames);
  return frames.map((pool, block) => [pool, bins[block]]);
}

function shortFrames(nFrames: number): number[] {
  // a little above the root: 32 ** (1 / 5) is 1.9999… in floating point
  const small = Math.floor(nFrames ** (1 / nBlocks) + 1e-9);
  let nLarge = 0;
  while (nLarge < nBlocks && (small + 1) ** (nLarge + 1) * small ** (nBlocks - nLarge - 1) <= nFrames)
    nLarge++;
  return Array.from({ length: nBlocks }, (_, block) => (block < nLarge ? small + 1 : small));
}
