/** The front end as layers of the model: importable as `sonotag/layers`, in Node and in the browser. */
export { AmplitudeToDecibel, type AmplitudeToDecibelArgs } from './amplitudeToDecibel.ts';
export {
  ApplyFilterbank,
  type ApplyFilterbankArgs,
  type ApplyLogFilterbankArgs,
  type ApplyMelFilterbankArgs,
} from './applyFilterbank.ts';
export { ChannelSwap, type ChannelSwapArgs } from './channelSwap.ts';
export { frequencyAwareConv2d, type FrequencyAwareConv2dArgs } from './composed/frequencyAwareConv2d.ts';
export {
  logFrequencySpectrogram,
  type LogFrequencySpectrogramArgs,
} from './composed/logFrequencySpectrogram.ts';
export type { MagnitudeArgs, MagnitudeDecibel } from './composed/magnitudeLayers.ts';
export { melSpectrogram, type MelSpectrogramModelArgs } from './composed/melSpectrogram.ts';
export {
  perfectlyReconstructingStftIstft,
  type PerfectlyReconstructingArgs,
} from './composed/perfectlyReconstructingStftIstft.ts';
export { stftMagnitude } from './composed/stftMagnitude.ts';
export { stftMagPhase, type StftMagPhaseArgs } from './composed/stftMagPhase.ts';
export { ConcatenateFrequencyMap, type ConcatenateFrequencyMapArgs } from './concatenateFrequencyMap.ts';
export { AdditiveNoise, type AdditiveNoiseArgs } from './additiveNoise.ts';
export { ConvBlock, type ConvBlockArgs } from './convBlock.ts';
export { CQT, type CQTArgs } from './cqt.ts';
export type { DataFormat } from './dataFormat.ts';
export { bandFrequencies, type BandScale } from './dsp/bandFrequencies.ts';
export { Delta, type DeltaArgs, type DeltaMode } from './delta.ts';
export type { DctNorm } from './dsp/dct.ts';
export { ChromaCQT, type ChromaCQTArgs } from './chromaCQT.ts';
export { ChromaSTFT, type ChromaSTFTArgs } from './chromaSTFT.ts';
export {
  chromaFilterbank,
  octaveFolding,
  type ChromaFilterbankOptions,
  type OctaveFoldingOptions,
} from './dsp/chroma.ts';
export { constantQFrequencies, constantQLengths, type ConstantQOptions } from './dsp/constantQ.ts';
export { describeEmptyBands, findEmptyBands, type EmptyBands } from './dsp/emptyBands.ts';
export { countFrames, type Framing, type PadMode } from './dsp/framing.ts';
export { logFilterbank, type LogFilterbankOptions } from './dsp/logFrequency.ts';
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
export { Energy, type EnergyArgs } from './energy.ts';
export { Frame, type FrameArgs } from './frame.ts';
export { InverseSTFT, type InverseNormalization, type InverseSTFTArgs } from './inverseStft.ts';
export { Gain, type GainArgs } from './gain.ts';
export { kapre2017, kapre2017Decibel } from './kapre2017.ts';
export { prepareKernels } from './kernels/index.ts';
export { LearnedChroma, type LearnedChromaArgs } from './learnedChroma.ts';
export type { LearnedChromaStart } from './learnedChromaStart.ts';
export { LogmelToMFCC, type LogmelToMFCCArgs } from './logmelToMfcc.ts';
export { Magnitude } from './magnitude.ts';
export { MagnitudeToDecibel, type MagnitudeToDecibelArgs } from './magnitudeToDecibel.ts';
export { HarmonicPercussive, type HarmonicPercussiveArgs } from './harmonicPercussive.ts';
export { InverseCQT, type InverseCQTArgs } from './inverseCqt.ts';
export { MelSpectrogram, type MelSpectrogramArgs } from './melSpectrogram.ts';
export { MuLawDecoding } from './muLawDecoding.ts';
export { MuLawEncoding, type MuLawArgs } from './muLawEncoding.ts';
export { Normalization2D, type Normalization2DArgs, type NormalizationAxis } from './normalization2D.ts';
export { Phase, type PhaseArgs } from './phase.ts';
export { ParametricMel, type ParametricMelArgs } from './parametricMel.ts';
export { PCEN, type PCENArgs } from './pcen.ts';
export { PitchShift, type PitchShiftArgs } from './pitchShift.ts';
export { PowerToDecibel, type PowerToDecibelArgs } from './powerToDecibel.ts';
export { drawRotations, RotateCQT, rotateChromaLabels, type RotateCQTArgs } from './rotateCqt.ts';
export { SpecAugment, type SpecAugmentArgs } from './specAugment.ts';
export {
  measureBins,
  SpectralWhitening,
  type BinStatistics,
  type SpectralWhiteningArgs,
} from './spectralWhitening.ts';
export { Spectrogram, type SpectrogramArgs } from './spectrogram.ts';
export { startFromFrames, type StartFromFramesOptions } from './startFromFrames.ts';
export { Tempogram, type TempogramArgs } from './tempogram.ts';
export { VQT, type VQTArgs } from './vqt.ts';
export { kapreFraming, STFT, type STFTArgs, type WindowPosition } from './stft.ts';
export { TimeStretch, type TimeStretchArgs } from './timeStretch.ts';
