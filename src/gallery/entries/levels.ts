/** The values of a map on another scale: decibels, weighting, normalisation. */
import * as tf from '@tensorflow/tfjs';
import {
  AmplitudeToDecibel,
  FrequencyWeighting,
  MagnitudeToDecibel,
  MelSpectrogram,
  Normalization2D,
  PCEN,
  PowerToDecibel,
  SpectralWhitening,
} from '../../../layers/index.ts';
import type { GalleryEntry } from '../galleryEntry.ts';
import {
  hopLength,
  linearBins,
  logMel,
  melBands,
  nFft,
  nMels,
  sampleRate,
  spectrogram,
} from '../sharedSettings.ts';

export const levelEntries: GalleryEntry[] = [
  {
    layer: 'PowerToDecibel',
    about: 'Power to decibels, down to 80 dB below the clip’s own peak.',
    counterpart: 'librosa power_to_db',
    trainable: null,
    chain: () => [spectrogram(), new PowerToDecibel({ ref: 'max' })],
    picture: { kind: 'map', axis: { hertz: linearBins }, unit: 'dB' },
  },
  {
    layer: 'AmplitudeToDecibel',
    about: 'Magnitude to decibels, 20 times the logarithm: the same picture from magnitudes.',
    counterpart: 'librosa amplitude_to_db',
    trainable: null,
    chain: () => [spectrogram(1), new AmplitudeToDecibel({ ref: 'max' })],
    picture: { kind: 'map', axis: { hertz: linearBins }, unit: 'dB' },
  },
  {
    layer: 'MagnitudeToDecibel',
    about:
      'Kapre’s convention, 10 times the logarithm of a magnitude: half as many decibels, here 80 of them.',
    counterpart: 'Kapre MagnitudeToDecibel',
    trainable: null,
    chain: () => [spectrogram(1), new MagnitudeToDecibel({ ref: 'max' })],
    picture: { kind: 'map', axis: { hertz: linearBins }, unit: 'Kapre’s dB' },
  },
  {
    layer: 'FrequencyWeighting',
    about: 'Weights each frequency as the ear does: here A-weighting of decibels.',
    counterpart: 'librosa A_weighting, perceptual_weighting',
    trainable: null,
    chain: () => [logMel(), new FrequencyWeighting({ bands: { scale: 'mel', sampleRate } })],
    picture: { kind: 'map', axis: { hertz: melBands }, unit: 'dB(A)' },
  },
  {
    layer: 'Normalization2D',
    about: 'Zero mean and unit deviation of the clip, or of each channel, frequency or frame of it.',
    counterpart: 'Kapre 2017 Normalization2D, with perClip: false',
    trainable: null,
    chain: () => [logMel(), new Normalization2D()],
    picture: { kind: 'map', axis: { hertz: melBands }, unit: 'deviations' },
  },
  {
    layer: 'SpectralWhitening',
    about: 'Each frequency to zero mean and unit deviation, over the clip or over the training data.',
    counterpart: 'Keras Normalization(axis=2)',
    trainable: null,
    chain: () => [logMel(), new SpectralWhitening()],
    picture: { kind: 'map', axis: { hertz: melBands }, unit: 'deviations' },
  },
  {
    layer: 'PCEN',
    about: 'Per-channel energy normalisation: an automatic gain control and a root in place of decibels.',
    counterpart: 'librosa pcen',
    trainable: 'gain, bias and power of each band',
    chain: () => [
      new MelSpectrogram({ sampleRate, nFft, hopLength, nMels }),
      tf.layers.rescaling({ scale: 2 ** 31 }), // its defaults are for energies of 16-bit scale
      new PCEN({ sampleRate, hopLength }),
    ],
    picture: { kind: 'map', axis: { hertz: melBands }, unit: 'PCEN', beyond: 0.005 },
  },
];
