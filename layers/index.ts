/** The front end as layers of the model: importable as `sonotag/layers`, in Node and in the browser. */
export { ApplyFilterbank, type ApplyFilterbankArgs } from './applyFilterbank.ts';
export { ChromaCQT, type ChromaCQTArgs } from './chromaCQT.ts';
export { ChromaSTFT, type ChromaSTFTArgs } from './chromaSTFT.ts';
export { ConvBlock, type ConvBlockArgs } from './convBlock.ts';
export { CQT, type CQTArgs } from './cqt.ts';
export type { DataFormat } from './dataFormat.ts';
export {
  chromaFilterbank,
  octaveFolding,
  type ChromaFilterbankOptions,
  type OctaveFoldingOptions,
} from './dsp/chroma.ts';
export { constantQFrequencies, constantQLengths, type ConstantQOptions } from './dsp/constantQ.ts';
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
export { getWindow, type WindowName } from './dsp/windows.ts';
export { prepareKernels } from './kernels/index.ts';
export { HarmonicPercussive, type HarmonicPercussiveArgs } from './harmonicPercussive.ts';
export { InverseCQT, type InverseCQTArgs } from './inverseCqt.ts';
export { MelSpectrogram, type MelSpectrogramArgs } from './melSpectrogram.ts';
export { Normalization2D, type Normalization2DArgs, type NormalizationAxis } from './normalization2D.ts';
export { PowerToDecibel, type PowerToDecibelArgs } from './powerToDecibel.ts';
export { drawRotations, RotateCQT, rotateChromaLabels, type RotateCQTArgs } from './rotateCqt.ts';
export { SpecAugment, type SpecAugmentArgs } from './specAugment.ts';
export { Spectrogram, type SpectrogramArgs } from './spectrogram.ts';
export { Tempogram, type TempogramArgs } from './tempogram.ts';
export { VQT, type VQTArgs } from './vqt.ts';
