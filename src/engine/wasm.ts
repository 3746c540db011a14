/** Engine `wasm`: TF.js' WebAssembly kernels; needs nothing but npm packages, so it runs on every machine. */
import type { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';
import * as tf from '@tensorflow/tfjs';
import type { EngineDriver } from './driver.ts';
import { hostProcessor } from './hostProcessor.ts';

// (module (func (result v128) i32.const 0 i8x16.splat)), valid only where WebAssembly has fixed-width SIMD.
const SIMD_MODULE = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0],
  ...[10, 8, 1, 6, 0, 65, 0, 253, 15, 11],
);

/** What Emscripten's start-up code listens to, in tfjs-backend-wasm 4.22.0. */
const emscriptenEvents = ['uncaughtException', 'unhandledRejection'] as const;

const programEvents: EventEmitter = process;

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
        const before = emscriptenEvents.map((event) => programEvents.listeners(event));
        await import('@tensorflow/tfjs-backend-wasm');
        await tf.setBackend('wasm');
        removeNewListeners(before);
        refuseWhenFull();
      },
    };
  },
};

/**
 * Emscripten throws an uncaught error again from a listener of its own, and Node then prints the line that threw: the
 * whole module, 60 KB, above the message. The program's own errors are none of its business.
 */
function removeNewListeners(before: readonly unknown[][]): void {
  emscriptenEvents.forEach((event, index) => {
    const added = programEvents.listeners(event).filter((listener) => !before[index].includes(listener));
    for (const listener of added) programEvents.off(event, listener as () => void);
  });
}

/** What is used of the backend's module, in tfjs-backend-wasm 4.22.0. */
interface WasmBackend {
  wasm: { _malloc: ((bytes: number) => number) & { checked?: true }; _free(pointer: number): void };
}

/**
 * When its memory (4 GiB at most) is full, TF.js 4.22 takes the null pointer that it is given, and writes over whatever
 * lies at address 0. Here that is an error.
 */
function refuseWhenFull(): void {
  const { wasm } = tf.backend() as unknown as WasmBackend;
  if (wasm._malloc.checked) return;
  wasm._free(wasm._malloc(1)); // Emscripten puts another function in this place at the first call
  const allocate = wasm._malloc;
  const checked = (bytes: number): number => {
    const pointer = bytes < 2 ** 32 ? allocate(bytes) : 0;
    if (pointer !== 0) return pointer;
    const size = (bytes / 2 ** 20).toFixed(0);
    throw new RangeError(
      `wasm: TensorFlow.js' memory is full, a tensor of ${size} MB does not fit. Use a smaller batch or shorter clips.`,
    );
  };
  wasm._malloc = Object.assign(checked, { checked: true as const });
}
