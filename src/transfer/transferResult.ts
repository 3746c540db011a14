/** What a transfer experiment gives, as it is printed and written. */
import type { SubsetScores } from './scoreSubset.ts';
import type { Setting } from './settings.ts';
import type { Subset } from './subsets.ts';
import type { TaskKind } from './transferTask.ts';

/** `layers`: of the model at hand; `random`: of the same model with random weights. */
export type FeatureSource = 'layers' | 'random';

/** Scores of a grid of settings: accuracy, or R². */
export interface GridScore {
  /** Best mean over the tested parts, by the setting that is best there, which makes it too good. */
  score: number;
  /** Of settings that were chosen without the part tested; null where it was not asked for. */
  nestedScore: number | null;
  /** 95 % interval of `nestedScore`. */
  nestedInterval: [number, number] | null;
  /** What got `score`. */
  classifier: Setting;
  /** Of `classifier`, one a tested part. */
  partScores: number[];
}

/**
 * The row's own scores are the paper's: of features as they are. Its code means to try standardised features too, but
 * the scaler's option `on` is set after the constructor that reads it, so it never scales.
 */
export interface TransferRow extends GridScore {
  subset: Subset;
  features: number;
  /** What the paper's authors got; null where it is not known. */
  published: number | null;
  /** `score` - `published`. */
  difference: number | null;
  /** Of the whole grid, standardised features too. */
  whole: GridScore;
}

export interface TransferResult {
  task: string;
  kind: TaskKind;
  metric: 'accuracy' | 'R²';
  /** Rows of features. */
  clips: number;
  classes: string[];
  folds: string;
  /** Of which clip is in which fold, see `hashFolds`. */
  splitHash: string;
  rows: TransferRow[];
  /** Same subsets, from the features given as those of random weights. */
  random: TransferRow[];
  /** Fits that were ended after `maxIterations` steps; their predictions may differ from LIBSVM's. */
  unconverged: number;
  /** Layers and setting, of the whole grid, chosen without the part tested: what to expect of the best on new clips. */
  honestBest: { score: number; interval: [number, number] | null; subsets: Subset[] } | null;
  seconds: number;
}

/** A subset's scores, in the run folder. */
export interface StoredSubset {
  configHash: string;
  scores: SubsetScores;
}
