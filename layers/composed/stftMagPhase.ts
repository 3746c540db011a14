import * as tf from '@tensorflow/tfjs';
import { Magnitude } from '../magnitude.ts';
import { Phase, type PhaseArgs } from '../phase.ts';
import { STFT } from '../stft.ts';
import { decibelLayers, type MagnitudeArgs } from './magnitudeLayers.ts';

export interface StftMagPhaseArgs extends MagnitudeArgs, Pick<PhaseArgs, 'approxAtanAccuracy'> {}

/**
 * A model from waveform to magnitudes, in decibels where asked for, and phases in radians, on the channel axis: the
 * magnitudes of all channels, then the phases. It branches, so it is no `tf.Sequential`, but goes into one as a layer.
 *
 * Input: `[batch, ...inputShape]`. Output: `[batch, frames, bins, 2 * channels]`, or channels second. Options are those
 * of `STFT` and `Phase`; with `kapreFraming` and `decibel: { convention: 'kapre' }` the numbers are those of Kapre 0.4.1
 * `get_stft_mag_phase`.
 *
 * @throws RangeError if an option is out of range.
 * @example stftMagPhase({ inputShape: [16000, 2], nFft: 512 }).predict(waveforms) // [batch, 126, 257, 4]
 */
export function stftMagPhase(args: StftMagPhaseArgs): tf.LayersModel {
  const { inputShape, decibel = null, name, approxAtanAccuracy, ...stft } = args;
  const waveforms = tf.input({ shape: inputShape });
  const spectrum = new STFT(stft).apply(waveforms) as tf.SymbolicTensor;
  const magnitudes = [new Magnitude(), ...decibelLayers(decibel)].reduce(
    (x, layer) => layer.apply(x) as tf.SymbolicTensor,
    spectrum,
  );
  const phases = new Phase({ approxAtanAccuracy }).apply(spectrum) as tf.SymbolicTensor;
  const axis = stft.outputDataFormat === 'channelsFirst' ? 1 : 3;
  const outputs = tf.layers.concatenate({ axis }).apply([magnitudes, phases]) as tf.SymbolicTensor;
  return tf.model({ inputs: waveforms, outputs, name });
}
