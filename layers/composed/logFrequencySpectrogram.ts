import * as tf from '@tensorflow/tfjs';
import { ApplyFilterbank } from '../applyFilterbank.ts';
import type { LogFilterbankOptions } from '../dsp/logFrequency.ts';
import { decibelLayers, magnitudeLayers, type MagnitudeArgs } from './magnitudeLayers.ts';

export interface LogFrequencySpectrogramArgs extends MagnitudeArgs, Omit<LogFilterbankOptions, 'nFft'> {
  /** Train the filterbank, starting from the exact one. Default false: frozen, not counted. */
  trainableFilterbank?: boolean;
}

/**
 * A model from waveform to magnitudes in bands at equal musical intervals, in decibels where asked for.
 *
 * Input: `[batch, ...inputShape]`. Output: `[batch, frames, nBands, channels]`, or channels second. Options are those of
 * `STFT` and of `ApplyFilterbank` with type `'log'`; with `kapreFraming` and `decibel: { convention: 'kapre' }` the
 * numbers are those of Kapre 0.4.1 `get_log_frequency_spectrogram_layer`.
 *
 * @throws RangeError if an option is out of range.
 * @example logFrequencySpectrogram({ inputShape: [22050], sampleRate: 22050, nFft: 4096 })
 */
export function logFrequencySpectrogram(args: LogFrequencySpectrogramArgs): tf.Sequential {
  const {
    decibel = null,
    name,
    sampleRate,
    nBands,
    binsPerOctave,
    fMin,
    spread,
    trainableFilterbank,
    ...stft
  } = args;
  const dataFormat = stft.outputDataFormat;
  const bands = { sampleRate, nBands, binsPerOctave, fMin, spread, trainableFilterbank, dataFormat };
  const filterbank = new ApplyFilterbank({ type: 'log', ...bands });
  return tf.sequential({ name, layers: [...magnitudeLayers(stft), filterbank, ...decibelLayers(decibel)] });
}
