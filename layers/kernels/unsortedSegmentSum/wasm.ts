/** The sum by segments, which the stock `wasm` backend of TensorFlow.js 4.22 lacks: the gradient of `tf.gather`. */
import * as tf from '@tensorflow/tfjs';

/** Registers the kernel for `wasm` unless that backend has one. */
export function registerUnsortedSegmentSum(): void {
  if (tf.getKernel(tf.UnsortedSegmentSum, 'wasm') != null) return;
  tf.registerKernel({
    kernelName: tf.UnsortedSegmentSum,
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs }) => {
      const { x, segmentIds } = inputs as unknown as { x: tf.Tensor; segmentIds: tf.Tensor1D };
      return unsortedSegmentSum(x, segmentIds, (attrs as unknown as { numSegments: number }).numSegments);
    },
  });
}

/**
 * Row `s` of the result is the sum of the rows of `x` whose segment is `s`; rows of no segment (negative) are left out.
 *
 * @param x `[rows, ...]`.
 * @param segmentIds `[rows]`, below `numSegments`.
 * @returns `[numSegments, ...]`.
 */
export function unsortedSegmentSum(x: tf.Tensor, segmentIds: tf.Tensor1D, numSegments: number): tf.Tensor {
  const [rows, ...rest] = x.shape;
  const size = tf.util.sizeFromShape(rest);
  const values = x.dataSync();
  const ids = segmentIds.dataSync<'int32'>();
  const sums = new Float64Array(numSegments * size);
  for (let row = 0; row < rows; row++) {
    if (ids[row] < 0) continue;
    for (let i = 0; i < size; i++) sums[ids[row] * size + i] += values[row * size + i];
  }
  return tf.tensor(Float32Array.from(sums), [numSegments, ...rest], x.dtype);
}
