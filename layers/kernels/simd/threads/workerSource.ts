/**
 * What a kernel worker runs, as plain JavaScript for `new Worker(source, { eval: true })` in Node or a Blob URL in a
 * browser: no file to find, and no TypeScript to load, wherever the package is installed.
 */

/** Words (int32) of the board through which threads share work; counters wrap around. */
export const boardWords = { end: 0, next: 1, done: 2, failed: 3, stop: 4, tasks: 16 } as const;
/** Words of a task: kernel, number of arguments, arguments. */
export const taskWords = 32;
/** Tasks that the board holds at a time, a power of two. */
export const taskCapacity = 1024;

/** What a worker is started with. */
export interface WorkerStart {
  module: WebAssembly.Module;
  memory: WebAssembly.Memory;
  /** Byte offset of the board in the memory. */
  board: number;
  /** Exports by the number that a task names them with. */
  kernels: readonly string[];
}

// A worker takes task after task until none is left, spins a little, then sleeps until `end` moves.
export const workerSource = `'use strict';
const start = ({ module, memory, board, kernels }) => {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const functions = kernels.map((name) => exports[name]);
  const words = new Int32Array(memory.buffer, board, ${boardWords.tasks + taskCapacity * taskWords});
  for (;;) {
    const end = Atomics.load(words, ${boardWords.end});
    const ticket = Atomics.load(words, ${boardWords.next});
    if (((end - ticket) | 0) <= 0) {
      for (let i = 0; i < 3000 && Atomics.load(words, ${boardWords.end}) === end; i++);
      if (Atomics.load(words, ${boardWords.stop})) return;
      Atomics.wait(words, ${boardWords.end}, end);
      continue;
    }
    if (Atomics.compareExchange(words, ${boardWords.next}, ticket, (ticket + 1) | 0) !== ticket) continue;
    const task = ${boardWords.tasks} + (ticket & ${taskCapacity - 1}) * ${taskWords};
    try {
      functions[words[task]](...words.subarray(task + 2, task + 2 + words[task + 1]));
    } catch {
      Atomics.store(words, ${boardWords.failed}, 1);
    }
    Atomics.add(words, ${boardWords.done}, 1);
    Atomics.notify(words, ${boardWords.done});
  }
};
if (typeof require === 'function') start(require('node:worker_threads').workerData);
else onmessage = ({ data }) => start(data);
`;
