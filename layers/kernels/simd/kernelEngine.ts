/** A memory and the kernels that work on it, on one thread or several. */
import type { KernelBuild, KernelExecutor, KernelThreads } from './instantiate.ts';
import { bestBuild, instantiateKernels } from './instantiate.ts';
import { Arena } from './threads/arena.ts';

export class KernelEngine {
  readonly arena: Arena;
  readonly executor: KernelExecutor;

  private constructor(arena: Arena, executor: KernelExecutor) {
    this.arena = arena;
    this.executor = executor;
  }

  /** @param workers Used where the memory of `arena` is shared; by default it is, if the runtime lets it. */
  static async create(
    build: KernelBuild,
    workers?: KernelThreads,
    arena = new Arena({ shared: workers !== undefined && workers.threads > 1 && canShareMemory() }),
  ): Promise<KernelEngine> {
    return new KernelEngine(arena, await instantiateKernels(build, arena, workers));
  }
}

// One memory for all backends and ops of the process; a promise, so that calls at the same time share it.
let shared: Promise<KernelEngine> | undefined;

/**
 * The engine that all ops share; undefined where the runtime has no SIMD.
 *
 * @param workers Those of the first call count.
 */
export function sharedKernelEngine(workers?: KernelThreads): Promise<KernelEngine> | undefined {
  const build = bestBuild();
  if (build === undefined) return undefined;
  shared ??= KernelEngine.create(build, workers);
  return shared;
}

/** A browser hands shared memory to workers only in pages that are cross-origin isolated; Node always does. */
function canShareMemory(): boolean {
  return typeof SharedArrayBuffer !== 'undefined' && globalThis.crossOriginIsolated !== false;
}
