/** The layers that take waveforms. */
import * as layers from '../../../layers/index.ts';
import { bothFormats, type LayerCase } from './layerCase.ts';

const shape = [2, 90, 2];
const sampleRate = 8000;
const stft = { nFft: 24, hopLength: 10, winLength: 20, window: 'hamming' } as const;
const mel = { ...stft, sampleRate, nMels: 4, melScale: 'htk', norm: null, fMin: 50, fMax: 3500 } as const;
const wavelets = { sampleRate, fMin: 600, hopLength: 32, filterScale: 0.6, tuning: 0.2 } as const;
const frames = { frameLength: 7, hopLength: 3, padEnd: true, padValue: 0.5 };
const steep = { step: 1e-3, tolerance: 1e-2 };
const curved = { step: 2e-3 }; // magnitudes, near 0

export const waveformCases: LayerCase[] = [
  {
    about: 'centred, trained kernels',
    create: (format) =>
      new layers.STFT({ ...stft, padMode: 'constant', trainableKernels: true, ...bothFormats(format) }),
    shape,
  },
  {
    about: "Kapre's framing",
    create: (format) =>
      new layers.STFT({
        ...{ ...stft, ...layers.kapreFraming, padBegin: true, padEnd: true },
        ...bothFormats(format),
      }),
    shape,
  },
  {
    about: 'frozen magnitudes',
    create: (format) => new layers.Spectrogram({ ...stft, nFft: 32, power: 1, ...bothFormats(format) }),
    shape,
  },
  {
    about: "'same' framing, trained kernels",
    create: (format) =>
      new layers.Spectrogram({ ...stft, center: 'same', trainableKernels: true, ...bothFormats(format) }),
    shape,
  },
  {
    about: 'trained window',
    create: (format) =>
      new layers.Spectrogram({
        ...{ ...stft, center: false, trainableWindow: true, power: 1 },
        ...bothFormats(format),
      }),
    shape,
    gradient: curved,
  },
  {
    about: 'frozen decibels with a floor',
    create: (format) =>
      new layers.MelSpectrogram({
        ...{ ...mel, nFft: 32, decibel: { ref: 'max', amin: 1e-6, topDb: 15 } },
        ...bothFormats(format),
      }),
    shape,
    gradient: steep,
  },
  {
    about: 'trained kernels and filterbank',
    create: (format) =>
      new layers.MelSpectrogram({
        ...{ ...mel, padMode: 'constant', trainableKernels: true, trainableFilterbank: true },
        ...{ decibel: { ref: 2, amin: 1e-3, topDb: null }, ...bothFormats(format) },
      }),
    shape,
    gradient: steep,
  },
  {
    about: 'trained window and filterbank',
    create: (format) =>
      new layers.MelSpectrogram({
        ...{ ...mel, hopLength: 30, center: false, power: 1, powerMelgram: 1 },
        ...{ trainableWindow: true, trainableFilterbank: true },
        ...bothFormats(format),
      }),
    shape,
  },
  {
    about: 'as in 2017, the peak of the batch as reference',
    create: (format) =>
      new layers.MelSpectrogram({
        ...{ ...mel, ...layers.kapre2017, power: 2, nFft: 32, decibel: layers.kapre2017Decibel },
        ...bothFormats(format),
      }),
    shape,
    batchInvariant: false,
    gradient: steep,
  },
  {
    about: 'trained kernels',
    create: (format) =>
      new layers.ChromaSTFT({
        ...{ ...stft, sampleRate, nFft: 60, nChroma: 6, ctroct: 4, octwidth: null, baseC: false, norm: 2 },
        ...{ tuning: 0.2, power: 1, padMode: 'constant', trainableKernels: true, ...bothFormats(format) },
      }),
    shape,
    gradient: curved,
  },
  {
    about: 'trained window',
    create: (format) =>
      new layers.ChromaSTFT({
        ...{ ...stft, sampleRate, nFft: 64, nChroma: 24, norm: 1, trainableWindow: true },
        ...bothFormats(format),
      }),
    shape,
  },
  {
    about: 'trained filterbank',
    create: (format) =>
      new layers.Tempogram({
        ...{ ...stft, sampleRate, nMels: 4, fMin: 50, melScale: 'htk', trainableFilterbank: true },
        ...{ nLags: 5, lagWindow: 'hamming', norm: null, padMode: 'constant', ...bothFormats(format) },
      }),
    shape: [2, 200, 2],
    gradient: steep,
  },
  {
    about: 'trained kernels, lags of unit length',
    create: (format) =>
      new layers.Tempogram({
        ...{ ...stft, sampleRate, nMels: 4, nLags: 6, norm: 2, trainableKernels: true },
        ...bothFormats(format),
      }),
    shape: [2, 200, 2],
    gradient: steep,
  },
  {
    about: 'trained wavelets',
    create: (format) =>
      new layers.CQT({
        ...{ ...wavelets, binsPerOctave: 5, nBins: 12, norm: 2, scale: false, window: 'hamming' },
        ...{ power: 2, trainableKernels: true, ...bothFormats(format) },
      }),
    shape,
  },
  {
    about: 'complex, frozen, mirrored',
    create: (format) =>
      new layers.CQT({
        ...{ ...wavelets, nBins: 13, wavelets: 'direct', complex: true, padMode: 'reflect' },
        ...bothFormats(format),
      }),
    shape: [2, 300, 2],
  },
  {
    about: 'trained wavelets',
    create: (format) =>
      new layers.VQT({
        ...{ ...wavelets, binsPerOctave: 5, nBins: 12, gamma: 12, wavelets: 'direct' },
        ...{ trainableKernels: true, ...bothFormats(format) },
      }),
    shape,
    gradient: curved,
  },
  {
    about: 'trained wavelets',
    create: (format) =>
      new layers.ChromaCQT({
        ...{ ...wavelets, nOctaves: 2, binsPerOctave: 12, nChroma: 6, baseC: false, norm: 1 },
        ...{ trainableKernels: true, ...bothFormats(format) },
      }),
    shape,
  },
  {
    about: 'a threshold',
    create: (format) =>
      new layers.ChromaCQT({
        ...{ ...wavelets, nOctaves: 1, binsPerOctave: 24, nChroma: 24, threshold: 1e-3, norm: null },
        ...bothFormats(format),
      }),
    shape,
    gradient: curved,
  },
  { about: 'filled up', create: (dataFormat) => new layers.Frame({ ...frames, dataFormat }), shape },
  {
    about: 'filled up',
    create: (dataFormat) =>
      new layers.Energy({ sampleRate: 50, refDurationSeconds: 0.2, ...frames, dataFormat }),
    shape,
  },
  {
    about: '100 levels',
    create: () => new layers.MuLawEncoding({ quantizationChannels: 100 }),
    shape: [2, 12, 2],
    formats: false,
    gradient: false,
  },
  {
    about: '16 levels',
    create: () => new layers.MuLawDecoding({ quantizationChannels: 16 }),
    shape: [2, 12, 2],
    range: [9, 15], // on one side of silence, where the curve has its corner
    formats: false,
    gradient: steep,
  },
  {
    about: 'random gain',
    create: () => new layers.AdditiveNoise({ power: 0.3, randomGain: true, seed: 4 }),
    shape: [2, 12, 2],
    formats: false,
    augments: true,
  },
  {
    about: 'at an SNR',
    create: () => new layers.AdditiveNoise({ snrDb: [0, 20], seed: 4 }),
    shape: [2, 12, 2],
    formats: false,
    augments: true,
  },
  {
    about: 'a range of decibels',
    create: () => new layers.Gain({ rangeDb: [-3, 9], unit: 'power', seed: 4 }),
    shape: [2, 12, 2],
    formats: false,
    augments: true,
  },
  {
    about: 'three channels',
    create: (dataFormat) => new layers.ChannelSwap({ seed: 9, dataFormat }),
    shape: [2, 12, 3],
    augments: true,
  },
];
