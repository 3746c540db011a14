/** Time and frequency from the waveform. */
import { ApplyFilterbank, MelSpectrogram } from '../../../layers/index.ts';
import type { GalleryEntry } from '../galleryEntry.ts';
import { hopLength, linearBins, melBands, nFft, nMels, sampleRate, spectrogram } from '../sharedSettings.ts';

export const spectrogramEntries: GalleryEntry[] = [
  {
    layer: 'Spectrogram',
    about: 'Magnitude or power of the short-time Fourier transform.',
    counterpart: 'librosa abs(stft) ** power; Kapre 2017 Spectrogram',
    trainable: 'DFT kernels or window',
    chain: () => [spectrogram()],
    picture: { kind: 'map', axis: { hertz: linearBins }, unit: 'power' },
  },
  {
    layer: 'MelSpectrogram',
    about: 'Spectrogram, mel bands and decibels in one pass.',
    counterpart: 'librosa feature.melspectrogram, power_to_db; Kapre 2017 Melspectrogram',
    trainable: 'DFT kernels or window, and filterbank',
    chain: () => [new MelSpectrogram({ sampleRate, nFft, hopLength, nMels, decibel: { ref: 'max' } })],
    picture: { kind: 'map', axis: { hertz: melBands }, unit: 'dB' },
  },
  {
    layer: 'ApplyFilterbank',
    variant: 'mel',
    about: 'Multiplies the frequency axis by a filterbank: here mel bands of power.',
    counterpart: 'librosa filters.mel; Kapre ApplyFilterbank',
    trainable: 'filterbank',
    chain: () => [spectrogram(), new ApplyFilterbank({ sampleRate, nMels })],
    picture: { kind: 'map', axis: { hertz: melBands }, unit: 'power' },
  },
];
