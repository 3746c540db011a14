/** Threads for our kernels, as Node starts them; `layers/` knows only how to ask for them. */
import { Worker } from 'node:worker_threads';
import type { KernelThreads } from '../../layers/kernels/index.ts';

/** @param threads the main thread included, >= 1 */
export function kernelThreads(threads: number): KernelThreads {
  return {
    threads,
    startWorker(source, data, onExit) {
      // no execArgv: the source is plain JavaScript and needs no loader that the main thread was given
      const worker = new Worker(source, { eval: true, workerData: data, execArgv: [] });
      worker.on('error', onExit).on('exit', onExit);
      worker.unref(); // an idle pool must not keep the process alive
      return worker;
    },
  };
}
