/** The compiled kernels, and which build this runtime can run. */
import { relaxedSimdBytes, simdBytes } from '../wasmBytes.ts';

type Kernel = (...values: number[]) => void;

/** The exports of assembly/index.as; their arguments are described there. Pointers and strides are in bytes. */
export interface ConvBlockExports {
  pad: Kernel;
  copyChannels: Kernel;
  convolve: Kernel;
  forward: Kernel;
  firstOfWindows: Kernel;
  normalise: Kernel;
  pooledGradient: Kernel;
  spread: Kernel;
  kernelGradient: Kernel;
  sparseKernelGradient: Kernel;
  patchProducts: Kernel;
  accumulate: Kernel;
}

export type ConvBlockBuild = 'relaxedSimd' | 'simd';

/** The best build that this runtime accepts; undefined where it has no SIMD at all. */
export function bestBuild(): ConvBlockBuild | undefined {
  if (WebAssembly.validate(decode(relaxedSimdBytes))) return 'relaxedSimd';
  return WebAssembly.validate(decode(simdBytes)) ? 'simd' : undefined;
}

export async function instantiateConvBlock(
  build: ConvBlockBuild,
  memory: WebAssembly.Memory,
): Promise<ConvBlockExports> {
  const bytes = decode(build === 'relaxedSimd' ? relaxedSimdBytes : simdBytes);
  const { instance } = await WebAssembly.instantiate(bytes, { env: { memory } });
  return instance.exports as unknown as ConvBlockExports;
}

function decode(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
