/** Layers that imported models need beside those of `sonotag/layers`; a saved model names them. */
export { BatchNorm, type BatchNormStatistics } from './batchNorm.ts';
export { KapreDecibel, type StatisticsScope } from './kapreDecibel.ts';
export { NormalizeOverBatch } from './normalizeOverBatch.ts';
export { PadWaveform } from './padWaveform.ts';
export { StoredSpectrogram } from './storedSpectrogram.ts';
