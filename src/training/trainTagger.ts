/** From a data set to a trained, evaluated and reported tagger in a run folder. */
import type * as tf from '@tensorflow/tfjs';
import { hashSplit, splitDataset, type Clip, type Dataset, type SkippedClip } from '../../datasets/index.ts';
import { describeEmptyBands } from '../../layers/index.ts';
import { WaveformStore } from '../audio/waveformStore.ts';
import type { Engine } from '../engine/engine.ts';
import { writeWhole } from '../files/writeWhole.ts';
import { evaluateTags, type TagEvaluation } from '../metrics/evaluateTags.ts';
import { createCompactConvnet, findEmptyMelBands } from '../models/compactConvnet.ts';
import { saveTagger } from '../models/tagger.ts';
import type { TaggerInfo } from '../models/taggerInfo.ts';
import type { Baseline, ExampleClip, FoldResult } from '../report/trainingReport.ts';
import { writeReport } from '../report/writeReport.ts';
import { silentReporter, type Reporter } from '../reporter.ts';
import { scoreByLinearBaseline } from '../transfer/linearBaseline.ts';
import { crossValidate } from './crossValidate.ts';
import { pickExamples } from './exampleClips.ts';
import { scoreClips, type FitOptions } from './fit.ts';
import { fitWithProgress } from './fitWithProgress.ts';
import { frontEndMovement, type WeightMovement } from './frontEndMovement.ts';
import type { EpochRecord } from './history.ts';
import { predictionsOf, predictionsToCsv, type Predictions } from './predictions.ts';
import { reportRun } from './reportRun.ts';
import { runMetrics } from './runMetrics.ts';
import { requireParts, requireTrainable, requireTrainingClips } from './requireTrainable.ts';
import { RunFolder, type WhenRunExists } from './runFolder.ts';
import { hashConfig, inputSamples, type TrainConfig } from './trainConfig.ts';

export interface TrainTaggerOptions {
  dataset: Dataset;
  config: TrainConfig;
  /** The engine in use. */
  engine: Engine;
  /** Run folder. */
  out: string;
  /** What to do about a run in that folder. Default `'refuse'`. */
  whenRunExists?: WhenRunExists;
  /** Scores a linear classifier on mean log-mel spectra beside the convnet, where there is a test part. Default false. */
  baseline?: boolean;
  /** Told of every epoch. Default: nobody. */
  reporter?: Reporter;
}

export interface TrainingRun {
  path: string;
  info: TaggerInfo;
  history: EpochRecord[];
  bestEpoch: number;
  /** On clips that were not trained on: the test part, or every clip by the model of its fold. */
  evaluation: (TagEvaluation & { title: string }) | null;
  folds?: FoldResult[];
  baseline?: Baseline;
  examples: ExampleClip[];
  skipped: SkippedClip[];
  trainableParameters: number;
  /** How far the trained weights of the front end are from their start. */
  frontEndMovement: WeightMovement[];
  seconds: number;
}

/**
 * Decodes, splits, trains, evaluates, and fills the run folder: `config.json`, `history.csv`, `checkpoint/`, `model/`,
 * `metrics.json`, `predictions.csv`, `report.html`. With `folds`, every clip is scored by a model that has not seen
 * it, and the model that is kept is then trained on all clips.
 *
 * @throws InputError or DatasetError, one line, if the data cannot be learnt or the folder is taken.
 */
export async function trainTagger(options: TrainTaggerOptions): Promise<TrainingRun> {
  const { config, engine, whenRunExists = 'refuse', reporter = silentReporter } = options;
  const start = performance.now();
  const run = new RunFolder(options.out);
  await run.prepare(whenRunExists);
  const store = new WaveformStore({ sampleRate: config.sampleRate });
  let model: tf.LayersModel | null = null;
  try {
    const { dataset, clipSeconds, skipped } = await decodeAll(options.dataset, store, reporter);
    requireParts(dataset, config);
    const clips = partsOf(dataset, config);
    requireTrainingClips(dataset, clips);
    const configHash = hashConfig(config, dataset, clips, engine.name);
    const samples = inputSamples(config, clipSeconds);
    const written = { ...config, data: dataset.name, engine: engine.name, inputSamples: samples, configHash };
    const createModel = () =>
      createCompactConvnet({
        sampleRate: config.sampleRate,
        samples,
        nTags: dataset.tags.length,
        exclusive: dataset.exclusive,
        filters: config.filters,
        frontEnd: config.frontEnd,
        seed: config.seed,
      });
    createModel().dispose(); // options that make no model are refused before anything is written
    if (whenRunExists === 'resume') await run.requireSameConfig(written);
    if (whenRunExists === 'overwrite') await run.clear();
    await run.writeJson('config.json', written);
    reporter.line(describeParts(dataset, clips, samples / config.sampleRate, config));
    const emptyBands = findEmptyMelBands(config.sampleRate, config.frontEnd);
    if (emptyBands !== null) reporter.line(describeEmptyBands(emptyBands).replace('; ', ';\n  '));

    const fitOptions: CommonFitOptions = {
      tags: dataset.tags,
      exclusive: dataset.exclusive,
      epochs: config.epochs,
      batchSize: config.batchSize,
      learningRate: config.learningRate,
      speed: config.speed,
      mixup: config.mixup,
      seed: config.seed,
      resume: whenRunExists === 'resume',
      configHash,
    };
    const validated =
      config.folds === null
        ? null
        : await crossValidate({
            dataset,
            store,
            folds: config.folds,
            seed: config.seed,
            createModel,
            fitOptions,
            run,
            reporter,
          });
    model = createModel();
    const { history, bestEpoch } = await trainFinal(model, clips, {
      run,
      store,
      reporter,
      fitOptions,
      config,
    });
    const info = describeTagger(dataset, clips, { config, samples, engine, epochs: history.length });
    info.weightsHash = await saveTagger({ model, info }, run.in('model'));

    const heldOut = validated
      ? validated.order.map((clip) => dataset.clips[clip])
      : clips.filter(({ split }) => split === 'test');
    const result: TrainingRun = {
      path: run.path,
      info,
      history,
      bestEpoch,
      evaluation: null,
      folds: validated?.folds,
      examples: [],
      skipped,
      trainableParameters: countTrainable(model),
      frontEndMovement: frontEndMovement(model, createModel),
      seconds: 0,
    };
    if (heldOut.length > 0) {
      const set = store.clipSet(heldOut, dataset.tags);
      const predictions =
        validated?.predictions ??
        predictionsOf(set, dataset.tags, await scoreClips(model, set, { batchSize: config.batchSize }));
      const title = validated ? `${config.folds}-fold cross-validation` : 'Held-out test part';
      result.evaluation = { title, ...evaluate(predictions, dataset.exclusive, config.seed) };
      result.examples = await pickExamples(model, set, predictions, { sampleRate: config.sampleRate });
      if (options.baseline && !validated) {
        const train = store.clipSet(
          clips.filter(({ split }) => split === 'train'),
          dataset.tags,
        );
        const scores = await scoreByLinearBaseline(model, train, set);
        result.baseline = describeBaseline(
          evaluate({ ...predictions, scores }, dataset.exclusive, config.seed),
          config,
        );
      }
      await writeWhole(run.in('predictions.csv'), predictionsToCsv(predictions));
    }
    result.seconds = (performance.now() - start) / 1000;
    await run.writeJson('metrics.json', runMetrics(result, engine));
    await writeReport(run.in('report.html'), reportRun(result, { dataset, config, engine }));
    return result;
  } finally {
    model?.dispose();
    await store.close();
  }
}

type CommonFitOptions = Omit<FitOptions, 'train' | 'valid' | 'checkpoints' | 'patience'>;

async function decodeAll(
  dataset: Dataset,
  store: WaveformStore,
  reporter: Reporter,
): Promise<{ dataset: Dataset; clipSeconds: number[]; skipped: SkippedClip[] }> {
  const bar = reporter.bar('reading audio', dataset.clips.length);
  const checked = await store.check(dataset.clips, bar).finally(() => bar.done());
  const skipped = [...dataset.skipped, ...checked.skipped];
  return {
    dataset: requireTrainable(dataset, checked.usable, skipped),
    clipSeconds: checked.seconds,
    skipped,
  };
}

/** With folds, every clip is trained on in the end; otherwise the given or a drawn split. */
function partsOf(dataset: Dataset, { folds, valid, test, seed }: TrainConfig): Clip[] {
  if (folds !== null) return dataset.clips.map((clip) => ({ ...clip, split: 'train' }));
  return splitDataset(dataset, { valid, test, seed });
}

async function trainFinal(
  model: tf.LayersModel,
  clips: Clip[],
  context: {
    run: RunFolder;
    store: WaveformStore;
    reporter: Reporter;
    fitOptions: CommonFitOptions;
    config: TrainConfig;
  },
): Promise<{ history: EpochRecord[]; bestEpoch: number }> {
  const { run, store, reporter, fitOptions, config } = context;
  const part = (split: string) =>
    store.clipSet(
      clips.filter((clip) => clip.split === split),
      fitOptions.tags,
    );
  const valid = part('valid');
  return fitWithProgress(
    model,
    {
      ...fitOptions,
      train: part('train'),
      valid: valid.ids.length > 0 ? valid : null,
      patience: config.patience,
      checkpoints: run.in('checkpoint'),
    },
    { reporter, label: config.folds === null ? '' : 'all clips  ', historyPath: run.in('history.csv') },
  );
}

function evaluate({ labels, scores, tags }: Predictions, exclusive: boolean, seed: number): TagEvaluation {
  return evaluateTags({ labels, scores, tags, exclusive, seed });
}

function describeBaseline(
  { meanRocAuc, perTag }: TagEvaluation,
  { frontEnd: { kind } }: TrainConfig,
): Baseline {
  return {
    name: `linear classifier on the mean ${kind === 'learned-chroma' ? 'log chroma' : 'log-mel spectrum'}`,
    meanRocAuc: meanRocAuc ?? NaN,
    perTag: perTag.map(({ tag, rocAuc }) => ({ tag, rocAuc })),
  };
}

function describeParts(dataset: Dataset, clips: Clip[], seconds: number, { folds }: TrainConfig): string {
  const count = (split: string) => clips.filter((clip) => clip.split === split).length;
  const parts =
    folds === null
      ? `${count('train')} to train, ${count('valid')} to validate, ${count('test')} to test`
      : `${folds} folds`;
  const kind = dataset.exclusive ? 'classes' : 'tags';
  return `${clips.length} clips, ${dataset.tags.length} ${kind}: ${parts}; input ${Number(seconds.toFixed(2))} s`;
}

function describeTagger(
  dataset: Dataset,
  clips: Clip[],
  {
    config,
    samples,
    engine,
    epochs,
  }: { config: TrainConfig; samples: number; engine: Engine; epochs: number },
): TaggerInfo {
  return {
    format: 'sonotag tagger',
    formatVersion: 1,
    sampleRate: config.sampleRate,
    samples,
    tags: dataset.tags,
    exclusive: dataset.exclusive,
    frontEnd: { ...config.frontEnd } as TaggerInfo['frontEnd'],
    decibel: { of: 'power', reference: 'clip' },
    batchNorm: 'moving',
    training: {
      data: dataset.name,
      clips: clips.filter(({ split }) => split === 'train').length,
      splitHash: hashSplit(clips),
      validShare: config.valid,
      seed: config.seed,
      epochs,
      engine: engine.name,
    },
    weightsHash: '',
    licence: 'Weights: of whoever trained them. Check the licence of the recordings they were trained on.',
    madeBy: 'sonotag',
  };
}

function countTrainable(model: tf.LayersModel): number {
  return model.trainableWeights.reduce((sum, weight) => sum + weight.read().size, 0);
}
