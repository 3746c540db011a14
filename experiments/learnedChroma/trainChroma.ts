/** One training of learned chroma against the templates of the chords that are played. */
import * as tf from '@tensorflow/tfjs';
import { LearnedChroma, startFromFrames } from '../../layers/index.ts';
import type { ChordVocabulary } from '../../src/chords/chordVocabulary.ts';
import { templateLoss } from '../../src/chords/templateLoss.ts';
import { Adam } from '../../src/training/adam.ts';
import { frameOptions, trainingOptions, type Arm, type HyperParameters } from './design.ts';
import type { FrameBatch, TrainingFrames } from './trainingFrames.ts';

const { nBins, binsPerOctave, fMin } = frameOptions;
const { batchSize, curveEvery } = trainingOptions;

export interface CurvePoint {
  /** Steps taken. */
  step: number;
  /** Template loss, without regularisers: mean over the batches since the last point, and on validation frames. */
  train: number;
  valid: number;
}

export interface TrainChromaOptions {
  arm: Arm;
  draw: HyperParameters;
  train: TrainingFrames;
  /** Frames to watch the loss on; they are not distorted. */
  valid: FrameBatch;
  vocabulary: ChordVocabulary;
  steps: number;
  seed: number;
}

/** Weights of one layer, to four decimals: `kernel` row-major `[nBins, 12]`. */
export interface ChromaWeights {
  kernel: number[];
  bias: number[];
}

export interface TrainedChroma {
  /** The caller's to dispose of. */
  layer: LearnedChroma;
  curve: CurvePoint[];
  /** Of one layer, before and after. */
  weights: { start: ChromaWeights; end: ChromaWeights } | null;
}

/** Adam on batches of frames; the rate falls along half a cosine. */
export async function trainChroma(options: TrainChromaOptions): Promise<TrainedChroma> {
  const { arm, draw, train, valid, vocabulary, steps, seed } = options;
  const layer = createChroma(arm, draw, seed);
  tf.tidy(() => chromaOf(layer, tf.zeros([1, nBins]))); // builds it; TF.js 4.22 disposes only of layers built so
  if (arm.layers > 1 && arm.regularised && draw.dataStart) await startFromTraining(layer, train, seed);
  const start = arm.layers === 1 ? await readWeights(layer) : null;
  const variables = layer.trainableWeights.map((weight) => weight.read() as tf.Variable);
  const adam = new Adam(variables);
  const loss = templateLoss(vocabulary);
  const curve: CurvePoint[] = [];
  let total = tf.scalar(0);
  for (let step = 0; step < steps; step++) {
    const batch = train.batch(batchSize, { seed, step });
    const { value, grads } = tf.tidy(() => {
      const { frames, chords } = toTensors(batch, vocabulary);
      let distance: tf.Scalar = tf.scalar(0);
      const { grads } = tf.variableGrads(() => {
        distance = tf.keep(loss(chords, chromaOf(layer, frames, { training: true, step })));
        return tf.addN([distance, ...layer.calculateLosses()]) as tf.Scalar;
      }, variables);
      return { value: tf.add(total, distance) as tf.Scalar, grads, distance };
    });
    adam.apply(grads, (draw.learningRate / 2) * (1 + Math.cos((Math.PI * step) / steps)));
    tf.dispose([grads, total]);
    total = value;
    if ((step + 1) % curveEvery === 0 || step + 1 === steps) {
      const since = step + 1 - (curve.at(-1)?.step ?? 0);
      const onValid = tf.tidy(() => {
        const { frames, chords } = toTensors(valid, vocabulary);
        return loss(chords, chromaOf(layer, frames));
      });
      const [sum, validLoss] = [(await total.data())[0], (await onValid.data())[0]];
      curve.push({ step: step + 1, train: sum / since, valid: validLoss });
      tf.dispose([onValid, total]);
      total = tf.scalar(0);
    }
  }
  total.dispose();
  adam.dispose();
  // a call in training writes the last step's kernels back within their norm
  tf.tidy(() => chromaOf(layer, toTensors(valid, vocabulary).frames, { training: true, step: steps }));
  return { layer, curve, weights: start && { start, end: await readWeights(layer) } };
}

/** Chroma `[frames, 12]` of frames `[frames, nBins]`. */
export function chromaOf(
  layer: LearnedChroma,
  frames: tf.Tensor2D,
  kwargs: { training?: boolean; step?: number } = {},
): tf.Tensor2D {
  const map = layer.apply(tf.reshape(frames, [1, frames.shape[0], nBins, 1]), kwargs) as tf.Tensor;
  return tf.reshape(map, [frames.shape[0], 12]) as tf.Tensor2D;
}

async function readWeights(layer: LearnedChroma): Promise<ChromaWeights> {
  const [kernel, bias] = await Promise.all(layer.getWeights().map(async (weight) => weight.data()));
  const rounded = (values: ArrayLike<number>) => Array.from(values, (value) => Number(value.toFixed(4)));
  return { kernel: rounded(kernel), bias: rounded(bias) };
}

function createChroma({ layers, regularised }: Arm, draw: HyperParameters, seed: number): LearnedChroma {
  return new LearnedChroma({
    ...(layers === 1
      ? { start: { scale: 'log', binsPerOctave, fMin }, startNoise: draw.octaveNoise }
      : { start: 'normal', startNoise: draw.startNoise, hiddenUnits: draw.hiddenUnits[layers as 2 | 3] }),
    ...(regularised && {
      kernelRegularizer: tf.regularizers.l1l2({ l1: draw.l1, l2: draw.l2 }),
      activityRegularizer: tf.regularizers.l1({ l1: draw.activityL1 }),
      kernelConstraint: tf.constraints.maxNorm({ maxValue: draw.maxNorm, axis: 0 }),
      dropout: draw.dropout,
      inputNoise: draw.pointNoise,
    }),
    seed,
  });
}

/** The first layer becomes frames drawn from the training clips. */
async function startFromTraining(layer: LearnedChroma, train: TrainingFrames, seed: number): Promise<void> {
  const { frames } = train.batch(1024, { seed, step: -1 });
  const map = tf.tensor4d(frames, [1, frames.length / nBins, nBins, 1]);
  await startFromFrames(layer, map, { method: 'sample', seed });
  map.dispose();
}

function toTensors({ frames, chords }: FrameBatch, { labels }: ChordVocabulary) {
  return {
    frames: tf.tensor2d(frames, [frames.length / nBins, nBins]),
    chords: tf.tensor2d(chords, [chords.length / labels.length, labels.length]),
  };
}
