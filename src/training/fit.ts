/** The training loop: epochs of random crops, validation, early stopping, checkpoints, resume. */
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { InputError } from '../errors.ts';
import { evaluateTags } from '../metrics/evaluateTags.ts';
import { inputLength, predictClips } from '../models/predict.ts';
import { Adam } from './adam.ts';
import { isBetter, judge } from './bestEpoch.ts';
import { batches, knownTargets, type Batch } from './batches.ts';
import {
  readCheckpoint,
  readWeights,
  restoreWeights,
  writeCheckpoint,
  type Checkpoint,
} from './checkpoint.ts';
import { waveformsOf, type ClipSet } from '../audio/clipSet.ts';
import { explainFault } from './explainFault.ts';
import type { EpochRecord } from './history.ts';
import { lossFor, type Loss } from './losses.ts';

export interface FitOptions {
  train: ClipSet;
  /** Null trains all epochs and keeps the last weights. */
  valid: ClipSet | null;
  tags: readonly string[];
  exclusive: boolean;
  epochs: number;
  batchSize: number;
  /** Share by which crops are played faster or slower; 0 trains on them as they are. Default 0. */
  speed?: number;
  /** Parameter of mixup; 0 trains on the crops as they are. Default 0. */
  mixup?: number;
  /** At the start; it falls to 0 along half a cosine over `epochs` (Loshchilov & Hutter 2017, without restarts). */
  learningRate: number;
  /** Epochs without a better validation after which training stops; null never stops early. */
  patience: number | null;
  seed: number;
  /** Folder of `last.h5` and `best.h5`; null keeps no checkpoints. */
  checkpoints: string | null;
  /** Goes on from `last.h5` where there is one. */
  resume: boolean;
  /** Of what the run was started with; resuming a run with another is refused. */
  configHash: string;
  onBatch?: (progress: { epoch: number; clipsDone: number; clips: number; loss: number }) => void;
  onEpoch?: (record: EpochRecord, history: EpochRecord[]) => void | Promise<void>;
}

export interface FitResult {
  history: EpochRecord[];
  /** The epoch whose weights the model now has, from 1. */
  bestEpoch: number;
}

/**
 * Trains a model in place and leaves it with the weights of its best epoch: the highest
 * validation accuracy of classes or mean ROC-AUC of tags (see `judge`), or the last
 * epoch where there is nothing to validate on. What is minimised, and `trainLoss` in the history, is the loss of the
 * predictions and the penalties of the layers' regularizers; `validLoss` has no penalties, so that runs compare.
 *
 * The same seed on the same engine gives the same history, resumed or not.
 *
 * @param model waveform `[batch, samples]` to probabilities `[batch, tags]`, with a layer named `logits` before them
 * @throws InputError if the loss or a weight is no longer finite, a checkpoint is damaged or of another run, memory does
 *   not suffice for a batch, or a kernel thread is lost; the finished epochs' checkpoint stays.
 */
export async function fit(model: tf.LayersModel, options: FitOptions): Promise<FitResult> {
  const { epochs, learningRate, patience, checkpoints, configHash } = options;
  if (options.train.ids.length === 0) throw new RangeError('fit: there are no clips to train on.');
  const trainer = new Trainer(model, lossFor(options.exclusive));
  let epochsKept = 0;
  const paths =
    checkpoints === null ? null : { last: join(checkpoints, 'last.h5'), best: join(checkpoints, 'best.h5') };
  try {
    let history: EpochRecord[] = [];
    let best: Checkpoint['best'] = null;
    let bestWeights: Checkpoint['weights'] | null = null;
    if (paths && options.resume) {
      const last = await readCheckpoint(paths.last);
      if (last) {
        requireSameRun(last, configHash, paths.last);
        trainer.restore(last, paths.last);
        ({ history, best } = last);
        bestWeights = await readBestWeights(paths.best, last);
        epochsKept = history.length;
      }
    }
    const stopped = () =>
      patience !== null && best !== null && history.length > 0 && history.length - best.epoch >= patience;
    while (history.length < epochs && !stopped()) {
      const epoch = history.length + 1;
      const rate = cosine(learningRate, epoch, epochs);
      const start = performance.now();
      const trainLoss = await trainer.trainEpoch(epoch, rate, options);
      const state = await trainer.checkpoint();
      const finite = state.weights.every(({ values }) => values.every(Number.isFinite));
      if (!finite) throw divergence('a weight is no longer finite', epoch, learningRate); // by the epoch's last step
      const validation = options.valid && (await validate(model, options.valid, options, epoch));
      const seconds = Number(((performance.now() - start) / 1000).toFixed(3));
      const record = { epoch, trainLoss, ...(validation ?? noValidation), learningRate: rate, seconds };
      history = [...history, record];
      const checkpoint: Checkpoint = { ...state, history, best, configHash };
      const judged = judge(record);
      if (isBetter(judged, best)) {
        best = judged;
        checkpoint.best = best;
        bestWeights = checkpoint.weights;
        if (paths) await writeCheckpoint(paths.best, checkpoint);
      }
      if (paths) {
        await writeCheckpoint(paths.last, checkpoint);
        epochsKept = epoch;
      }
      await options.onEpoch?.(record, history);
    }
    if (bestWeights && best) restoreWeights(model, bestWeights, paths?.best ?? 'memory');
    return { history, bestEpoch: best?.epoch ?? 0 };
  } catch (error) {
    throw explainFault(error, { batchSize: options.batchSize, epochsKept });
  } finally {
    trainer.dispose();
  }
}

const noValidation = { validLoss: null, validRocAuc: null, validPrAuc: null, validAccuracy: null };

/** Model and optimiser, and the step that moves both. */
class Trainer {
  private readonly model: tf.LayersModel;
  /** Up to the logits, sharing the model's layers. */
  private readonly logits: tf.LayersModel;
  private readonly loss: Loss;
  private readonly variables: tf.Variable[];
  private readonly adam: Adam;

  constructor(model: tf.LayersModel, loss: Loss) {
    this.model = model;
    this.loss = loss;
    this.logits = tf.model({
      inputs: model.inputs,
      outputs: model.getLayer('logits').output as tf.SymbolicTensor,
    });
    this.variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
    this.adam = new Adam(this.variables);
  }

  /** @returns the mean loss over the epoch's clips */
  async trainEpoch(epoch: number, learningRate: number, options: FitOptions): Promise<number> {
    const { train, batchSize, seed, speed, mixup } = options;
    const clips = train.ids.length;
    let total = 0;
    let clipsDone = 0;
    for await (const batch of batches(train, {
      batchSize,
      samples: inputLength(this.model),
      seed,
      epoch,
      speed,
      mixup,
    })) {
      const loss = await this.trainStep(batch, learningRate);
      if (!Number.isFinite(loss)) {
        throw divergence(`the loss is ${loss}`, epoch, options.learningRate);
      }
      total += loss * batch.size;
      clipsDone += batch.size;
      options.onBatch?.({ epoch, clipsDone, clips, loss });
    }
    return total / clips;
  }

  async trainStep(batch: Batch, learningRate: number): Promise<number> {
    const { waveforms, size } = batch;
    const { targets, known } = knownTargets(batch.targets);
    const { value, grads } = tf.tidy(() => {
      const x = tf.tensor2d(waveforms, [size, waveforms.length / size]);
      const y = tf.tensor2d(targets, [size, targets.length / size]);
      const mask = known && tf.tensor2d(known, [size, targets.length / size]);
      return tf.variableGrads(() => {
        const logits = this.logits.apply(x, { training: true, step: this.adam.steps }) as tf.Tensor2D;
        // Penalties are read in the tidy of the call whose activations they are of.
        const penalties = this.logits.calculateLosses();
        return penalties.reduce((sum, penalty) => tf.add(sum, penalty), this.loss(y, logits, mask));
      }, this.variables);
    });
    this.adam.apply(grads, learningRate);
    tf.dispose(grads);
    const [loss] = await value.data();
    value.dispose();
    return loss;
  }

  async checkpoint(): Promise<Pick<Checkpoint, 'weights' | 'adam'>> {
    return { weights: await readWeights(this.model), adam: await this.adam.state() };
  }

  restore({ weights, adam }: Checkpoint, path: string): void {
    restoreWeights(this.model, weights, path);
    this.adam.restore(adam);
  }

  dispose(): void {
    this.adam.dispose();
  }
}

async function validate(
  model: tf.LayersModel,
  valid: ClipSet,
  { tags, exclusive, batchSize, learningRate }: FitOptions,
  epoch: number,
): Promise<{
  validLoss: number;
  validRocAuc: number | null;
  validPrAuc: number | null;
  validAccuracy: number | null;
}> {
  const scores = await scoreClips(model, valid, { batchSize });
  if (!scores.every(Number.isFinite)) throw divergence('a probability is no number', epoch, learningRate);
  const { meanRocAuc, meanPrAuc, accuracy } = evaluateTags({
    labels: valid.targets,
    scores,
    tags,
    exclusive,
    resamples: 0,
  });
  const validLoss = crossEntropyOf(valid.targets, scores, exclusive);
  return { validLoss, validRocAuc: meanRocAuc, validPrAuc: meanPrAuc, validAccuracy: accuracy ?? null };
}

/** Probabilities `[clips, tags]`, row-major, each clip the mean over its windows. */
export async function scoreClips(
  model: tf.LayersModel,
  set: ClipSet,
  { batchSize, onClip }: { batchSize: number; onClip?: () => void },
): Promise<Float32Array> {
  const scores = new Float32Array(set.ids.length * set.nTags);
  let clip = 0;
  for await (const probabilities of predictClips(model, waveformsOf(set), { batchSize })) {
    scores.set(probabilities, set.nTags * clip++);
    onClip?.();
  }
  return scores;
}

/**
 * Cross-entropy of averaged probabilities, nats: mean over clips of exclusive classes, over known pairs of clip and
 * tag otherwise. Probabilities are kept 1e-7 from 0 and 1, as Keras does.
 */
function crossEntropyOf(targets: Float32Array, scores: Float32Array, exclusive: boolean): number {
  let [sum, count] = [0, 0];
  targets.forEach((target, i) => {
    if (Number.isNaN(target)) return;
    count += exclusive ? target : 1;
    const p = Math.min(1 - 1e-7, Math.max(1e-7, scores[i]));
    sum -= exclusive ? target * Math.log(p) : target * Math.log(p) + (1 - target) * Math.log(1 - p);
  });
  return sum / count;
}

/** Half a cosine from `peak` in the first epoch towards 0 after the last. */
function cosine(peak: number, epoch: number, epochs: number): number {
  return (peak / 2) * (1 + Math.cos((Math.PI * (epoch - 1)) / epochs));
}

function divergence(what: string, epoch: number, learningRate: number): InputError {
  return new InputError(
    `training: ${what} in epoch ${epoch}. Use a smaller --learning-rate than ${learningRate}.`,
  );
}

async function readBestWeights(path: string, last: Checkpoint): Promise<Checkpoint['weights'] | null> {
  const best = await readCheckpoint(path);
  if (best) requireSameRun(best, last.configHash, path);
  else if (last.best) {
    throw new InputError(
      `${path}: missing, it holds the best weights of the run. Put it back, or start anew without --resume.`,
    );
  }
  return best?.weights ?? null;
}

function requireSameRun(checkpoint: Checkpoint, configHash: string, path: string): void {
  if (checkpoint.configHash !== configHash) {
    throw new InputError(
      `${path}: was made with another configuration (${checkpoint.configHash.slice(0, 8)}; now ` +
        `${configHash.slice(0, 8)}). Resume with the same options, see config.json, or choose another --out.`,
    );
  }
}
