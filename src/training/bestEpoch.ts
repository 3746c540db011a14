/** Which epoch's weights are kept. */
import type { EpochRecord } from './history.ts';

export interface BestEpoch {
  epoch: number;
  /** The higher the better: accuracy of classes, mean ROC-AUC of tags. */
  merit: number;
  /** Decides between equal merits, the lower the better. */
  loss: number;
}

/**
 * What an epoch is judged by: validation accuracy where there are classes, else mean validation ROC-AUC, and between
 * equals the validation loss. The loss alone would stop too early: on small data it rises, since a few clips are
 * missed with confidence, while more and more are told right. Without validation the last epoch is the best.
 */
export function judge(record: EpochRecord): BestEpoch {
  const { epoch, trainLoss, validLoss, validAccuracy, validRocAuc } = record;
  if (validLoss === null) return { epoch, merit: epoch, loss: trainLoss };
  return { epoch, merit: validAccuracy ?? validRocAuc ?? 0, loss: validLoss };
}

/** Whether `candidate` is better than the best so far. */
export function isBetter(candidate: BestEpoch, best: BestEpoch | null): boolean {
  if (best === null || candidate.merit !== best.merit) return best === null || candidate.merit > best.merit;
  return candidate.loss < best.loss;
}
