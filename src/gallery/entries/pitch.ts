/** Frequency in equal steps of pitch. */
import { bandFrequencies, ChromaCQT, ChromaSTFT, CQT, VQT } from '../../../layers/index.ts';
import type { GalleryEntry } from '../galleryEntry.ts';
import { hopLength, nFft, sampleRate } from '../sharedSettings.ts';

/** 84 semitones from C1. */
const semitones = bandFrequencies({ scale: 'log' }, 84);

const pitchClasses = ['C', 'C♯', 'D', 'D♯', 'E', 'F', 'F♯', 'G', 'G♯', 'A', 'A♯', 'B'];

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
  {
    layer: 'ChromaSTFT',
    about: 'Strength of each pitch class, of all octaves together, from the spectrogram.',
    counterpart: 'librosa feature.chroma_stft',
    trainable: 'DFT kernels or window',
    chain: () => [new ChromaSTFT({ sampleRate, nFft: 4 * nFft, hopLength })],
    picture: { kind: 'map', axis: { names: pitchClasses }, unit: 'share of peak' },
  },
  {
    layer: 'ChromaCQT',
    about: 'Strength of each pitch class, of all octaves together, from the constant-Q transform.',
    counterpart: 'librosa feature.chroma_cqt',
    trainable: 'wavelets',
    chain: () => [new ChromaCQT({ sampleRate, hopLength })],
    picture: { kind: 'map', axis: { names: pitchClasses }, unit: 'share of peak' },
  },
];
