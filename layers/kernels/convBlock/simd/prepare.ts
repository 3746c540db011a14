/** Brings the SIMD block to the backends that it serves. */
import { registerConvBlockGradients } from '../registeredKernel.ts';
import { ConvBlockEngine } from './engine.ts';
import type { KernelThreads } from './instantiate.ts';
import { bestBuild } from './instantiate.ts';
import { registerSimdConvBlock } from './register.ts';

// One memory for all backends of the process; a promise, so that calls at the same time share it.
let engine: Promise<ConvBlockEngine> | undefined;

/** Registers the block for `backendName`. Does nothing where the runtime has no SIMD. */
export async function prepareConvBlock(backendName: string, workers?: KernelThreads): Promise<void> {
  const build = bestBuild();
  if (build === undefined) return;
  engine ??= ConvBlockEngine.create(build, workers);
  registerConvBlockGradients();
  registerSimdConvBlock(backendName, await engine);
}
