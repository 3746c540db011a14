/** The step of Adam in SIMD, for backends whose tensors can be read synchronously. */
import * as tf from '@tensorflow/tfjs';
import type { KernelEngine } from '../simd/kernelEngine.ts';
import { ArenaScope } from '../simd/threads/arena.ts';
import type { AdamConstants } from './index.ts';
import { adamKernel } from './index.ts';

/** Registers the step for `wasm` or `cpu`. */
export function registerSimdAdam(backendName: string, { arena, executor }: KernelEngine): void {
  tf.registerKernel({
    kernelName: adamKernel,
    backendName,
    kernelFunc: ({ inputs, attrs }) => {
      const { stepSize, beta1, beta2, epsilon } = attrs as unknown as AdamConstants;
      const vectors = [inputs.gradient, inputs.m, inputs.v] as tf.Tensor[];
      const { size } = vectors[0];
      const padded = Math.ceil(size / 4) * 4;
      const scope = new ArenaScope(arena);
      try {
        const [g, m, v] = vectors.map((vector) => scope.store(vector.dataSync<'float32'>(), padded));
        const constants = scope.store([beta1, 1 - beta1, beta2, 1 - beta2, stepSize, epsilon]);
        executor.run('adam', [[g, m, v, padded, constants]]);
        const { f32 } = arena;
        return [g, m, v].map((pointer) => tf.tensor1d(f32.slice(pointer / 4, pointer / 4 + size)));
      } finally {
        scope.release();
      }
    },
  });
}
