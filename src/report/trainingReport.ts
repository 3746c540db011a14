/** What a report is made of: plain data that a training run hands over. */

import type { TagEvaluation } from '../metrics/evaluateTags.ts';
import type { EpochRecord } from '../training/history.ts';

export interface SpectrogramPicture {
  /** Row-major `[frames, bins]`, dB. */
  values: Float32Array;
  nFrames: number;
  nBins: number;
  /** Centre of each bin, Hz, `[bins]`; empty where they lie in no order of frequency. */
  binFrequencies: number[];
  /** Names of the bins, `[bins]`, where they have any, such as pitch classes. */
  binNames?: readonly string[];
  /** Hop between frames. */
  secondsPerFrame: number;
}

export interface ExampleClip {
  id: string;
  spectrogram: SpectrogramPicture;
  trueTags: string[];
  /** The model's probabilities, of all tags or the highest ones, in any order. */
  predicted: { tag: string; probability: number }[];
}

export interface FoldResult {
  /** Counted from 1. */
  fold: number;
  /** Clips that the fold was tested on. */
  clips: number;
  accuracy?: number;
  meanRocAuc: number;
}

export interface Baseline {
  name: string;
  meanRocAuc: number;
  perTag: { tag: string; rocAuc: number | null }[];
}

export interface TrainingReport {
  title: string;
  /** Date and time, as it is to be printed (ISO 8601 preferred). */
  created: string;
  engine: { name: string; device: string; version: string };
  /** Facts for the top of the page, e.g. the number of clips and parameters. */
  summary: { label: string; value: string }[];
  history: EpochRecord[];
  /** Epoch whose weights were kept; default: the one of lowest validation loss. */
  bestEpoch?: number;
  folds?: FoldResult[];
  /** On clips that were not trained on; `title` names them. */
  evaluation?: TagEvaluation & { title: string };
  baseline?: Baseline;
  examples: ExampleClip[];
  configuration: Record<string, unknown>;
  skipped: { path: string; reason: string }[];
  notes: string[];
}
