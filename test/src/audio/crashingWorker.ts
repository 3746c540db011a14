/** Stands in for audioWorker: ends its thread or fails where the path says so. */

import { loadInWorker as load } from '../../../src/audio/audioWorker.ts';
import type { AudioJob } from '../../../src/audio/audioWorker.ts';

export function loadInWorker(job: AudioJob) {
  if (job.path === 'exit') process.exit(3);
  if (job.path === 'defect') throw new TypeError('a defect');
  return load(job);
}
