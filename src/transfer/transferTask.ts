/** What a transfer experiment works on: features in blocks, and what is to be told from them. */

/** Columns that are used together or not at all: a layer, or the MFCC. */
export interface FeatureBlock {
  /** `layer0`, `layer1`, … or `mfcc`. */
  name: string;
  columns: number;
  /** Row-major `[rows, columns]`. */
  values: Float64Array;
}

export interface FeatureSet {
  rows: number;
  blocks: FeatureBlock[];
  /** Of the rows; null where the file has none and rows go by their order. */
  ids: string[] | null;
  /** Class of each row by name, where the file holds exclusive labels. */
  labels: string[] | null;
  /** What the file says of its origin, for the record: the model's `weightsHash` among others. */
  provenance: Record<string, string | number>;
}

export type TaskKind = 'classification' | 'regression';

/** What is to be told of each row. */
export interface Targets {
  kind: TaskKind;
  /** Number of the class, or the value; `[rows]`. */
  values: Float64Array;
  /** Names of the classes; empty for regression. */
  classes: string[];
}

/** Rows in parts that are held out, and in which order. */
export interface FoldPlan {
  /** One line for people, such as "10 stratified folds". */
  description: string;
  /** Part of each row; -1 is only ever trained on. */
  parts: Int32Array;
  /** Parts that are tested on, each by what is trained on all others. */
  outer: number[];
  /** For each of `outer`, the parts by which settings are chosen without it. */
  inner: number[][];
}
