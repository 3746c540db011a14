/** Grid searches in worker threads, one a core. */
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { pathToFileURL } from 'node:url';
import { Piscina } from 'piscina';
import type { SettingPredictions } from './predictSettings.ts';
import { predictHeldOut, type HeldOutJob, type TransferData } from './heldOutJob.ts';

/**
 * Runs jobs on the data it was made with. With one thread, and no other to wait for, they run on this one.
 *
 * @example const pool = new TransferPool(data, 2); await pool.run(job); await pool.close();
 */
export class TransferPool {
  readonly threads: number;
  private readonly data: TransferData;
  private readonly piscina: Piscina<HeldOutJob, SettingPredictions> | null;

  constructor(data: TransferData, threads = availableParallelism()) {
    this.threads = threads;
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
    this.data = threads === 1 ? data : inSharedMemory(data);
    this.piscina =
      threads === 1
        ? null
        : new Piscina({
            filename: new URL(`./transferWorker.${extension}`, import.meta.url).href,
            name: 'predictInWorker',
            minThreads: threads,
            maxThreads: threads,
            maxQueue: Infinity,
            workerData: this.data,
            execArgv: extension === 'ts' ? ['--import', typeScriptLoader()] : [],
          });
  }

  /** What `predictHeldOut` gives. */
  async run(job: HeldOutJob): Promise<SettingPredictions> {
    if (this.piscina) return this.piscina.run(job);
    await new Promise((resolve) => setImmediate(resolve)); // lets the progress be drawn
    return predictHeldOut(this.data, job);
  }

  async close(): Promise<void> {
    await this.piscina?.destroy();
  }
}

function inSharedMemory(data: TransferData): TransferData {
  const share = (values: Float64Array) => {
    const shared = new Float64Array(new SharedArrayBuffer(values.byteLength));
    shared.set(values);
    return shared;
  };
  const parts = new Int32Array(new SharedArrayBuffer(data.parts.byteLength));
  parts.set(data.parts);
  const blocks = data.blocks.map((block) => ({ ...block, values: share(block.values) }));
  return { ...data, blocks, targets: share(data.targets), parts };
}

function typeScriptLoader(): string {
  return pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
}
