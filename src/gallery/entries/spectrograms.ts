/** Time and frequency from the waveform. */
import {
  ApplyFilterbank,
  bandFrequencies,
  Filterbank,
  Magnitude,
  MelSpectrogram,
  ParametricMel,
  Phase,
  STFT,
} from '../../../layers/index.ts';
import type { GalleryEntry } from '../galleryEntry.ts';
import { hopLength, linearBins, melBands, nFft, nMels, sampleRate, spectrogram } from '../sharedSettings.ts';

const stft = () => new STFT({ nFft, hopLength });

/** Centres of triangles at equal distances from 0 Hz to the Nyquist frequency. */
const equalBands = Array.from({ length: nMels }, (_, band) => ((band + 1) / (nMels + 1)) * (sampleRate / 2));

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
  {
    layer: 'ApplyFilterbank',
    variant: 'log',
    about: 'The same with log-normal bands at equal musical intervals, here three octaves of 24 from A4.',
    counterpart: 'Kapre ApplyFilterbank(type="log"); librosa 0.4 filters.logfrequency',
    trainable: 'filterbank',
    chain: () => [
      spectrogram(),
      new ApplyFilterbank({ type: 'log', sampleRate, fMin: 440, binsPerOctave: 24, nBands: 72 }),
    ],
    picture: {
      kind: 'map',
      axis: { notes: bandFrequencies({ scale: 'log', fMin: 440, binsPerOctave: 24 }, 72) },
      unit: 'power',
    },
  },
  {
    layer: 'ParametricMel',
    about: 'Gaussian bands whose centres and widths are trained, starting as the mel bands.',
    counterpart: 'announced for Kapre in 2017; LEAF (arXiv:2101.08596)',
    trainable: 'centre and width of each band',
    chain: () => [spectrogram(), new ParametricMel({ sampleRate, nMels })],
    picture: { kind: 'map', axis: { hertz: melBands }, unit: 'power' },
  },
  {
    layer: 'Filterbank',
    about: 'A matrix that is trained, starting in mel, in log frequency, at random or, here, linear in Hz.',
    counterpart: 'Kapre 2017 Filterbank',
    trainable: 'all of it',
    chain: () => [spectrogram(), new Filterbank({ nBands: nMels, start: 'linear', sampleRate })],
    picture: { kind: 'map', axis: { hertz: equalBands }, unit: 'power' },
  },
  {
    layer: 'STFT',
    about: 'Short-time Fourier transform; what is complex is carried as two real parts.',
    counterpart: 'librosa stft; Kapre STFT',
    trainable: 'DFT kernels',
    chain: () => [stft()],
    picture: {
      kind: 'map',
      axis: { hertz: linearBins },
      unit: 'amplitude',
      beyond: 0.02,
      channels: ['real part', 'imaginary part'],
    },
  },
  {
    layer: 'Magnitude',
    about: 'Absolute value of complex numbers that are carried as two real parts.',
    counterpart: 'librosa abs(stft); Kapre Magnitude',
    trainable: null,
    chain: () => [stft(), new Magnitude()],
    picture: { kind: 'map', axis: { hertz: linearBins }, unit: 'magnitude' },
  },
  {
    layer: 'Phase',
    about: 'Angle of complex numbers that are carried as two real parts.',
    counterpart: 'numpy angle(stft); Kapre Phase',
    trainable: null,
    chain: () => [stft(), new Phase()],
    picture: { kind: 'map', axis: { hertz: linearBins }, unit: 'rad' },
  },
];
