/** What a transfer experiment gives, as it is printed and written. */
import type { SubsetScores } from './scoreSubset.ts';
import type { Setting } from './settings.ts';
import type { Subset } from './subsets.ts';
import type { TaskKind } from './transferTask.ts';

/** `layers`: of the model at hand; `random`: of the same model with random weights. */
export type FeatureSource = 'layers' | 'random';

export interface TransferRow {
  subset: Subset;
  features: number;
  /** The paper's: best mean score over the tested parts, by the setting that is best there. Accuracy, or R². */
  score: number;
  /** Of settings that were chosen without the part tested; null where it was not asked for. */
  nestedScore: number | null;
  /** 95 % interval of `nestedScore`. */
  nestedInterval: [number, number] | null;
  /** What the paper's authors got; null where it is not known. */
  published: number | null;
  /** `score` - `published`. */
  difference: number | null;
  /** What got `score`. */
  classifier: Setting;
  /** Of `classifier`, one a tested part. */
  partScores: number[];
}

export interface TransferResult {
  task: string;
  kind: TaskKind;
  metric: 'accuracy' | 'R²';
  /** Rows of features. */
  clips: number;
  classes: string[];
  folds: string;
  rows: TransferRow[];
  /** Same subsets, from the features given as those of random weights. */
  random: TransferRow[];
  /** Fits that were ended after `maxIterations` steps; their predictions may differ from LIBSVM's. */
  unconverged: number;
  /** Layers and setting both chosen without the part tested: what to expect of the best row on new clips. */
  honestBest: { score: number; interval: [number, number] | null; subsets: Subset[] } | null;
  seconds: number;
}

/** A subset's scores, in the run folder. */
export interface StoredSubset {
  configHash: string;
  scores: SubsetScores;
}
