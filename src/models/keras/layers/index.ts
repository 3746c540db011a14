/** Layers that imported models need beside those of `sonotag/layers`; a saved model names them. */
export { Affine } from './affine.ts';
export { BatchNorm, type BatchNormStatistics } from './batchNorm.ts';
export { DepthwiseConvolution } from './depthwiseConvolution.ts';
export { KapreDecibel, type StatisticsScope } from './kapreDecibel.ts';
export { Keras3HardSigmoid } from './keras3HardSigmoid.ts';
export { Keras3MelSpectrogram } from './keras3MelSpectrogram.ts';
export { KernelStft, kernelStftModes } from './kernelStft.ts';
export { NormalizeOverBatch } from './normalizeOverBatch.ts';
export { PadWaveform } from './padWaveform.ts';
export { ResetAfterGru } from './resetAfterGru.ts';
export { ReverseTime } from './reverseTime.ts';
export { StoredSpectrogram } from './storedSpectrogram.ts';
