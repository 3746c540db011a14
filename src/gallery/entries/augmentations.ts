/** At work in training only; the seed makes a picture that can be had again. */
import {
  AdditiveNoise,
  ChannelSwap,
  ConcatenateFrequencyMap,
  Gain,
  PitchShift,
  SpecAugment,
  TimeStretch,
} from '../../../layers/index.ts';
import type { GalleryEntry } from '../galleryEntry.ts';
import { logMel, melBands, sampleRate } from '../sharedSettings.ts';

export const augmentationEntries: GalleryEntry[] = [
  {
    layer: 'AdditiveNoise',
    about: 'White noise, here at a ratio of signal to noise that is drawn from 5 … 15 dB.',
    counterpart: 'Kapre 2017 AdditiveNoise',
    trainable: null,
    training: true,
    chain: (seed) => [new AdditiveNoise({ snrDb: [5, 15], seed })],
    picture: { kind: 'curve' },
  },
  {
    layer: 'Gain',
    about: 'Makes each clip louder or softer, by a gain of its own.',
    counterpart: 'torchaudio Vol, with a gain that is drawn',
    trainable: null,
    training: true,
    chain: (seed) => [new Gain({ rangeDb: [-12, 12], seed })],
    picture: { kind: 'curve' },
  },
  {
    layer: 'TimeStretch',
    about: 'Plays each clip faster or slower, pitches staying; a faster one starts again at its end.',
    counterpart: 'librosa phase_vocoder, of magnitudes',
    trainable: null,
    training: true,
    chain: (seed) => [logMel(), new TimeStretch({ rate: [0.6, 0.8], seed })],
    picture: { kind: 'map', axis: { hertz: melBands }, unit: 'dB' },
  },
  {
    layer: 'PitchShift',
    about: 'Moves each clip up or down in pitch, tempo staying; here by 3 … 6 semitones.',
    counterpart: 'librosa effects.pitch_shift, on the map and without phases',
    trainable: null,
    training: true,
    chain: (seed) => [
      logMel(),
      new PitchShift({ bands: { scale: 'mel', sampleRate }, semitones: [3, 6], fillValue: -80, seed }),
    ],
    picture: { kind: 'map', axis: { hertz: melBands }, unit: 'dB' },
  },
  {
    layer: 'SpecAugment',
    about: 'Masks a stretch of frequencies and a stretch of time, drawn anew for each clip.',
    counterpart: 'Kapre SpecAugment',
    trainable: null,
    training: true,
    chain: (seed) => [
      logMel(),
      new SpecAugment({ freqMaskParam: 24, timeMaskParam: 80, maskValue: -80, seed }),
    ],
    picture: { kind: 'map', axis: { hertz: melBands }, unit: 'dB' },
  },
  {
    layer: 'ChannelSwap',
    about: 'The channels of each clip in an order of its own, drawn anew for each.',
    counterpart: 'Kapre ChannelSwap',
    trainable: null,
    training: true,
    chain: (seed) => [logMel(), new ConcatenateFrequencyMap(), new ChannelSwap({ seed })],
    picture: {
      kind: 'map',
      axis: { hertz: melBands },
      unit: '',
      channels: ['first channel', 'second channel'],
    },
  },
];
