/** How fast the engine in use multiplies matrices, the one figure that compares engines at a glance. */
import * as tf from '@tensorflow/tfjs';

const SMALLEST = 256;
const LARGEST = 4096;
const ROUNDS = 5;

/**
 * Returns the median rate in GFLOP/s of float32 products of two square matrices, a product of size n counting 2 n³.
 *
 * The size doubles from 256 to 4096 while a product takes less than 20 ms, so that a GPU has something to do;
 * each of up to five rounds queues products for about a fifth of the time and ends with an asynchronous read.
 *
 * @param seconds about how long to measure, > 0; a round under way is finished
 * @example await useEngine('wasm'); await measureMatrixProduct(2) // 20.4
 */
export async function measureMatrixProduct(seconds: number): Promise<number> {
  if (!(seconds > 0)) {
    throw new RangeError(
      `measureMatrixProduct: seconds must be > 0; got ${seconds}. Pass 2 for a steady figure.`,
    );
  }
  let size = SMALLEST;
  let secondsEach = await timeProducts(size, 1, 1);
  while (size < LARGEST && secondsEach < 0.02) {
    size *= 2;
    secondsEach = await timeProducts(size, 1, 1);
  }
  const count = Math.max(1, Math.floor(seconds / ROUNDS / secondsEach));
  const deadline = performance.now() + seconds * 1000;
  const times: number[] = [];
  do times.push(await timeProducts(size, count, 0));
  while (times.length < ROUNDS && performance.now() < deadline);
  times.sort((a, b) => a - b);
  return (2 * size ** 3) / times[times.length >> 1] / 1e9;
}

/** Seconds for one product of matrices of this size, averaged over `count` after `warmUps` that do not count. */
async function timeProducts(size: number, count: number, warmUps: number): Promise<number> {
  const left = tf.fill([size, size], 0.5);
  const right = tf.fill([size, size], 0.25);
  const multiply = async (times: number): Promise<void> => {
    for (let done = 1; done < times; done++) tf.matMul(left, right).dispose();
    const corner = tf.tidy(() => tf.slice(tf.matMul(left, right), [0, 0], [1, 1]));
    await corner.data(); // waits until everything queued is done
    corner.dispose();
  };
  if (warmUps > 0) await multiply(warmUps);
  const start = performance.now();
  await multiply(count);
  const elapsed = (performance.now() - start) / 1000;
  tf.dispose([left, right]);
  return elapsed / count;
}
