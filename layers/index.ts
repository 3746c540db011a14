/** The front end as layers of the model: importable as `sonotag/layers`, in Node and in the browser. */
export { AdditiveNoise, type AdditiveNoiseArgs } from './additiveNoise.ts';
export { ApplyFilterbank, type ApplyFilterbankArgs } from './applyFilterbank.ts';
export { ConvBlock, type ConvBlockArgs } from './convBlock.ts';
export type { DataFormat } from './dataFormat.ts';
export { bandFrequencies, type BandScale } from './dsp/bandFrequencies.ts';
export { describeEmptyBands, findEmptyBands, type EmptyBands } from './dsp/emptyBands.ts';
export { countFrames, type Framing, type PadMode } from './dsp/framing.ts';
export {
  hzToMel,
  melFilterbank,
  melFrequencies,
  melToHz,
  type MelFilterbankOptions,
  type MelNorm,
  type MelScale,
} from './dsp/mel.ts';
export { stft, type Stft, type StftOptions } from './dsp/stft.ts';
export { weightingDecibel, type WeightingCurve } from './dsp/weightingCurve.ts';
export { getWindow, type WindowName } from './dsp/windows.ts';
export { Filterbank, type FilterbankArgs, type FilterbankStart } from './filterbank.ts';
export { FrequencyWeighting, type FrequencyWeightingArgs } from './frequencyWeighting.ts';
export { Gain, type GainArgs } from './gain.ts';
export { kapre2017, kapre2017Decibel } from './kapre2017.ts';
export { prepareKernels } from './kernels/index.ts';
export { MelSpectrogram, type MelSpectrogramArgs } from './melSpectrogram.ts';
export { Normalization2D, type Normalization2DArgs, type NormalizationAxis } from './normalization2D.ts';
export { ParametricMel, type ParametricMelArgs } from './parametricMel.ts';
export { PCEN, type PCENArgs } from './pcen.ts';
export { PitchShift, type PitchShiftArgs } from './pitchShift.ts';
export { PowerToDecibel, type PowerToDecibelArgs } from './powerToDecibel.ts';
export { SpecAugment, type SpecAugmentArgs } from './specAugment.ts';
export {
  measureBins,
  SpectralWhitening,
  type BinStatistics,
  type SpectralWhiteningArgs,
} from './spectralWhitening.ts';
export { Spectrogram, type SpectrogramArgs } from './spectrogram.ts';
export { TimeStretch, type TimeStretchArgs } from './timeStretch.ts';
