/** The compiled kernels, and which build this runtime can run. */
import type { Arena } from './threads/arena.ts';
import type { Executor, KernelExports } from './threads/executor.ts';
import { SerialExecutor } from './threads/executor.ts';
import type { StartKernelWorker } from './threads/workerPool.ts';
import { WorkerPool } from './threads/workerPool.ts';
import { relaxedSimdBytes, simdBytes } from './wasmBytes.ts';

/** The exports of assembly/index.as; their arguments are described there. */
export const kernelNames = [
  'adam',
  'convolve',
  'copyChannels',
  'firstOfWindows',
  'forward',
  'kernelGradient',
  'limitDecibels',
  'maxPoolGradient',
  'normalise',
  'padImage',
  'patchProducts',
  'pooledGradient',
  'sparseKernelGradient',
  'spectrogram',
  'spectrogramGradient',
  'spread',
  'sumParts',
  'transformKernel',
  'zeroBorders',
] as const;
export type KernelName = (typeof kernelNames)[number];
export type KernelExecutor = Executor<KernelName>;

export type KernelBuild = 'relaxedSimd' | 'simd';

/** Worker threads, and how to start one. */
export interface KernelThreads {
  /** This thread included. */
  threads: number;
  startWorker: StartKernelWorker;
}

/** The best build that this runtime accepts; undefined where it has no SIMD at all. */
export function bestBuild(): KernelBuild | undefined {
  if (WebAssembly.validate(decode(relaxedSimdBytes))) return 'relaxedSimd';
  return WebAssembly.validate(decode(simdBytes)) ? 'simd' : undefined;
}

/** The kernels on `arena`, on this thread and, where its memory is shared, on the others asked for. */
export async function instantiateKernels(
  build: KernelBuild,
  arena: Arena,
  workers?: KernelThreads,
): Promise<KernelExecutor> {
  const bytes = decode(build === 'relaxedSimd' ? relaxedSimdBytes : simdBytes);
  if (arena.shared) importSharedMemory(bytes);
  const module = await WebAssembly.compile(bytes);
  const instance = await WebAssembly.instantiate(module, { env: { memory: arena.memory } });
  const exports = instance.exports as unknown as KernelExports<KernelName>;
  if (workers === undefined || workers.threads < 2 || !arena.shared) return new SerialExecutor(exports);
  return new WorkerPool(arena, module, exports, kernelNames, workers.threads, workers.startWorker);
}

function decode(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

/**
 * Makes a module ask for a shared memory. The code is the same: only the flags of the import "env" "memory" differ,
 * 1 with a maximum, 3 shared with a maximum (WebAssembly threads proposal, binary format of limits).
 */
function importSharedMemory(bytes: Uint8Array): void {
  const name = [...'memory'].map((character) => character.charCodeAt(0));
  const flags = bytes.findIndex((_, i) => name.every((code, k) => bytes[i + k] === code)) + name.length + 1;
  if (bytes[flags - 1] !== 2 || bytes[flags] !== 1) throw new Error('kernels: unexpected memory import.');
  bytes[flags] = 3;
}
