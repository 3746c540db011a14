/** What is taken from spectrograms further on. */
import {
  ConcatenateFrequencyMap,
  Delta,
  HarmonicPercussive,
  LogmelToMFCC,
  Tempogram,
} from '../../../layers/index.ts';
import type { GalleryEntry } from '../galleryEntry.ts';
import { hopLength, linearBins, logMel, melBands, nFft, sampleRate, spectrogram } from '../sharedSettings.ts';

const nMfccs = 20;
/** Three seconds. */
const nLags = 188;

export const featureEntries: GalleryEntry[] = [
  {
    layer: 'LogmelToMFCC',
    about: 'Discrete cosine transform along the mel axis: mel-frequency cepstral coefficients.',
    counterpart: 'librosa feature.mfcc; Kapre LogmelToMFCC',
    trainable: null,
    chain: () => [logMel(), new LogmelToMFCC({ nMfccs })],
    picture: {
      kind: 'map',
      axis: { names: Array.from({ length: nMfccs }, (_, i) => `c${i}`) },
      unit: 'dB·√mel',
      beyond: 1.1 / nMfccs, // c0 is the level, far from the others
    },
  },
  {
    layer: 'Delta',
    about: 'Slope of each bin along time, of the line nearest to nine frames.',
    counterpart: 'Kapre Delta; librosa feature.delta',
    trainable: null,
    chain: () => [logMel(), new Delta({ winLength: 9 })],
    picture: { kind: 'map', axis: { hertz: melBands }, unit: 'slope, dB' },
  },
  {
    layer: 'ConcatenateFrequencyMap',
    about: 'A channel that rises with frequency, so that a convolution can tell frequencies apart.',
    counterpart: 'Kapre ConcatenateFrequencyMap',
    trainable: null,
    chain: () => [logMel(), new ConcatenateFrequencyMap()],
    picture: {
      kind: 'map',
      axis: { hertz: melBands },
      unit: ['dB', 'share'],
      channels: ['as it was', 'frequency map'],
    },
  },
  {
    layer: 'HarmonicPercussive',
    about: 'Splits magnitudes into what lasts in time and what spreads in frequency.',
    counterpart: 'librosa decompose.hpss',
    trainable: null,
    chain: () => [spectrogram(1), new HarmonicPercussive()],
    picture: {
      kind: 'map',
      axis: { hertz: linearBins },
      unit: 'magnitude',
      channels: ['harmonic', 'percussive'],
    },
  },
  {
    layer: 'Tempogram',
    about: 'Local autocorrelation of onsets, lags upwards: half a second is a tempo of 120 beats a minute.',
    counterpart: 'librosa feature.tempogram',
    trainable: 'DFT kernels or window, and filterbank',
    chain: () => [new Tempogram({ sampleRate, nFft, hopLength, nLags })],
    picture: {
      kind: 'map',
      axis: { values: Array.from({ length: nLags }, (_, lag) => (lag * hopLength) / sampleRate), unit: 's' },
      unit: 'share of lag 0',
    },
  },
];
