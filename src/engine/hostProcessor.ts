/** The processor's name and its number of usable cores, for the engines that compute on it. */
import { availableParallelism, cpus } from 'node:os';

/** @example hostProcessor() // 'AMD EPYC, 2 cores' */
export function hostProcessor(): string {
  const model = cpus()[0]?.model.replace(/\s+/g, ' ').trim() || `unnamed ${process.arch} processor`;
  const cores = availableParallelism();
  return `${model}, ${cores} ${cores === 1 ? 'core' : 'cores'}`;
}
