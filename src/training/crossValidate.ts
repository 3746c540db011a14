/** Cross-validation: every clip is scored by a model that has not seen it. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { foldsOf, publishedFolds, type Dataset } from '../../datasets/index.ts';
import type { WaveformStore } from '../audio/waveformStore.ts';
import { InputError } from '../errors.ts';
import { evaluateTags } from '../metrics/evaluateTags.ts';
import type { FoldResult } from '../report/trainingReport.ts';
import type { Reporter } from '../reporter.ts';
import { scoreClips, type FitOptions } from './fit.ts';
import { fitWithProgress } from './fitWithProgress.ts';
import { joinPredictions, predictionsOf, type Predictions } from './predictions.ts';
import type { RunFolder } from './runFolder.ts';

export interface CrossValidation {
  folds: FoldResult[];
  /** Of every clip by the model of its fold; rows follow the folds. */
  predictions: Predictions;
  /** Clip indices in the order of the predictions' rows. */
  order: number[];
}

export interface CrossValidateOptions {
  dataset: Dataset;
  store: WaveformStore;
  /** Number of folds: those that the data were published with, or stratified by tag and drawn from the seed. */
  folds: number;
  seed: number;
  createModel: () => tf.LayersModel;
  /** What `fit` needs beside the clips. */
  fitOptions: Omit<FitOptions, 'train' | 'valid' | 'checkpoints' | 'patience'>;
  run: RunFolder;
  reporter: Reporter;
}

/**
 * Trains a model per fold for all epochs, without looking at the fold, and scores the fold. A fold that an earlier,
 * interrupted run has finished is read from `folds/K/scores.json`.
 */
export async function crossValidate(options: CrossValidateOptions): Promise<CrossValidation> {
  const { dataset, store, run, folds: nFolds, seed } = options;
  const foldOfClip = publishedFolds(dataset, nFolds) ?? foldsOf(dataset, nFolds, seed);
  const folds: FoldResult[] = [];
  const parts: Predictions[] = [];
  const order: number[] = [];
  for (let fold = 0; fold < nFolds; fold++) {
    const inFold = dataset.clips.map((_, clip) => clip).filter((clip) => foldOfClip[clip] === fold);
    const set = store.clipSet(
      inFold.map((clip) => dataset.clips[clip]),
      dataset.tags,
    );
    const scoresPath = run.in('folds', String(fold + 1), 'scores.json');
    const scores =
      (await readScores(scoresPath, set.targets.length, options)) ??
      (await scoreFold(options, foldOfClip, fold));
    const predictions = predictionsOf(set, dataset.tags, scores);
    const { exclusive } = dataset;
    const { accuracy, meanRocAuc } = evaluateTags({ ...predictions, exclusive, resamples: 0 });
    folds.push({ fold: fold + 1, clips: inFold.length, accuracy, meanRocAuc: meanRocAuc ?? NaN });
    const figure =
      accuracy === undefined ? `ROC-AUC ${meanRocAuc?.toFixed(3) ?? '-'}` : `accuracy ${accuracy.toFixed(3)}`;
    options.reporter.line(
      `fold ${fold + 1}/${nFolds}  ${figure} on ${inFold.length} clips that it has not seen`,
    );
    parts.push(predictions);
    order.push(...inFold);
  }
  return { folds, predictions: joinPredictions(parts), order };
}

async function scoreFold(
  options: CrossValidateOptions,
  foldOfClip: number[],
  fold: number,
): Promise<Float32Array> {
  const { dataset, store, run, reporter, fitOptions } = options;
  const setOf = (wanted: boolean) =>
    store.clipSet(
      dataset.clips.filter((_, clip) => (foldOfClip[clip] === fold) === wanted),
      dataset.tags,
    );
  const folder = (name: string) => run.in('folds', String(fold + 1), name);
  const model = options.createModel();
  try {
    await fitWithProgress(
      model,
      { ...fitOptions, train: setOf(false), valid: null, patience: null, checkpoints: folder('checkpoint') },
      { reporter, label: `fold ${fold + 1}/${options.folds}  `, historyPath: folder('history.csv') },
    );
    const scores = await scoreClips(model, setOf(true), { batchSize: fitOptions.batchSize });
    const { configHash } = fitOptions;
    await run.writeJson(`folds/${fold + 1}/scores.json`, { configHash, scores: Array.from(scores) });
    return scores;
  } finally {
    model.dispose();
  }
}

const scoresSchema = z.object({ configHash: z.string(), scores: z.array(z.number()) });

/** @param count of scores that the fold must have */
async function readScores(
  path: string,
  count: number,
  { fitOptions }: CrossValidateOptions,
): Promise<Float32Array | null> {
  if (!fitOptions.resume || !existsSync(path)) return null;
  const { configHash, scores } = await parseScores(path);
  if (configHash !== fitOptions.configHash || scores.length !== count) {
    throw new InputError(
      `${path}: is of another run. Resume with the same options, or choose another --out.`,
    );
  }
  return Float32Array.from(scores);
}

async function parseScores(path: string): Promise<z.infer<typeof scoresSchema>> {
  try {
    return scoresSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    throw new InputError(`${path}: damaged. Remove it to have the fold trained again.`);
  }
}
