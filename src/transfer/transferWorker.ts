/** What runs inside the threads of TransferPool. */
import { workerData } from 'piscina';
import type { SettingPredictions } from './predictSettings.ts';
import { predictHeldOut, type HeldOutJob, type TransferData } from './heldOutJob.ts';

export function predictInWorker(job: HeldOutJob): SettingPredictions {
  const data = workerData as TransferData;
  return predictHeldOut(data, job);
}
