/** The step of Adam in SIMD, for backends whose tensors can be read synchronously. */
import * as tf from '@tensorflow/tfjs';
import type { KernelEngine } from '../simd/kernelEngine.ts';
import { ArenaScope } from '../simd/threads/arena.ts';
import type { AdamConstants, AdamInputs } from './index.ts';
import { adamKernel } from './index.ts';

/** Registers the step for `wasm` or `cpu`. */
export function registerSimdAdam(backendName: string, { arena, executor }: KernelEngine): void {
  tf.registerKernel({
    kernelName: adamKernel,
    backendName,
    kernelFunc: ({ inputs, attrs }) => {
      const { stepSize, beta1, beta2, epsilon } = attrs as unknown as AdamConstants;
      const { parameters, gradient, state } = inputs as unknown as AdamInputs;
      const { size } = parameters;
      const padded = Math.ceil(size / 4) * 4;
      const scope = new ArenaScope(arena);
      try {
        const moments = state.dataSync<'float32'>();
        const rows = [
          parameters.dataSync<'float32'>(),
          moments.subarray(size, 2 * size),
          moments.subarray(2 * size),
        ].map((row) => scope.store(row, padded));
        const g = scope.store(gradient.dataSync<'float32'>(), padded);
        const constants = scope.store([beta1, 1 - beta1, beta2, 1 - beta2, stepSize, epsilon]);
        executor.run('adam', [[...rows, g, padded, constants]]);
        const next = new Float32Array(3 * size);
        rows.forEach((pointer, row) => {
          next.set(arena.f32.subarray(pointer / 4, pointer / 4 + size), row * size);
        });
        return tf.tensor1d(next);
      } finally {
        scope.release();
      }
    },
  });
}
