/** Engine `wasm`: TF.js' WebAssembly kernels; needs nothing but npm packages, so it runs on every machine. */
import { createRequire } from 'node:module';
import type { EngineDriver } from './driver.ts';
import { hostProcessor } from './hostProcessor.ts';

// (module (func (result v128) i32.const 0 i8x16.splat)), valid only where WebAssembly has fixed-width SIMD.
const SIMD_MODULE = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0],
  ...[10, 8, 1, 6, 0, 65, 0, 253, 15, 11],
);

export const wasmDriver: EngineDriver = {
  name: 'wasm',
  async probe() {
    const require = createRequire(import.meta.url);
    const { version } = require('@tensorflow/tfjs-backend-wasm/package.json') as { version: string };
    return {
      available: true,
      device: `${hostProcessor()}, ${WebAssembly.validate(SIMD_MODULE) ? 'SIMD' : 'no SIMD'}`,
      version: `tfjs-backend-wasm ${version}`,
      reason: 'WebAssembly on the processor: runs on every machine',
      async prepare() {
        await import('@tensorflow/tfjs-backend-wasm');
      },
    };
  },
};
