/** What comes behind the front end. */
import { bandFrequencies, ConvBlock, Normalization2D } from '../../../layers/index.ts';
import type { GalleryEntry } from '../galleryEntry.ts';
import { hopLength, logMel, nMels, sampleRate } from '../sharedSettings.ts';

const pool = 2;

export const networkEntries: GalleryEntry[] = [
  {
    layer: 'ConvBlock',
    about: 'Convolution, batch norm, ELU and max-pool as one operation; here with weights as they start.',
    counterpart: 'Keras Conv2D ▸ BatchNormalization ▸ ELU ▸ MaxPooling2D',
    trainable: 'all of it',
    chain: (seed) => [
      logMel(),
      new Normalization2D(),
      new ConvBlock({ filters: 2, poolSize: [pool, pool], seed }),
    ],
    picture: {
      kind: 'map',
      axis: { hertz: bandFrequencies({ scale: 'mel', sampleRate }, nMels / pool) },
      unit: 'activation',
      secondsPerFrame: (pool * hopLength) / sampleRate,
      channels: ['channel 1', 'channel 2'],
    },
  },
];
