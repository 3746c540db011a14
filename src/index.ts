/** The public names of `sonotag`. */
export {
  DatasetError,
  foldsOf,
  listDataset,
  listFolder,
  listGenerated,
  listManifest,
  renderUnseen,
  splitDataset,
} from '../datasets/index.ts';
export type {
  Clip,
  Dataset,
  RenderClip,
  RenderedClip,
  SkippedClip,
  Split,
  StoredSamples,
} from '../datasets/index.ts';
export {
  chordQualities,
  listAnnotated,
  listChords,
  parseHarte,
  parseLab,
  readLab,
  type ChordClip,
  type ChordDataset,
  type ChordSegment,
  type ChordsOptions,
  type HarteChord,
  type ParseHarteOptions,
} from '../datasets/chords/index.ts';
export * from '../layers/index.ts';
export { AudioPool, type AudioPoolOptions, type LoadedFile } from './audio/audioPool.ts';
export type { ClipSet } from './audio/clipSet.ts';
export { codecRoundTrip, type CodecRoundTripOptions, type LossyCodec } from './audio/codecRoundTrip.ts';
export { loadAudio, type LoadAudioOptions, type Waveform } from './audio/loadAudio.ts';
export { resample } from './audio/resample.ts';
export { WaveformStore, type WaveformStoreOptions } from './audio/waveformStore.ts';
export { writeWav, type WriteWavOptions } from './audio/writeWav.ts';
export {
  chordVocabulary,
  type ChordVocabulary,
  type ChordVocabularyOptions,
} from './chords/chordVocabulary.ts';
export { chordRules, type ChordRule, type ChordRuleName } from './chords/compareChords.ts';
export { decodeViterbi, type ViterbiOptions } from './chords/decodeViterbi.ts';
export { framesToSegments, segmentsToFrames } from './chords/framesToSegments.ts';
export { medianOverFrames } from './chords/medianOverFrames.ts';
export { nearestChords, templateDistances } from './chords/nearestChords.ts';
export {
  poolRecall,
  scoreChords,
  weighChords,
  type ChordScores,
  type WeightedRecall,
} from './chords/scoreChords.ts';
export { templateLoss } from './chords/templateLoss.ts';
export { useEngine, type Engine, type EngineName } from './engine/engine.ts';
export { listEngines, type EngineReport } from './engine/listEngines.ts';
export { InputError } from './errors.ts';
export {
  extractFeatures,
  type ExtractFeaturesOptions,
  type FeatureLayer,
  type FeaturePool,
  type ShortClips,
} from './features/extractFeatures.ts';
export type { FeatureExtractor, FeaturePart } from './features/featureExtractor.ts';
export { openFeatures, readFeatureRows, type OpenedFeatures } from './features/featureFile.ts';
export { layerExtractor } from './features/layerExtractor.ts';
export { mfccExtractor } from './features/mfccExtractor.ts';
export { mergeFeatures } from './features/mergeFeatures.ts';
export { writeFeatures, type WriteFeaturesOptions, type WrittenFeatures } from './features/writeFeatures.ts';
export { averagePrecision } from './metrics/averagePrecision.ts';
export { evaluateTags, type EvaluateTagsOptions, type TagEvaluation } from './metrics/evaluateTags.ts';
export { rocAuc } from './metrics/rocAuc.ts';
export {
  createCompactConvnet,
  type CompactConvnetOptions,
  type FrontEndOptions,
} from './models/compactConvnet.ts';
export { importKeras, type ImportedTagger, type ImportOptions } from './models/keras/importKeras.ts';
export { poolings, type PoolSize } from './models/poolings.ts';
export { predictClips, predictOverTime, type PredictOptions } from './models/predict.ts';
export { loadTagger, saveTagger, type Tagger } from './models/tagger.ts';
export type { TaggerInfo } from './models/taggerInfo.ts';
export { tagWaveform, type TagProbability } from './models/tagWaveform.ts';
export { cohenKappa, fleissKappa } from './noise/agreement.ts';
export { readAnswers, type Answer, type DrawnFrom } from './noise/answers.ts';
export {
  auditLabels,
  type AuditDesign,
  type AuditLabelsOptions,
  type LabelAudit,
  type TagAudit,
} from './noise/auditLabels.ts';
export {
  auditTag,
  type AuditStratum,
  type AuditTagOptions,
  type Estimate,
  type LabelQuality,
} from './noise/auditTag.ts';
export { dawidSkene, type DawidSkeneOptions, type DawidSkeneResult } from './noise/dawidSkene.ts';
export { drawSample, type DrawSampleOptions, type SampleDesign } from './noise/drawSample.ts';
export { readGivenLabels, type GivenLabels } from './noise/givenLabels.ts';
export { readSheet, sheetToCsv, type SheetRow } from './noise/sheet.ts';
export { coOccurrence, strongestPairs, type CoOccurrence } from './noise/coOccurrence.ts';
export { confidentLearning, errorProbabilities, type ConfidentTag } from './noise/confidentLearning.ts';
export { kendallTau, pearson, spearman } from './noise/correlations.ts';
export { evaluateSystems, type GroundTruths, type System } from './noise/evaluateSystems.ts';
export { findSuspects, type Suspect } from './noise/findSuspects.ts';
export { findTwins } from './noise/findTwins.ts';
export { injectNoise, noiseKinds, type InjectNoiseOptions, type NoiseKind } from './noise/injectNoise.ts';
export { judgeRanking } from './noise/judgeRanking.ts';
export { compareSimilarities, labelVectorSimilarity } from './noise/labelVectors.ts';
export { compareGroups, estimateNoiseRates } from './noise/noiseRates.ts';
export { relateTags, scoreOutOfFold } from './noise/outOfFold.ts';
export { trustedDifference, type TagNoiseModel } from './noise/trustedDifference.ts';
export { silentReporter, type ProgressBar, type Reporter } from './reporter.ts';
export { prepareStore, type PreparedStore, type PrepareStoreOptions } from './store/prepareStore.ts';
export { StoreReader } from './store/storeReader.ts';
export { evaluateTagger } from './training/evaluateTagger.ts';
export { fit, type FitOptions, type FitResult } from './training/fit.ts';
export { trainDefaults, type TrainConfig } from './training/trainConfig.ts';
export { trainTagger, type TrainingRun, type TrainTaggerOptions } from './training/trainTagger.ts';
export { planFolds, planFromColumn } from './transfer/foldPlan.ts';
export { loadPipeline, predictPipeline, type TransferPipeline } from './transfer/pipeline.ts';
export { predictFiles, type PredictedFiles } from './transfer/predictFiles.ts';
export { readFeatures } from './transfer/readFeatures.ts';
export { readTask, type ReadTaskOptions } from './transfer/readTask.ts';
export { runTransfer, type TransferOptions } from './transfer/runTransfer.ts';
export type { TransferResult, TransferRow } from './transfer/transferResult.ts';
export type { FeatureBlock, FeatureSet, FoldPlan, Targets } from './transfer/transferTask.ts';
