/** One training: a small convnet on finished maps, scored on the test clips. */
import * as tf from '@tensorflow/tfjs';
import { ConvBlock, type SpectralWhitening } from '../../layers/index.ts';
import type { ClipSet } from '../../src/audio/clipSet.ts';
import { InputError } from '../../src/errors.ts';
import { evaluateTags } from '../../src/metrics/evaluateTags.ts';
import { fit, scoreClips } from '../../src/training/fit.ts';
import { mapOptions, trainingOptions } from './design.ts';
import { standardization } from './frontEndMaps.ts';

const { nFrames, nBands } = mapOptions;
const { filters, batchSize, learningRate } = trainingOptions;

/** Frames and bands that each block pools; 64 × 80 come out as one. */
const pools: [number, number][] = [
  [4, 2],
  [2, 4],
  [2, 5],
  [4, 2],
];

export interface TrainCellOptions {
  /** Maps of the front end before standardisation, flat, in place of waveforms. */
  train: ClipSet;
  test: ClipSet;
  tags: readonly string[];
  /** Classes are scored by accuracy, tags by mean ROC-AUC. */
  exclusive: boolean;
  whitening: boolean;
  seed: number;
  /** Least number of steps; training ends with the epoch in which it is reached. */
  steps: number;
}

/** @returns the score on the test clips after the last epoch */
export async function trainCell(options: TrainCellOptions): Promise<number> {
  const { train, test, tags, exclusive, whitening, seed, steps } = options;
  const trainMaps = await Promise.all(train.ids.map((_, clip) => train.waveform(clip)));
  const model = createNet(await standardization(trainMaps, whitening), {
    nTags: tags.length,
    exclusive,
    seed,
  });
  try {
    await fit(model, {
      ...{ train, valid: null, tags, exclusive, batchSize, learningRate, seed },
      epochs: Math.ceil(steps / Math.ceil(train.ids.length / batchSize)),
      ...{ patience: null, checkpoints: null, resume: false, configHash: '' },
    });
    const scores = await scoreClips(model, test, { batchSize: 64 });
    const evaluation = evaluateTags({ labels: test.targets, scores, tags, exclusive, resamples: 0 });
    const score = exclusive ? evaluation.accuracy! : evaluation.meanRocAuc;
    if (score === null) {
      throw new InputError(
        'frontEndStudy: no tag has test clips with it and without it. Use more recordings.',
      );
    }
    return score;
  } finally {
    model.dispose();
  }
}

/** A compact convnet made small: four blocks of 16 channels, 7.6 thousand weights. */
function createNet(
  standardize: SpectralWhitening,
  { nTags, exclusive, seed }: { nTags: number; exclusive: boolean; seed: number },
): tf.LayersModel {
  const input = tf.input({ shape: [nFrames * nBands] });
  let x = tf.layers.reshape({ targetShape: [nFrames, nBands, 1] }).apply(input) as tf.SymbolicTensor;
  x = standardize.apply(x) as tf.SymbolicTensor;
  pools.forEach((poolSize, block) => {
    const layer = new ConvBlock({ filters, poolSize, momentum: 0.9, seed: seed * 100 + block });
    x = layer.apply(x) as tf.SymbolicTensor;
  });
  x = tf.layers.flatten().apply(x) as tf.SymbolicTensor;
  const kernelInitializer = tf.initializers.glorotUniform({ seed: seed * 100 + 99 });
  x = tf.layers.dense({ units: nTags, kernelInitializer, name: 'logits' }).apply(x) as tf.SymbolicTensor;
  const activation = exclusive ? 'softmax' : 'sigmoid';
  return tf.model({
    inputs: input,
    outputs: tf.layers.activation({ activation }).apply(x) as tf.SymbolicTensor,
  });
}
