/** One training: a small convnet on finished maps, scored on the test clips. */
import type { ClipSet } from '../../src/audio/clipSet.ts';
import { InputError } from '../../src/errors.ts';
import { evaluateTags } from '../../src/metrics/evaluateTags.ts';
import { fit, scoreClips } from '../../src/training/fit.ts';
import { createSmallConvnet } from '../shared/smallConvnet.ts';
import { standardization } from '../shared/standardization.ts';
import { mapOptions, trainingOptions } from './design.ts';

const { nFrames, nBands } = mapOptions;
const { filters, batchSize, learningRate } = trainingOptions;

/** Frames and bands that each block pools; 64 × 80 come out as one, of 7.6 thousand weights. */
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
  const model = createSmallConvnet({
    ...{ nFrames, nBands, pools, filters, nTags: tags.length, exclusive, seed },
    standardize: await standardization(trainMaps, { nFrames, nBands, whitening }),
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
