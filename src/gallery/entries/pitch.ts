/** Frequency in equal steps of pitch. */
import { bandFrequencies, CQT, VQT } from '../../../layers/index.ts';
import type { GalleryEntry } from '../galleryEntry.ts';
import { hopLength, sampleRate } from '../sharedSettings.ts';

/** 84 semitones from C1. */
const semitones = bandFrequencies({ scale: 'log' }, 84);

export const pitchEntries: GalleryEntry[] = [
  {
    layer: 'CQT',
    about: 'Constant-Q transform: wavelets in equal steps of pitch, all of the same number of periods.',
    counterpart: 'librosa cqt; nnAudio CQT',
    trainable: 'wavelets',
    chain: () => [new CQT({ sampleRate, hopLength })],
    picture: { kind: 'map', axis: { notes: semitones }, unit: 'magnitude' },
  },
  {
    layer: 'VQT',
    about:
      'Variable-Q transform: as the CQT, with shorter wavelets for low notes, so that these blur less in time.',
    counterpart: 'librosa vqt; nnAudio VQT',
    trainable: 'wavelets',
    chain: () => [new VQT({ sampleRate, hopLength })],
    picture: { kind: 'map', axis: { notes: semitones }, unit: 'magnitude' },
  },
];
