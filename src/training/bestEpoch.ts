/** Which epoch's weights are kept. */
import type { EpochRecord } from './history.ts';

export interface BestEpoch {
  epoch: number;
  /** The higher the better. */
  merit: number;
}

/**
 * What an epoch is judged by: validation accuracy where there are classes, else mean validation ROC-AUC, or the
 * validation loss turned round where that is not defined. The loss would stop too early: on small data it rises, since
 * a few clips are missed with confidence, while more and more are told right. Without validation the last is the best.
 */
export function judge({ epoch, validLoss, validAccuracy, validRocAuc }: EpochRecord): BestEpoch {
  if (validLoss === null) return { epoch, merit: epoch };
  return { epoch, merit: validAccuracy ?? validRocAuc ?? -validLoss };
}

/** Whether `candidate` is better than the best so far; of equals the later, which was trained at a lower rate. */
export function isBetter(candidate: BestEpoch, best: BestEpoch | null): boolean {
  return best === null || candidate.merit >= best.merit;
}
