/** Fork and join over worker threads on one shared memory. */
import { KernelThreadError } from './kernelThreadError.ts';
import type { Arena } from './arena.ts';
import type { Executor, KernelExports } from './executor.ts';
import type { WorkerStart } from './workerSource.ts';
import { boardWords, taskCapacity, taskWords, workerSource } from './workerSource.ts';

/**
 * Starts a thread that runs `source` with `data`, and calls `onExit` when it ends. In Node, a Worker of
 * node:worker_threads with `eval` and `workerData`; in a browser, a Worker on a Blob URL of `source` that is posted
 * `data`. Injected, since this folder has no Node API.
 */
export type StartKernelWorker = (
  source: string,
  data: WorkerStart,
  onExit: () => void,
) => { terminate(): unknown };

const spins = 2000;

/**
 * Tasks are taken by whoever is free, this thread included, so that a busy core or a worker that is still starting
 * holds nobody up. Which thread runs a task changes no result.
 */
export class WorkerPool<Name extends string> implements Executor<Name> {
  readonly threads: number;
  private readonly exports: KernelExports<Name>;
  private readonly kernels: readonly Name[];
  private readonly words: Int32Array;
  private readonly patienceMs: number;
  private readonly workers: { terminate(): unknown }[];
  private lost = false;

  /**
   * @param arena With a shared memory, which `module` is compiled for.
   * @param threads This thread and `threads - 1` workers.
   * @param patienceMs Tasks take milliseconds: after this long without one done, the thread that has it is gone.
   */
  constructor(
    arena: Arena,
    module: WebAssembly.Module,
    exports: KernelExports<Name>,
    kernels: readonly Name[],
    threads: number,
    startWorker: StartKernelWorker,
    patienceMs = 30_000,
  ) {
    this.threads = threads;
    this.patienceMs = patienceMs;
    this.exports = exports;
    this.kernels = kernels;
    const size = boardWords.tasks + taskCapacity * taskWords;
    const board = arena.allocate(4 * size);
    const { memory } = arena;
    this.words = new Int32Array(memory.buffer, board, size).fill(0);
    this.workers = Array.from({ length: threads - 1 }, () =>
      startWorker(workerSource, { module, memory, board, kernels }, () => {
        this.lost = true;
      }),
    );
  }

  /** @throws KernelThreadError if a worker thread has ended; the pool is of no more use then. */
  run(kernel: Name, calls: readonly (readonly number[])[]): void {
    if (this.lost) throw new KernelThreadError();
    if (calls.length === 1) {
      this.exports[kernel](...calls[0]);
      return;
    }
    for (let start = 0; start < calls.length; start += taskCapacity) {
      this.forkAndJoin(this.kernels.indexOf(kernel), calls.slice(start, start + taskCapacity));
    }
  }

  /** Ends the workers. */
  close(): void {
    this.lost = true;
    Atomics.store(this.words, boardWords.stop, 1);
    Atomics.notify(this.words, boardWords.end);
    for (const worker of this.workers) worker.terminate();
  }

  private forkAndJoin(kernel: number, calls: readonly (readonly number[])[]): void {
    const { words } = this;
    const first = Atomics.load(words, boardWords.end);
    calls.forEach((call, i) => {
      const task = boardWords.tasks + ((first + i) & (taskCapacity - 1)) * taskWords;
      words[task] = kernel;
      words[task + 1] = call.length;
      words.set(call, task + 2);
    });
    const end = (first + calls.length) | 0;
    Atomics.store(words, boardWords.end, end);
    Atomics.notify(words, boardWords.end);
    for (let ticket = this.take(end); ticket !== undefined; ticket = this.take(end)) {
      const offset = (ticket - first) | 0;
      this.exports[this.kernels[kernel]](...calls[offset]);
      Atomics.add(words, boardWords.done, 1);
    }
    this.join(end);
  }

  private take(end: number): number | undefined {
    for (;;) {
      const ticket = Atomics.load(this.words, boardWords.next);
      if (ticket === end) return undefined;
      if (Atomics.compareExchange(this.words, boardWords.next, ticket, (ticket + 1) | 0) === ticket)
        return ticket;
    }
  }

  private join(end: number): void {
    const { words } = this;
    let deadline = performance.now() + this.patienceMs;
    let last = Atomics.load(words, boardWords.done);
    for (let turn = 0; ; turn++) {
      const done = Atomics.load(words, boardWords.done);
      if (done === end) break;
      if (turn < spins) continue;
      if (done !== last) deadline = performance.now() + this.patienceMs;
      last = done;
      if (performance.now() > deadline) {
        this.lost = true;
        throw new KernelThreadError();
      }
      waitForChange(words, done);
    }
    if (Atomics.load(words, boardWords.failed) !== 0) {
      throw new Error('kernels: a worker thread failed; this is a fault in the kernels.');
    }
  }
}

/** Sleeps until a task is done, a moment at most; a browser's main thread may not sleep and returns at once. */
function waitForChange(words: Int32Array, done: number): void {
  try {
    Atomics.wait(words, boardWords.done, done, 5);
  } catch {
    // Spin on.
  }
}
