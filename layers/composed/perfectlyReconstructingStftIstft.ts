import type { DataFormat } from '../dataFormat.ts';
import { InverseSTFT } from '../inverseStft.ts';
import { STFT } from '../stft.ts';

export interface PerfectlyReconstructingArgs {
  /** DFT and window length, samples. Default 2048. */
  nFft?: number;
  /** Distance of frames, samples, a divisor of `nFft`, at most half of it. Default `nFft / 4`. */
  hopLength?: number;
  /** Samples of the waveform. Default null: the waveform comes back with zeros behind. */
  length?: number | null;
  /** Channels last or second in the waveforms. Default `'channelsLast'`. */
  waveformDataFormat?: DataFormat;
  /** Channels last or second in the spectrograms. Default `'channelsLast'`. */
  stftDataFormat?: DataFormat;
}

/**
 * Two layers, of which the second undoes the first to float32's rounding, up to the first and last sample: both ends are
 * padded, so that each sample lies in `nFft / hopLength` windows.
 *
 * `stft` takes a waveform `[batch, samples]` or `[batch, samples, channels]` to
 * `[batch, frames, 1 + nFft / 2, channels, 2]`, real and imaginary parts last; `inverseStft` takes that to
 * `[batch, samples, channels]`. Channels stand second where the data formats say so.
 *
 * Kapre 0.4's `get_perfectly_reconstructing_stft_istft` leaves the `nFft - hopLength` zeros before the waveform to the
 * caller; here they are cut off, and what is behind the end as well if `length` says where that is.
 *
 * @throws RangeError if `hopLength` does not divide `nFft` at least twice, or another option is out of range.
 * @example
 * const { stft, inverseStft } = perfectlyReconstructingStftIstft({ nFft: 1024, hopLength: 256, length: 16000 });
 * inverseStft.apply(stft.apply(waveforms)) // waveforms, with a channel axis
 */
export function perfectlyReconstructingStftIstft({
  nFft = 2048,
  hopLength = nFft / 4,
  length = null,
  waveformDataFormat = 'channelsLast',
  stftDataFormat = 'channelsLast',
}: PerfectlyReconstructingArgs = {}): { stft: STFT; inverseStft: InverseSTFT } {
  if (!(Number.isInteger(nFft / hopLength) && nFft >= 2 * hopLength)) {
    throw new RangeError(
      `perfectlyReconstructingStftIstft: hopLength must be a divisor of nFft=${nFft}, at most its half; ` +
        `got ${hopLength}. Use nFft / 2, nFft / 4, ...`,
    );
  }
  const common = { nFft, hopLength, center: false, padBegin: true };
  const stft = new STFT({
    ...common,
    padEnd: true,
    inputDataFormat: waveformDataFormat,
    outputDataFormat: stftDataFormat,
  });
  const inverseStft = new InverseSTFT({
    ...common,
    length,
    normalization: 'periodic',
    inputDataFormat: stftDataFormat,
    outputDataFormat: waveformDataFormat,
  });
  return { stft, inverseStft };
}
