/** What is taken from a log-mel map further on. */
import { ConcatenateFrequencyMap, Delta, LogmelToMFCC } from '../../../layers/index.ts';
import type { GalleryEntry } from '../galleryEntry.ts';
import { logMel, melBands } from '../sharedSettings.ts';

const nMfccs = 20;

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
];
