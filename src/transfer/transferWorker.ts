/** What runs inside the threads of TransferPool. */
import { workerData } from 'piscina';
import { predictHeldOut, type HeldOutJob, type TransferData } from './heldOutJob.ts';

/** Predictions `[settings][held-out rows]`. */
export function predictInWorker(job: HeldOutJob): Float64Array[] {
  const data = workerData as TransferData;
  return predictHeldOut(data, job);
}
