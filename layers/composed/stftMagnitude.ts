import * as tf from '@tensorflow/tfjs';
import { decibelLayers, magnitudeLayers, type MagnitudeArgs } from './magnitudeLayers.ts';

/**
 * A model from waveform to magnitude spectrogram, in decibels where asked for.
 *
 * Input: `[batch, ...inputShape]`. Output: `[batch, frames, bins, channels]`, or channels second. Options are those of
 * `STFT`; with `kapreFraming` and `decibel: { convention: 'kapre' }` the numbers are those of Kapre 0.4.1
 * `get_stft_magnitude_layer`.
 *
 * @throws RangeError if an option is out of range.
 * @example stftMagnitude({ inputShape: [16000], nFft: 512, decibel: {} }).predict(waveforms)
 */
export function stftMagnitude({ decibel = null, name, ...stft }: MagnitudeArgs): tf.Sequential {
  return tf.sequential({ name, layers: [...magnitudeLayers(stft), ...decibelLayers(decibel)] });
}
