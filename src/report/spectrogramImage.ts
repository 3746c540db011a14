import { encode } from 'fast-png';
import { magmaPalette } from './magma.ts';
import type { SpectrogramPicture } from './trainingReport.ts';

/** Depth shown below the loudest point, dB: what librosa's `power_to_db` keeps by default (`top_db`). */
const SHOWN_RANGE = 80;

/** A map of time and frequency, or of whatever else stands on its second axis. */
export type TimeMap = Pick<SpectrogramPicture, 'values' | 'nFrames' | 'nBins'>;

/**
 * Draws a spectrogram as a PNG file: one pixel a frame and bin, time to the right, low frequencies at the bottom.
 *
 * Bright is loud. The darkest and the brightest colour stand for the ends of `range`; values beyond are drawn like them,
 * values that are not finite darkest.
 *
 * @param range Default: {@link decibelRange} of the values.
 * @throws RangeError if there is not one value for each frame and bin.
 * @example drawSpectrogram({ values, nFrames: 63, nBins: 96, binFrequencies, secondsPerFrame: 0.032 })
 */
export function drawSpectrogram(
  { values, nFrames, nBins }: TimeMap,
  [floor, ceiling] = decibelRange(values),
): Uint8Array {
  if (values.length !== nFrames * nBins || values.length === 0) {
    throw new RangeError(
      `drawSpectrogram: needs [${nFrames}, ${nBins}] values, frames by bins, at least one; got ${values.length}.`,
    );
  }
  const levels = new Uint8Array(values.length); // row-major [bins, frames], top row first
  for (let frame = 0; frame < nFrames; frame++) {
    for (let bin = 0; bin < nBins; bin++) {
      const share = (values[frame * nBins + bin] - floor) / (ceiling - floor);
      // NaN (no range, or no number) becomes 0 in a Uint8Array, the darkest colour.
      levels[(nBins - 1 - bin) * nFrames + frame] = Math.round(255 * Math.min(Math.max(share, 0), 1));
    }
  }
  return encode({
    width: nFrames,
    height: nBins,
    data: levels,
    channels: 1,
    palette: magmaPalette as number[][],
  });
}

/** From the quietest value, or 80 dB below the loudest, whichever is higher, to the loudest. */
export function decibelRange(values: Float32Array): [number, number] {
  const [quietest, loudest] = finiteRange(values);
  return [Math.max(quietest, loudest - SHOWN_RANGE), loudest];
}

/** The smallest and the largest finite value; [Infinity, -Infinity] where there is none. */
export function finiteRange(values: Float32Array): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return [low, high];
}
