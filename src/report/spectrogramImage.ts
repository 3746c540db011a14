import { encode } from 'fast-png';
import { magmaPalette } from './magma.ts';
import type { SpectrogramPicture } from './trainingReport.ts';

/** Depth shown below the loudest point, dB: what librosa's `power_to_db` keeps by default (`top_db`). */
const SHOWN_RANGE = 80;

/**
 * Draws a spectrogram as a PNG file: one pixel a frame and bin, time to the right, low frequencies at the bottom.
 *
 * Bright is loud. The darkest colour is the quietest point or 80 dB below the loudest, whichever is higher; values that
 * are not finite are drawn darkest.
 *
 * @throws RangeError if there is not one value for each frame and bin.
 * @example drawSpectrogram({ values, nFrames: 63, nBins: 96, binFrequencies, secondsPerFrame: 0.032 })
 */
export function drawSpectrogram({ values, nFrames, nBins }: SpectrogramPicture): Uint8Array {
  if (values.length !== nFrames * nBins || values.length === 0) {
    throw new RangeError(
      `drawSpectrogram: needs [${nFrames}, ${nBins}] values, frames by bins, at least one; got ${values.length}.`,
    );
  }
  let [quietest, loudest] = [Infinity, -Infinity];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    quietest = Math.min(quietest, value);
    loudest = Math.max(loudest, value);
  }
  const floor = Math.max(quietest, loudest - SHOWN_RANGE);

  const levels = new Uint8Array(values.length); // row-major [bins, frames], top row first
  for (let frame = 0; frame < nFrames; frame++) {
    for (let bin = 0; bin < nBins; bin++) {
      const share = (values[frame * nBins + bin] - floor) / (loudest - floor);
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
