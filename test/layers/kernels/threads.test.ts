import { createHash } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import { afterEach, expect, test } from 'vitest';
import type { ConvBlockProblem } from '../../../layers/kernels/convBlock/simd/engine.ts';
import { ConvBlockEngine } from '../../../layers/kernels/convBlock/simd/engine.ts';
import { KernelEngine } from '../../../layers/kernels/simd/kernelEngine.ts';
import { Arena } from '../../../layers/kernels/simd/threads/arena.ts';
import type { StartKernelWorker } from '../../../layers/kernels/simd/threads/workerPool.ts';
import { WorkerPool } from '../../../layers/kernels/simd/threads/workerPool.ts';
import { boardWords } from '../../../layers/kernels/simd/threads/workerSource.ts';

const started: Worker[] = [];
const startWorker: StartKernelWorker = (source, data, onExit) => {
  const worker = new Worker(source, { eval: true, workerData: data, execArgv: [] });
  worker.on('error', onExit).on('exit', onExit).unref();
  started.push(worker);
  return worker;
};

const engines: ConvBlockEngine[] = [];

/** An engine whose buffers lie between guards. */
async function engineOf(threads: number): Promise<ConvBlockEngine> {
  const arena = new Arena({ guardBytes: 128, shared: threads > 1 });
  const engine = new ConvBlockEngine(await KernelEngine.create('simd', { threads, startWorker }, arena));
  engines.push(engine);
  return engine;
}

afterEach(() => {
  for (const { arena, executor } of engines.splice(0)) {
    arena.checkGuards();
    if (executor instanceof WorkerPool) executor.close();
  }
  started.splice(0);
});

/** Values that repeat for a seed, in [-1, 1). */
function noise(count: number, seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0; // Numerical Recipes' generator
    return state / 2 ** 31;
  });
}

function problem(channels: number, filters: number, batch = 3): ConvBlockProblem {
  return {
    ...{ xShape: [batch, 151, 33, channels], kernelShape: [3, 3, channels, filters], poolSize: [4, 2] },
    ...{ activation: 'elu', epsilon: 1e-3, x: noise(batch * 151 * 33 * channels, 1) },
    ...{ kernel: noise(9 * channels * filters, 2), bias: noise(filters, 3), gamma: noise(filters, 4) },
    beta: noise(filters, 5),
  };
}

/** Fingerprints of what forward, backward and inference return. */
function everything(engine: ConvBlockEngine, work: ConvBlockProblem): string[] {
  const inference = engine.infer(
    work,
    noise(work.gamma.length, 6),
    new Float32Array(work.gamma.length).fill(0.7),
  );
  const inferred = inference.output.slice();
  const { output, mean, variance, saved } = engine.train(work, true);
  const kept = output.slice();
  const dy = () => noise(kept.length, 7);
  const { dGamma, dBeta } = saved!.gammaAndBetaGradient(dy);
  const dKernel = saved!.kernelGradient(dy);
  const dX = saved!.inputGradient(dy).slice();
  saved!.release();
  return [inferred, kept, mean, variance, dGamma, dBeta, dKernel, dX].map((values) =>
    createHash('sha256').update(values).digest('hex'),
  );
}

test.each([
  ['many channels', 16, 32],
  ['one channel', 1, 20],
  ['channels that fill no tile', 3, 5],
])('two and three threads give the very numbers of one: %s', async (_, channels, filters) => {
  const work = problem(channels, filters);
  const alone = everything(await engineOf(1), work);
  for (const threads of [2, 3]) {
    const engine = await engineOf(threads);
    for (let again = 0; again < 3; again++) expect(everything(engine, work)).toEqual(alone);
    expect(engine.executor.threads).toBe(threads);
  }
});

test('the workers do part of the work', async () => {
  const engine = await engineOf(2);
  const pool = engine.executor as WorkerPool<'sumParts'>;
  const counts = { mine: 0, all: 0 };
  const { exports } = pool as unknown as { exports: Record<string, (...values: number[]) => void> };
  Object.assign(pool, {
    exports: { ...exports, sumParts: (...values: number[]) => (counts.mine++, exports.sumParts(...values)) },
  });
  const source = engine.arena.allocate(4_000_000);
  for (let i = 0; i < 200 && counts.mine === counts.all; i++) {
    const calls = Array.from({ length: 8 }, () => [source, 0, 1, source + 1_000_000, 100_000]);
    pool.run('sumParts', calls);
    counts.all += calls.length;
  }
  expect(counts.mine).toBeLessThan(counts.all);
  engine.arena.release(source);
});

test('more calls than the board holds are all run', async () => {
  const { arena, executor } = await engineOf(2);
  const count = 2500;
  const source = arena.allocate(4 * count);
  const target = arena.allocate(8 * count);
  arena.f32.set(noise(count, 8), source / 4);
  executor.run(
    'sumParts',
    Array.from({ length: count }, (_, i) => [source + 4 * i, 0, 1, target + 8 * i, 1]),
  );
  expect(Float32Array.from(arena.f64.subarray(target / 8, target / 8 + count))).toEqual(noise(count, 8));
});

test('a worker that has ended gives an error that says what to do, not a wrong number', async () => {
  const engine = await engineOf(2);
  const work = problem(2, 4, 1);
  engine.train(work, false);
  await started[0].terminate();
  expect(() => engine.train(work, false)).toThrow('from the last checkpoint');
});

test('a worker that dies with a task in its hands is noticed', async () => {
  const arena = new Arena({ shared: true });
  let words: Int32Array | undefined;
  // A worker that took the first task and was never seen again.
  const pool = new WorkerPool(
    arena,
    new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)),
    { add: () => undefined },
    ['add'],
    2,
    (_, { board }) => {
      words = new Int32Array(arena.memory.buffer, board, boardWords.tasks);
      return { terminate: () => undefined };
    },
    50,
  );
  pool.run('add', [[], []]);
  Atomics.add(words!, boardWords.done, -1);
  expect(() => pool.run('add', [[], []])).toThrow('a worker thread has ended');
  expect(() => pool.run('add', [[]])).toThrow('a worker thread has ended');
});

test('the counters may wrap around', async () => {
  const { arena, executor } = await engineOf(2);
  const { words } = executor as unknown as { words: Int32Array };
  for (const counter of [boardWords.next, boardWords.done, boardWords.end])
    Atomics.store(words, counter, 2 ** 31 - 3);
  const source = arena.allocate(64);
  const target = arena.allocate(256);
  arena.f32.set(noise(16, 9), source / 4);
  const calls = Array.from({ length: 16 }, (_, i) => [source + 4 * i, 0, 1, target + 8 * i, 1]);
  for (let again = 0; again < 3; again++) executor.run('sumParts', calls);
  expect(words[boardWords.end]).toBe(-(2 ** 31) + 48 - 3);
  expect(Float32Array.from(arena.f64.subarray(target / 8, target / 8 + 16))).toEqual(noise(16, 9));
});

test('a memory that is not shared has one thread', async () => {
  const engine = new ConvBlockEngine(
    await KernelEngine.create('simd', { threads: 4, startWorker }, new Arena()),
  );
  expect(engine.executor.threads).toBe(1);
  expect(started).toHaveLength(0);
});
