import * as tf from '@tensorflow/tfjs';
import { ApplyFilterbank } from '../applyFilterbank.ts';
import type { MelFilterbankOptions } from '../dsp/mel.ts';
import { decibelLayers, magnitudeLayers, type MagnitudeArgs } from './magnitudeLayers.ts';

export interface MelSpectrogramModelArgs extends MagnitudeArgs, Omit<MelFilterbankOptions, 'nFft'> {
  /** Train the filterbank, starting from the exact one. Default false: frozen, not counted. */
  trainableFilterbank?: boolean;
}

/**
 * A model from waveform to mel bands of magnitudes, in decibels where asked for. Of magnitudes, as Kapre has it; the
 * layer `MelSpectrogram` takes power, as librosa does by default, in one pass.
 *
 * Input: `[batch, ...inputShape]`. Output: `[batch, frames, nMels, channels]`, or channels second. Options are those of
 * `STFT` and of `ApplyFilterbank`; with `kapreFraming` and `decibel: { convention: 'kapre' }` the numbers are those of
 * Kapre 0.4.1 `get_melspectrogram_layer`.
 *
 * @throws RangeError if an option is out of range.
 * @example melSpectrogram({ inputShape: [16000], sampleRate: 16000, nFft: 512, nMels: 64, decibel: {} })
 */
export function melSpectrogram(args: MelSpectrogramModelArgs): tf.Sequential {
  const {
    decibel = null,
    name,
    sampleRate,
    nMels,
    fMin,
    fMax,
    melScale,
    norm,
    trainableFilterbank,
    ...stft
  } = args;
  const dataFormat = stft.outputDataFormat;
  const bands = { sampleRate, nMels, fMin, fMax, melScale, norm, trainableFilterbank, dataFormat };
  const layers = [...magnitudeLayers(stft), new ApplyFilterbank(bands), ...decibelLayers(decibel)];
  return tf.sequential({ name, layers });
}
