/** Repeating a tensor, for the `wasm` backend: the stock kernel of TensorFlow.js 4.22 goes value by value. */
import * as tf from '@tensorflow/tfjs';

type Numbers = Float32Array | Int32Array | Uint8Array;

/** Puts the kernel in the place of the stock one. Batch norm's gradient tiles, for one. */
export function replaceTile(): void {
  // Without this TensorFlow.js prints a warning.
  if (tf.getKernel(tf.Tile, 'wasm') != null) tf.unregisterKernel(tf.Tile, 'wasm');
  tf.registerKernel({
    kernelName: tf.Tile,
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs }) => {
      const x = inputs.x as tf.Tensor;
      const { reps } = attrs as unknown as { reps: number[] };
      const values = repeat(x.dataSync(), x.shape, reps);
      return tf.tensor(
        values,
        x.shape.map((size, axis) => size * reps[axis]),
        x.dtype,
      );
    },
  });
}

/** `values` of `shape`, each axis repeated `reps` times. */
export function repeat(values: Numbers, shape: readonly number[], reps: readonly number[]): Numbers {
  let current = values;
  let inner = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    inner *= shape[axis];
    if (reps[axis] === 1) continue;
    const outer = inner === 0 ? 0 : current.length / inner;
    const next = new (current.constructor as Float32ArrayConstructor)(outer * inner * reps[axis]);
    for (let i = 0; i < outer; i++) {
      const start = i * inner * reps[axis];
      next.set(current.subarray(i * inner, (i + 1) * inner), start);
      // Twice as much each time.
      for (let filled = inner; filled < inner * reps[axis]; filled *= 2) {
        const count = Math.min(filled, inner * reps[axis] - filled);
        next.copyWithin(start + filled, start, start + count);
      }
    }
    current = next;
    inner *= reps[axis];
  }
  return current;
}
