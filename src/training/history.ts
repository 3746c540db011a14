/** What training wrote down, epoch by epoch, and its CSV form. */

export interface EpochRecord {
  /** From 1. */
  epoch: number;
  /** Mean over the clips of the epoch: the loss of the data, plus the penalties of layers that have a regularizer. */
  trainLoss: number;
  /** Cross-entropy alone, without penalties; null without validation clips. */
  validLoss: number | null;
  /** Mean over tags. */
  validRocAuc: number | null;
  /** Mean over tags. */
  validPrAuc: number | null;
  /** Share of clips; null unless tags are exclusive. */
  validAccuracy: number | null;
  /** Wall clock; the one column that differs between runs of the same seed. */
  seconds: number;
  learningRate: number;
}

const columns = [
  'epoch',
  'trainLoss',
  'validLoss',
  'validRocAuc',
  'validPrAuc',
  'validAccuracy',
  'learningRate',
  'seconds',
] as const satisfies (keyof EpochRecord)[];

/** One line an epoch, empty where there is no value; numbers as exact as JavaScript prints them. */
export function historyToCsv(history: EpochRecord[]): string {
  const lines = history.map((record) => columns.map((column) => record[column] ?? '').join(','));
  return `${[columns.join(','), ...lines].join('\n')}\n`;
}
