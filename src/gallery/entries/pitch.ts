/** Frequency in equal steps of pitch. */
import {
  bandFrequencies,
  ChromaCQT,
  ChromaSTFT,
  CQT,
  LearnedChroma,
  Spectrogram,
  VQT,
} from '../../../layers/index.ts';
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
  {
    layer: 'LearnedChroma',
    variant: 'at its start, on a CQT',
    about:
      'Strength of each pitch class by weights that training moves. At its start they are octave equivalence: compare ChromaCQT.',
    counterpart: "Humphrey's learned chroma of 2013; at its start librosa feature.chroma_cqt",
    trainable: 'weights and biases',
    chain: () => [
      new CQT({ sampleRate, hopLength, binsPerOctave: 36, nBins: 252 }),
      new LearnedChroma({ start: { scale: 'log', binsPerOctave: 36 }, norm: 'inf' }),
    ],
    picture: { kind: 'map', axis: { names: pitchClasses }, unit: 'share of peak' },
  },
  {
    layer: 'LearnedChroma',
    variant: 'at its start, on a spectrogram',
    about: 'The same on the bins of a DFT: compare ChromaSTFT.',
    counterpart: "Humphrey's learned chroma of 2013; at its start librosa feature.chroma_stft",
    trainable: 'weights and biases',
    chain: () => [
      new Spectrogram({ nFft: 4 * nFft, hopLength }),
      new LearnedChroma({ start: { scale: 'linear', sampleRate }, norm: 'inf' }),
    ],
    picture: { kind: 'map', axis: { names: pitchClasses }, unit: 'share of peak' },
  },
  {
    layer: 'LearnedChroma',
    variant: 'at its start, with noise',
    about: 'Octave equivalence with normal numbers of deviation 0.1 added to each of the 252 × 12 weights.',
    counterpart: "Humphrey's learned chroma of 2013",
    trainable: 'weights and biases',
    chain: (seed) => [
      new CQT({ sampleRate, hopLength, binsPerOctave: 36, nBins: 252 }),
      new LearnedChroma({
        start: { scale: 'log', binsPerOctave: 36 },
        startNoise: 0.1,
        norm: 'inf',
        seed,
      }),
    ],
    picture: { kind: 'map', axis: { names: pitchClasses }, unit: 'share of peak' },
  },
];
