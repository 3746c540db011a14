/** Smoothing along time that keeps edges. */

/**
 * Median of each column over `width` frames around each frame; at the ends over those that there are.
 *
 * @param map row-major `[frames, nColumns]`: chroma, or distances to chords
 * @param width odd, >= 1
 * @throws RangeError if `width` is not odd, or the map not whole frames.
 * @example medianOverFrames(chroma, 12, 9)
 */
export function medianOverFrames(map: Float32Array, nColumns: number, width: number): Float32Array {
  if (!(Number.isInteger(width) && width % 2 === 1 && width >= 1))
    throw new RangeError(`medianOverFrames: width must be an odd number of frames >= 1; got ${width}.`);
  if (map.length % nColumns !== 0)
    throw new RangeError(
      `medianOverFrames: the map must be frames of ${nColumns} values; got ${map.length} values.`,
    );
  const nFrames = map.length / nColumns;
  const reach = (width - 1) / 2;
  const result = new Float32Array(map.length);
  for (let column = 0; column < nColumns; column++) {
    const values = Float32Array.from({ length: nFrames }, (_, frame) => map[frame * nColumns + column]);
    for (let frame = 0; frame < nFrames; frame++) {
      const around = values.slice(Math.max(0, frame - reach), frame + reach + 1).sort();
      const middle = around.length >> 1;
      result[frame * nColumns + column] =
        around.length % 2 === 1 ? around[middle] : (around[middle - 1] + around[middle]) / 2;
    }
  }
  return result;
}
