/** What the entries have in common, so that their pictures can be held against each other. */
import { bandFrequencies, MelSpectrogram, Spectrogram } from '../../layers/index.ts';

/** Hz. */
export const sampleRate = 16_000;
/** Samples. */
export const nFft = 1024;
export const hopLength = 256;
export const nMels = 96;

/** 0 … 8 kHz. */
export const linearBins = bandFrequencies({ scale: 'linear', sampleRate }, 1 + nFft / 2);
export const melBands = bandFrequencies({ scale: 'mel', sampleRate }, nMels);

export const spectrogram = (power: 1 | 2 = 2) => new Spectrogram({ nFft, hopLength, power });

/** Decibels below the clip's peak. */
export const logMel = () =>
  new MelSpectrogram({ sampleRate, nFft, hopLength, nMels, decibel: { ref: 'max' } });
