/** Training that is seen: a bar an epoch with clips/s and time left, a line when it is over, `history.csv` as it grows. */
import type * as tf from '@tensorflow/tfjs';
import { writeWhole } from '../files/writeWhole.ts';
import type { ProgressBar, Reporter } from '../reporter.ts';
import { fit, type FitOptions, type FitResult } from './fit.ts';
import { historyToCsv, type EpochRecord } from './history.ts';

/** @param label what is trained, e.g. `fold 2/5` */
export async function fitWithProgress(
  model: tf.LayersModel,
  options: FitOptions,
  { reporter, label, historyPath }: { reporter: Reporter; label: string; historyPath: string },
): Promise<FitResult> {
  let bar: ProgressBar | null = null;
  const fitting = fit(model, {
    ...options,
    onBatch: ({ epoch, clipsDone, clips, loss }) => {
      bar ??= reporter.bar(`${label}epoch ${epoch}/${options.epochs}`, clips);
      bar.update(clipsDone, `loss ${loss.toFixed(3)}`);
    },
    onEpoch: async (record, history) => {
      bar?.done();
      bar = null;
      reporter.line(`${label}${describeEpoch(record, options.epochs)}`);
      await writeWhole(historyPath, historyToCsv(history));
    },
  });
  const result = await fitting.finally(() => bar?.done()); // a bar that runs on would keep the process alive
  await writeWhole(historyPath, historyToCsv(result.history));
  return result;
}

function describeEpoch(record: EpochRecord, epochs: number): string {
  const { epoch, trainLoss, validLoss, validRocAuc, validAccuracy, seconds } = record;
  const parts = [`epoch ${epoch}/${epochs}`, `loss ${trainLoss.toFixed(3)}`];
  if (validLoss !== null) parts.push(`valid ${validLoss.toFixed(3)}`);
  if (validRocAuc !== null) parts.push(`ROC-AUC ${validRocAuc.toFixed(3)}`);
  if (validAccuracy !== null) parts.push(`accuracy ${validAccuracy.toFixed(3)}`);
  return [...parts, `${seconds.toFixed(1)} s`].join('  ');
}
