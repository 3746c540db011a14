/** Brings the SIMD block to the backends that it serves. */
import type { KernelEngine } from '../../simd/kernelEngine.ts';
import { registerConvBlockGradients } from '../registeredKernel.ts';
import { ConvBlockEngine } from './engine.ts';
import { registerSimdConvBlock } from './register.ts';

/** Registers the block for `backendName`. */
export function prepareConvBlock(backendName: string, kernels: KernelEngine): void {
  registerConvBlockGradients();
  registerSimdConvBlock(backendName, new ConvBlockEngine(kernels));
}
