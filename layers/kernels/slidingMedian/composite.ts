/** Sliding medians by stock operations. */
import * as tf from '@tensorflow/tfjs';

/** See `slidingMedian`. Takes memory for `2 * size` copies of the input; what comes of NaN hangs on the backend. */
export function slidingMedianByTopK(x: tf.Tensor, axis: number, size: number): tf.Tensor {
  return tf.tidy(() => {
    const shape = x.shape.map((length, at) => (at === axis ? length - size + 1 : length));
    const startAt = (i: number) => shape.map((_, at) => (at === axis ? i : 0));
    const neighbours = Array.from({ length: size }, (_, i) => tf.slice(x, startAt(i), shape));
    const { values } = tf.topk(tf.stack(neighbours, -1), (size + 1) / 2);
    const last = tf.slice(values, [...shape.map(() => 0), (size - 1) / 2], [...shape, 1]);
    return tf.reshape(last, shape);
  });
}
