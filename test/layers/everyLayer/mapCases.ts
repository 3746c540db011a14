/** The layers that take maps of time and frequency, real or complex. */
import * as tf from '@tensorflow/tfjs';
import * as layers from '../../../layers/index.ts';
import { filterbankStarts } from '../../../layers/filterbank.ts';
import { normalizationAxes } from '../../../layers/normalization2D.ts';
import { bothFormats, type LayerCase } from './layerCase.ts';

const shape = [2, 7, 9, 2];
const sampleRate = 8000;
const positive: [number, number] = [0.1, 1];
const bands = { sampleRate, fMin: 200, fMax: 3500 };
const steep = { step: 1e-3, tolerance: 1e-2 };

export const mapCases: LayerCase[] = [
  {
    about: 'mel, frozen',
    create: (dataFormat) =>
      new layers.ApplyFilterbank({ ...bands, nMels: 4, melScale: 'htk', norm: null, dataFormat }),
    shape,
    range: positive,
  },
  {
    about: 'mel, trained',
    create: (dataFormat) =>
      new layers.ApplyFilterbank({ ...bands, nMels: 4, trainableFilterbank: true, dataFormat }),
    shape,
    range: positive,
  },
  {
    about: 'log, trained',
    create: (dataFormat) =>
      new layers.ApplyFilterbank({
        ...{ type: 'log', sampleRate, nBands: 6, fMin: 500, binsPerOctave: 4, spread: 0.4 },
        ...{ trainableFilterbank: true, dataFormat },
      }),
    shape: [2, 4, 33, 2],
    range: positive,
  },
  ...filterbankStarts.map((start): LayerCase => ({
    about: `from a ${start} start`,
    create: (dataFormat) => new layers.Filterbank({ ...bands, nBands: 4, start, seed: 3, dataFormat }),
    shape,
    range: positive,
  })),
  {
    about: 'from octaves of a constant-Q map, noisy',
    create: (dataFormat) =>
      new layers.LearnedChroma({
        ...{
          start: { scale: 'log', binsPerOctave: 6, fMin: 440, baseC: false },
          startNoise: 0.1,
          nChroma: 6,
        },
        ...{ norm: 2, dropout: 0.2, inputNoise: 0.1, seed: 3, dataFormat },
        kernelRegularizer: tf.regularizers.l1({ l1: 0.1 }),
        activityRegularizer: tf.regularizers.l1l2({ l1: 0.1, l2: 0.2 }),
        kernelConstraint: tf.constraints.maxNorm({ maxValue: 0.5, axis: 0 }),
      }),
    shape: [2, 4, 18, 2],
    range: positive,
  },
  {
    about: 'from octaves of a DFT',
    create: (dataFormat) =>
      new layers.LearnedChroma({
        start: { scale: 'linear', sampleRate, tuning: 0.2, ctroct: 4, octwidth: null },
        ...{ nChroma: 5, useBias: false, dataFormat },
      }),
    shape: [2, 4, 33, 2],
    range: positive,
  },
  {
    about: 'three layers',
    create: (dataFormat) =>
      new layers.LearnedChroma({
        ...{ start: 'normal', startNoise: 0.5, nChroma: 4, hiddenUnits: [8, 6], seed: 5, dataFormat },
      }),
    shape,
    range: positive,
    gradient: steep,
  },
  ...(['slaney', null] as const).map((norm): LayerCase => ({
    about: `norm ${norm}`,
    create: (dataFormat) =>
      new layers.ParametricMel({ ...bands, nMels: 4, melScale: 'htk', norm, dataFormat }),
    shape: [2, 4, 33, 2],
    range: positive,
  })),
  {
    about: 'frozen',
    create: (dataFormat) => new layers.PCEN({ ...{ gain: 0.8, b: 0.2, power: 0, eps: 1e-3 }, dataFormat }),
    shape,
    range: positive,
  },
  {
    about: 'trained',
    create: (dataFormat) =>
      new layers.PCEN({
        ...{ sampleRate, hopLength: 400, timeConstant: 0.2, gain: 0.8, bias: 1, power: 0.3 },
        ...{ trainableParameters: true, dataFormat },
      }),
    shape,
    range: positive,
  },
  ...([{ ref: 2, amin: 1e-3, topDb: 12 }, { ref: 'max', amin: 1e-3, topDb: null }] as const).flatMap((options): LayerCase[] =>
    ([layers.PowerToDecibel, layers.AmplitudeToDecibel, layers.MagnitudeToDecibel] as const).map((Class) => ({
      about: `ref ${options.ref}, topDb ${options.topDb}`,
      create: () => new Class(options),
      shape,
      range: [0.3, 1],
      formats: false,
      channelsApart: options.ref !== 'max', // the peak is the clip's
      gradient: steep,
    })),
  ), // prettier-ignore
  {
    about: "the batch's peak as reference",
    create: () => new layers.PowerToDecibel(layers.kapre2017Decibel),
    shape,
    range: [0.3, 1],
    formats: false,
    batchInvariant: false,
    gradient: steep,
  },
  ...normalizationAxes.flatMap((axis) =>
    [true, false].map((perClip): LayerCase => ({
      about: `${axis}, ${perClip ? 'per clip' : 'over the batch'}`,
      create: (dataFormat) => new layers.Normalization2D({ axis, perClip, epsilon: 0.1, dataFormat }),
      shape: [2, 4, 5, 3],
      batchInvariant: axis !== 'batch' && (perClip || axis === 'dataSample'),
    })),
  ),
  ...[{}, { statistics: { mean: [1, 2, 3, 4.1, -5], deviation: [1, 2, 3, 0.3, 0] } }].map(
    (options): LayerCase => ({
      about: 'statistics' in options ? 'given statistics' : "the clip's statistics",
      create: (dataFormat) => new layers.SpectralWhitening({ ...options, epsilon: 0.1, dataFormat }),
      shape: [2, 6, 5, 3],
    }),
  ),
  ...(
    [
      { bands: [0, 1, 22, 333, 4444], curve: 'D', unit: 'magnitude' },
      { bands: { scale: 'log', fMin: 50, binsPerOctave: 3 }, curve: 'C', unit: 'power' },
      { bands: { scale: 'mel', ...bands, melScale: 'htk' }, curve: 'B', minDb: -30 },
    ] as const
  ).map((options): LayerCase => ({
    about: `curve ${options.curve}`,
    create: (dataFormat) => new layers.FrequencyWeighting({ ...options, dataFormat }),
    shape: [2, 3, 5, 2],
    range: positive,
  })),
  ...(['symmetric', 'reflect', 'constant'] as const).map((mode): LayerCase => ({
    about: `mode ${mode}`,
    create: (dataFormat) => new layers.Delta({ winLength: 7, mode, dataFormat }),
    shape,
  })),
  {
    about: 'htk',
    create: (dataFormat) => new layers.LogmelToMFCC({ nMfccs: 5, norm: 'htk', dataFormat }),
    shape,
  },
  {
    about: 'two channels',
    create: (dataFormat) => new layers.ConcatenateFrequencyMap({ dataFormat }),
    shape,
    channelsApart: false, // the map is one more
  },
  {
    about: 'soft masks of both parts',
    create: (dataFormat) =>
      new layers.HarmonicPercussive({ harmonicKernel: 5, percussiveKernel: 7, dataFormat }),
    shape,
    range: positive,
    channelsApart: false, // both parts follow each other on the axis of channels
    gradient: false, // masks count as constants
  },
  {
    about: 'margins, one part',
    create: (dataFormat) =>
      new layers.HarmonicPercussive({
        ...{ harmonicKernel: 3, percussiveKernel: 1, harmonicMargin: 2, percussiveMargin: 1.5, power: 1.5 },
        ...{ component: 'percussive', dataFormat },
      }),
    shape,
    range: positive,
    gradient: false,
  },
  {
    about: 'masks of both kinds',
    create: (dataFormat) =>
      new layers.SpecAugment({
        ...{ freqMaskParam: 4, timeMaskParam: 3, nFreqMasks: 2, nTimeMasks: 2, maskValue: 1, seed: 9 },
        dataFormat,
      }),
    shape,
    augments: true,
  },
  ...(['pad', 'circular'] as const).map((mode): LayerCase => ({
    about: `mode ${mode}`,
    create: (dataFormat) =>
      new layers.RotateCQT({ maxShift: 2, stepBins: 3, mode, padValue: 1, seed: 4, dataFormat }),
    shape,
    augments: true,
  })),
  ...(['wrap', -2] as const).map((fill): LayerCase => ({
    about: `fill ${fill}`,
    create: (dataFormat) => new layers.TimeStretch({ rate: [0.7, 1.6], fill, seed: 4, dataFormat }),
    shape,
    augments: true,
  })),
  {
    about: 'off its defaults',
    create: (dataFormat) =>
      new layers.PitchShift({
        bands: { scale: 'linear', sampleRate },
        ...{ semitones: [-5, 7], fillValue: -3, seed: 4, dataFormat },
      }),
    shape,
    augments: true,
  },
  {
    about: 'off its defaults',
    create: () =>
      new layers.ConvBlock({ filters: 3, kernelSize: [5, 3], poolSize: [2, 3], epsilon: 0.01, seed: 2 }),
    shape,
    formats: false,
    channelsApart: false,
    gradient: { step: 1e-3, tolerance: 1e-2 },
  },
];

export const complexCases: LayerCase[] = [
  {
    about: 'centred',
    create: (format) =>
      new layers.InverseSTFT({
        ...{ nFft: 16, hopLength: 6, winLength: 14, window: 'hamming', length: 30 },
        ...bothFormats(format),
      }),
    shape: [2, 7, 9, 2, 2],
  },
  {
    about: "Kapre's framing",
    create: (format) =>
      new layers.InverseSTFT({
        ...{ ...layers.kapreFraming, nFft: 16, hopLength: 4, padBegin: true, normalization: 'periodic' },
        ...bothFormats(format),
      }),
    shape: [2, 7, 9, 2, 2],
  },
  {
    about: 'off its defaults',
    create: (format) =>
      new layers.InverseCQT({
        ...{ sampleRate, fMin: 600, hopLength: 32, binsPerOctave: 5, tuning: -0.2, filterScale: 0.8 },
        ...{ norm: 'inf', length: 100, scale: false, window: 'blackman', wavelets: 'direct' },
        ...bothFormats(format),
      }),
    shape: [2, 6, 12, 2, 2],
  },
  {
    about: 'of pairs',
    create: () => new layers.Magnitude(),
    shape: [2, 3, 4, 2, 2],
    range: positive,
    formats: false,
    gradient: steep,
  },
  {
    about: 'exact',
    create: () => new layers.Phase(),
    shape: [2, 3, 4, 2, 2],
    range: positive,
    formats: false,
    gradient: steep,
  },
  {
    about: 'approximate',
    create: () => new layers.Phase({ approxAtanAccuracy: 5 }),
    shape: [2, 3, 4, 2, 2],
    range: positive,
    formats: false,
    gradient: steep,
  },
];
