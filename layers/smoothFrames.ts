/** A first-order low-pass over time as matrix products. */
import * as tf from '@tensorflow/tfjs';

/**
 * `y[t] = b · x[t] + (1 - b) · y[t - 1]` along the frames of `[rows, frames, bins]`, with `y[-1] = 1`.
 *
 * Frame by frame would take as many operations as frames, one triangular matrix the square of their number. Here the
 * frames are cut into about √frames blocks: one triangular matrix smooths within all blocks, another carries the ends
 * of the blocks on.
 */
export function smoothFrames(x: tf.Tensor3D, b: number): tf.Tensor3D {
  return tf.tidy(() => {
    const [rows, nFrames, nBins] = x.shape;
    const length = Math.ceil(Math.sqrt(nFrames));
    const nBlocks = Math.ceil(nFrames / length);
    const kept = 1 - b;
    const keptOverBlock = kept ** length;
    const within = triangle(length, (distance) => b * kept ** distance);
    const onward = triangle(nBlocks, (distance) => (distance === 0 ? 0 : keptOverBlock ** (distance - 1)));
    const start = tf.tensor1d(Array.from({ length: nBlocks }, (_, block) => keptOverBlock ** block));
    const decay = tf.tensor2d(Array.from({ length }, (_, i) => kept ** (i + 1)), [1, length]); // prettier-ignore

    const behind = nBlocks * length - nFrames;
    const byBin = tf.pad(tf.transpose(x, [0, 2, 1]), [[0, 0], [0, 0], [0, behind]]); // prettier-ignore
    const blocks = tf.reshape(byBin, [rows * nBins * nBlocks, length]) as tf.Tensor2D;
    const local = tf.matMul(blocks, within);
    const ends = tf.reshape(tf.slice(local, [0, length - 1], [-1, 1]), [
      rows * nBins,
      nBlocks,
    ]) as tf.Tensor2D;
    const carried = tf.add(tf.matMul(ends, onward), start);
    const smooth = tf.add(local, tf.matMul(tf.reshape(carried, [-1, 1]) as tf.Tensor2D, decay));
    const joined = tf.reshape(smooth, [rows, nBins, nBlocks * length]);
    return tf.transpose(tf.slice(joined, [0, 0, 0], [-1, -1, nFrames]), [0, 2, 1]) as tf.Tensor3D;
  });
}

/** `weight(column - row)` on and above the diagonal, 0 below. */
function triangle(size: number, weight: (distance: number) => number): tf.Tensor2D {
  const values = new Float32Array(size * size);
  for (let row = 0; row < size; row++) {
    for (let column = row; column < size; column++) values[row * size + column] = weight(column - row);
  }
  return tf.tensor2d(values, [size, size]);
}
