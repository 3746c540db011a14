/** At work in training only; the seed makes a picture that can be had again. */
import { ChannelSwap, ConcatenateFrequencyMap, SpecAugment } from '../../../layers/index.ts';
import type { GalleryEntry } from '../galleryEntry.ts';
import { logMel, melBands } from '../sharedSettings.ts';

export const augmentationEntries: GalleryEntry[] = [
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
