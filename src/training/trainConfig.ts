/** Everything that a training run's result follows from, as `config.json` keeps it. */
import { createHash } from 'node:crypto';
import type { Clip, Dataset } from '../../datasets/index.ts';
import { hashSplit } from '../../datasets/index.ts';
import type { FrontEndOptions } from '../models/compactConvnet.ts';

export interface TrainConfig {
  /** Hz. */
  sampleRate: number;
  /** Length of the model's input; null takes half the median clip, 1 … 29 s. */
  seconds: number | null;
  frontEnd: FrontEndOptions;
  /** Channels of each block. */
  filters: number;
  epochs: number;
  batchSize: number;
  learningRate: number;
  /** Share by which training crops are played faster or slower; 0 for none. */
  speed: number;
  /** Parameter of mixup of training crops; 0 for none. */
  mixup: number;
  /** Epochs without a better validation before training stops; null never stops early. */
  patience: number | null;
  /** Cross-validation folds; null trains once. */
  folds: number | null;
  /** Share of the clips to validate on, where the data fix none. */
  valid: number;
  /** Share of the clips to test on, where the data fix none. */
  test: number;
  seed: number;
}

export const trainDefaults: TrainConfig = {
  sampleRate: 16_000,
  seconds: null,
  frontEnd: { mask: 0.25 },
  filters: 32,
  epochs: 80,
  batchSize: 16,
  learningRate: 3e-3,
  speed: 0.1, // as Ko et al. 2015, "Audio augmentation for speech recognition"
  mixup: 0,
  patience: null,
  folds: null,
  valid: 0.1,
  test: 0.2,
  seed: 1,
};

/** SHA-256 over what the run's result follows from: options, clips with labels and parts, and the engine. */
export function hashConfig(config: TrainConfig, dataset: Dataset, clips: Clip[], engine: string): string {
  const labels = clips.map(({ id, labels, unknown }) => (unknown ? [id, labels, unknown] : [id, labels]));
  const { tags, exclusive } = dataset;
  return createHash('sha256')
    .update(JSON.stringify([config, engine, tags, exclusive, labels, hashSplit(clips)]))
    .digest('hex');
}

/** Input length in samples. `seconds` null: half the median clip, 1 … 29 s, in whole tenths of a second. */
export function inputSamples({ seconds, sampleRate }: TrainConfig, clipSeconds: number[]): number {
  const sorted = [...clipSeconds].sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)];
  const chosen = seconds ?? Math.min(29, Math.max(1, Math.round(5 * median) / 10));
  return Math.round(chosen * sampleRate);
}
