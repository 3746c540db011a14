/** From magnitudes to what fixed and learned chroma take in, alike. */

/** Rows weaker than this part of the clip's strongest row are not raised to length 1: pauses stay quiet. */
const FLOOR = 0.1;

/**
 * Compresses the magnitudes of a clip, log(1 + c · x / peak) / log(1 + c), and divides each frame by its Euclidean length,
 * or by a tenth of the longest one, where it is shorter. A clip's level has no part in the result; silence stays silence.
 *
 * @param frames row-major `[frames, nBins]`, magnitudes
 * @param compression c, > 0; towards 0 the magnitudes are left as they are
 * @example clipFeatures(magnitudes, 252, 100)
 */
export function clipFeatures(frames: Float32Array, nBins: number, compression: number): Float32Array {
  let peak = 0;
  for (const value of frames) if (value > peak) peak = value;
  if (peak === 0) return new Float32Array(frames.length);
  const features = new Float32Array(frames.length);
  const whole = Math.log1p(compression);
  for (let i = 0; i < frames.length; i++) features[i] = Math.log1p((compression / peak) * frames[i]) / whole;
  const lengths = new Float64Array(frames.length / nBins);
  for (let row = 0; row < lengths.length; row++) {
    let power = 0;
    for (let bin = row * nBins; bin < (row + 1) * nBins; bin++) power += features[bin] ** 2;
    lengths[row] = Math.sqrt(power);
  }
  const least = FLOOR * lengths.reduce((longest, length) => Math.max(longest, length), 0);
  for (let row = 0; row < lengths.length; row++) {
    const gain = 1 / Math.max(least, lengths[row]);
    for (let bin = row * nBins; bin < (row + 1) * nBins; bin++) features[bin] *= gain;
  }
  return features;
}
