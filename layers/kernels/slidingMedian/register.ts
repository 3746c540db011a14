/** Sliding medians value by value, for backends on the processor. */
import * as tf from '@tensorflow/tfjs';
import { slidingMedianKernel } from './kernelName.ts';

/** Registers the kernel; `wasm` takes 25 times as long for stock `topk` (TensorFlow.js 4.22). */
export function registerSlidingMedian(backendName: string): void {
  tf.registerKernel({
    kernelName: slidingMedianKernel,
    backendName,
    kernelFunc: ({ inputs, attrs }) => {
      const x = inputs.x as tf.Tensor;
      const { axis, size } = attrs as unknown as { axis: number; size: number };
      const shape = x.shape.map((length, at) => (at === axis ? length - size + 1 : length));
      return tf.tensor(mediansOf(x.dataSync<'float32'>(), x.shape, axis, size), shape);
    },
  });
}

/** The values of a window are kept in order: at each step one leaves and one comes. */
function mediansOf(x: Float32Array, shape: number[], axis: number, size: number): Float32Array {
  const distance = tf.util.sizeFromShape(shape.slice(axis + 1));
  const [length, windows] = [shape[axis], shape[axis] - size + 1];
  const out = new Float32Array((x.length / length) * windows);
  const ordered = new Float32Array(size);
  for (let row = 0; row < x.length / length; row++) {
    const outer = Math.floor(row / distance);
    const first = outer * length * distance + (row % distance);
    const firstOut = outer * windows * distance + (row % distance);
    let missing = 0; // how many NaN the window holds; they stand as Infinity
    for (let t = 0; t < length; t++) {
      let free = t; // the place in `ordered` of the value that leaves
      if (t >= size) {
        const old = x[first + (t - size) * distance];
        if (Number.isNaN(old)) missing--;
        free = ordered.indexOf(Number.isNaN(old) ? Infinity : old);
      }
      const value = x[first + t * distance];
      if (Number.isNaN(value)) missing++;
      insert(ordered, Math.min(t + 1, size), free, Number.isNaN(value) ? Infinity : value);
      if (t >= size - 1) {
        out[firstOut + (t - size + 1) * distance] = missing > 0 ? NaN : ordered[(size - 1) / 2];
      }
    }
  }
  return out;
}

/** Puts `value` among the first `count` of `ordered`, of which the one at `free` is given up. */
function insert(ordered: Float32Array, count: number, free: number, value: number): void {
  let at = free;
  for (; at > 0 && ordered[at - 1] > value; at--) ordered[at] = ordered[at - 1];
  for (; at < count - 1 && ordered[at + 1] < value; at++) ordered[at] = ordered[at + 1];
  ordered[at] = value;
}
